package org.thywill.simulation;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits in a test for a condition, instead of for a time. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private Await() {}

  /**
   * Returns as soon as the condition holds; asks every 5 ms.
   *
   * @throws AssertionError if it does not hold within 30 seconds, or the thread is interrupted
   */
  public static void until(BooleanSupplier condition) {
    long startedNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startedNanos > LIMIT.toNanos()) {
        throw new AssertionError(
            "the condition did not hold within " + LIMIT.toSeconds() + " seconds");
      }
      try {
        Thread.sleep(POLL_INTERVAL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for a condition", e);
      }
    }
  }
}
