package org.thywill.web.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.progress.ProgressListener;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.ServerContext;

/**
 * Regular maintenance: every ten minutes it expires sign-ins that have waited too long, and once a
 * day it compresses the logs of months that ended long ago.
 */
public final class MaintenanceScheduler {
  private static final Duration ROUND_INTERVAL = Duration.ofMinutes(10);
  private static final Duration COMPRESSION_INTERVAL = Duration.ofDays(1);

  private final ServerContext server;
  private final @Nullable Duration compressionAfter;
  private Instant nextCompression = Instant.MIN;

  private MaintenanceScheduler(ServerContext server, @Nullable Duration compressionAfter) {
    this.server = server;
    this.compressionAfter = compressionAfter;
  }

  /**
   * Begins the first round at once.
   *
   * @param tasks runs the rounds, until it is closed
   * @param compressionAfter how long after its end a sealed month is compressed; empty for never
   */
  public static void start(
      ServerContext server, BackgroundTasks tasks, Optional<Duration> compressionAfter) {
    MaintenanceScheduler scheduler =
        new MaintenanceScheduler(server, compressionAfter.orElse(null));
    tasks.repeat(ROUND_INTERVAL, scheduler::runRound);
  }

  /** A step that fails is logged, and tried again in a later round. */
  private void runRound() {
    expireSignIns();
    compress();
  }

  private void expireSignIns() {
    try {
      server.community().signIn().expire();
    } catch (IOException | RuntimeException e) {
      server.report(
          "maintenance could not expire the sign-ins that were not approved in time; it tries again"
              + " in "
              + ROUND_INTERVAL.toMinutes()
              + " minutes: "
              + e.getMessage());
    }
  }

  private void compress() {
    Instant now = server.clock().instant();
    if (compressionAfter == null || now.isBefore(nextCompression)) {
      return;
    }
    nextCompression = now.plus(COMPRESSION_INTERVAL);
    try {
      server.ledger().compress(compressionAfter, server.clock(), ProgressListener.NONE);
    } catch (IOException | RuntimeException e) {
      server.report(
          "maintenance could not compress a month that ended long ago; it tries again tomorrow: "
              + e.getMessage());
    }
  }
}
