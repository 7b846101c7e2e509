package org.thywill.web.site;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.thywill.community.prayer.Statistics;
import org.thywill.web.http.BackgroundTasks;

/**
 * Caches the community's statistics for pages. A count reads every mark, which takes a second for a
 * million of them; so it runs in the background, when a page needs it, and at most every few
 * minutes. Pages that are requested meanwhile show the previous count.
 */
final class StatisticsCache {
  private static final Duration AGE_MAX = Duration.ofMinutes(5);

  /** How long a page waits for a count: enough for a small community, and hardly noticed. */
  private static final Duration WAIT_MAX = Duration.ofMillis(100);

  /** Counts the statistics. */
  @FunctionalInterface
  interface Count {
    Statistics at(Instant now) throws IOException;
  }

  private final Count count;
  private final BackgroundTasks tasks;
  private @Nullable CompletableFuture<Statistics> current;
  private @Nullable Statistics last;

  StatisticsCache(Count count, BackgroundTasks tasks) {
    this.count = count;
    this.tasks = tasks;
  }

  /**
   * The statistics of the last count; empty while the first one since the server started runs.
   *
   * @throws IOException if the count failed; the next call starts another one
   */
  Optional<Statistics> latest(Instant now) throws IOException {
    try {
      return Optional.of(current(now).get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return last();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return last();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("the statistics could not be counted", e.getCause());
    }
  }

  private synchronized Optional<Statistics> last() {
    return Optional.ofNullable(last);
  }

  /** The count that a page should show; starts one if the last is too old or failed. */
  private synchronized CompletableFuture<Statistics> current(Instant now) {
    CompletableFuture<Statistics> known = current;
    if (known != null && (!known.isDone() || isFresh(known, now))) {
      return known;
    }
    CompletableFuture<Statistics> started = new CompletableFuture<>();
    current = started;
    tasks.start(() -> run(started, now));
    return started;
  }

  private static boolean isFresh(CompletableFuture<Statistics> done, Instant now) {
    return !done.isCompletedExceptionally()
        && Duration.between(done.join().at(), now).compareTo(AGE_MAX) < 0;
  }

  private void run(CompletableFuture<Statistics> started, Instant now) {
    try {
      Statistics counted = count.at(now);
      synchronized (this) {
        last = counted;
      }
      started.complete(counted);
    } catch (IOException | RuntimeException e) {
      started.completeExceptionally(e);
    }
  }
}
