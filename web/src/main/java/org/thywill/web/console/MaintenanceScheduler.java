package org.thywill.web.console;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.thywill.progress.ProgressListener;
import org.thywill.web.http.ServerContext;

/**
 * Does what has to be done from time to time though nobody asks: ends sign-ins that have waited too
 * long, and once a day compresses months that ended long ago.
 */
public final class MaintenanceScheduler implements Closeable {
  private static final Duration ROUND = Duration.ofMinutes(10);
  private final ServerContext site;
  private final Optional<Duration> compressionAfter;
  private Instant nextCompression = Instant.MIN;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("caretaker").daemon().factory());

  private MaintenanceScheduler(ServerContext site, Optional<Duration> compressionAfter) {
    this.site = site;
    this.compressionAfter = compressionAfter;
  }

  /**
   * Begins the first round at once.
   *
   * @param compressionAfter how long after its end a sealed month is compressed; empty for never
   */
  public static MaintenanceScheduler start(
      ServerContext site, Optional<Duration> compressionAfter) {
    MaintenanceScheduler caretaker = new MaintenanceScheduler(site, compressionAfter);
    var _ =
        caretaker.rounds.scheduleWithFixedDelay(
            caretaker::round, 0, ROUND.toSeconds(), TimeUnit.SECONDS);
    return caretaker;
  }

  /** A round that fails is told, and the next one comes all the same. */
  private void round() {
    try {
      site.community().signIn().expire();
    } catch (IOException | RuntimeException e) {
      site.log()
          .println(
              site.clock().instant()
                  + " the caretaker could not end the sign-ins that nobody vouched for; it tries"
                  + " again in "
                  + ROUND.toMinutes()
                  + " minutes: "
                  + e.getMessage());
      site.log().flush();
    }
    compress();
  }

  private void compress() {
    Instant now = site.clock().instant();
    if (compressionAfter.isEmpty() || now.isBefore(nextCompression)) {
      return;
    }
    nextCompression = now.plus(Duration.ofDays(1));
    try {
      site.ledger().compress(compressionAfter.get(), site.clock(), ProgressListener.NONE);
    } catch (IOException | RuntimeException e) {
      site.log()
          .println(
              now
                  + " the caretaker could not compress a month that ended long ago; it stays as it"
                  + " is, and is tried again tomorrow: "
                  + e.getMessage());
      site.log().flush();
    }
  }

  /** Waits for the round that is under way. */
  @Override
  public void close() {
    rounds.close();
  }
}
