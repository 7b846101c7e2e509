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
import org.thywill.view.ViewReader;
import org.thywill.web.http.ServerContext;

/**
 * The community's statistics for pages. A count looks at every mark, which takes a second where
 * there are a million; so they are counted on a thread beside the serving, when somebody looks, and
 * every few minutes at most. Whoever looks meanwhile sees those of the last count.
 */
final class StatisticsCache {
  private static final Duration COUNTED_AGAIN = Duration.ofMinutes(5);

  /**
   * So long somebody waits for a count: long enough for a small community, too short to be noticed
   * in a large one.
   */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Counts. */
  @FunctionalInterface
  interface Count {
    Statistics at(Instant now) throws IOException;
  }

  private final Count count;
  private @Nullable CompletableFuture<Statistics> current;
  private Optional<Statistics> last = Optional.empty();

  StatisticsCache(Count count) {
    this.count = count;
  }

  static StatisticsCache of(ServerContext site) {
    return new StatisticsCache(
        now -> {
          try (ViewReader view = site.ledger().read()) {
            return Statistics.count(view, now);
          }
        });
  }

  /**
   * Those of the last count; empty if the first one since the server started is not done yet.
   *
   * @throws IOException if they could not be counted; whoever looks next has it tried again
   */
  Optional<Statistics> latest(Instant now) throws IOException {
    try {
      return Optional.of(current(now).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return last();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return last();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("the figures could not be counted", e.getCause());
    }
  }

  private synchronized Optional<Statistics> last() {
    return last;
  }

  /** The count that is to be shown, if need be a new one. */
  private synchronized CompletableFuture<Statistics> current(Instant now) {
    CompletableFuture<Statistics> known = current;
    if (known != null && (!known.isDone() || isFresh(known, now))) {
      return known;
    }
    CompletableFuture<Statistics> begun = new CompletableFuture<>();
    current = begun;
    Thread.ofPlatform().name("statistics").daemon().start(() -> run(begun, now));
    return begun;
  }

  private static boolean isFresh(CompletableFuture<Statistics> done, Instant now) {
    return !done.isCompletedExceptionally()
        && Duration.between(done.join().at(), now).compareTo(COUNTED_AGAIN) < 0;
  }

  private void run(CompletableFuture<Statistics> begun, Instant now) {
    try {
      Statistics counted = count.at(now);
      synchronized (this) {
        last = Optional.of(counted);
      }
      begun.complete(counted);
    } catch (IOException | RuntimeException e) {
      begun.completeExceptionally(e);
    }
  }
}
