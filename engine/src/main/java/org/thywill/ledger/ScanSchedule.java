package org.thywill.ledger;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Says when the rows of the view are compared with the digest: at fixed pauses, which grow with the
 * size of the view, and at once when something happened to its file. Only the thread of the ledger
 * uses it.
 */
final class ScanSchedule {
  /** From the end of one comparison to the next, at least. */
  private static final long PAUSE_NANOS = 20_000_000_000L;

  /** How much longer than a comparison the pause after it is: comparing takes 5 % of a core. */
  private static final long PAUSE_FACTOR = 20;

  private final LedgerCore core;
  private final LongSupplier nanoTime;
  private final Runnable wake;
  private long beganNanos;
  private long dueNanos;

  /**
   * A schedule whose first comparison comes after a pause.
   *
   * @param wake called when a comparison is done, on another thread
   */
  ScanSchedule(LedgerCore core, LongSupplier nanoTime, Runnable wake) {
    this.core = core;
    this.nanoTime = nanoTime;
    this.wake = wake;
    pause(0);
  }

  private void pause(long lastedNanos) {
    dueNanos = nanoTime.getAsLong() + Math.max(PAUSE_NANOS, PAUSE_FACTOR * lastedNanos);
  }

  /**
   * Ends a comparison that is done, and begins one that is due.
   *
   * @throws IOException if the view could not be read or rebuilt; the next comparison comes after a
   *     pause
   */
  void runDue() throws IOException {
    if (core.isScanDone()) {
      pause(nanoTime.getAsLong() - beganNanos);
      core.endScan();
    } else if (!core.isScanRunning() && isDue()) {
      pause(0);
      beganNanos = nanoTime.getAsLong();
      Runnable scan = core.beginScan();
      Thread.ofPlatform()
          .name("ledger-scan")
          .start(
              () -> {
                scan.run();
                wake.run();
              });
    }
  }

  private boolean isDue() {
    return core.takeScanWish() || nanoTime.getAsLong() - dueNanos >= 0;
  }
}
