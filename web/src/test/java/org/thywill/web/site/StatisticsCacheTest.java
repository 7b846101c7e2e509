package org.thywill.web.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.thywill.community.prayer.Statistics;

/** Figures are counted beside the serving, seldom, and nobody waits for them. */
class StatisticsCacheTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private final AtomicInteger counts = new AtomicInteger();

  private Statistics counted(Instant at) {
    return new Statistics(
        at, counts.incrementAndGet(), 0, 0, Map.of(Statistics.Series.MARKS, new TreeMap<>()));
  }

  /** Looks until there is an answer, since a machine may be slower than a visitor is patient. */
  private static Statistics awaited(StatisticsCache figures, Instant now) throws IOException {
    for (; ; ) {
      Optional<Statistics> found = figures.latest(now);
      if (found.isPresent()) {
        return found.get();
      }
    }
  }

  @Test
  void manyWhoLook_areShownOneCount_untilItIsFiveMinutesOld() throws IOException {
    StatisticsCache figures = new StatisticsCache(this::counted);
    for (int i = 0; i < 20; i++) {
      assertThat(awaited(figures, NOW.plusSeconds(i)).open()).isEqualTo(1);
    }
    Instant later = NOW.plus(Duration.ofMinutes(5));
    Statistics again = awaited(figures, later);
    while (again.open() == 1) { // the new count was slower than the patience of who looked
      again = awaited(figures, later);
    }
    assertThat(again.at()).isEqualTo(later);
    assertThat(counts).hasValue(2);
  }

  @Test
  void whoLooksWhileItIsCounted_seesNothingTheFirstTime_andTheLastCountAfterwards()
      throws Exception {
    Semaphore mayCount = new Semaphore(0);
    CountDownLatch isCounted = new CountDownLatch(1);
    StatisticsCache figures =
        new StatisticsCache(
            now -> {
              mayCount.acquireUninterruptibly();
              Statistics counted = counted(now);
              isCounted.countDown();
              return counted;
            });
    assertThat(figures.latest(NOW)).isEmpty();
    assertThat(figures.latest(NOW)).isEmpty();
    mayCount.release();
    isCounted.await();
    assertThat(awaited(figures, NOW).open()).isEqualTo(1);
    assertThat(figures.latest(NOW.plus(Duration.ofHours(1))).map(Statistics::at))
        .as("an old one is better than none")
        .contains(NOW);
    mayCount.release();
  }

  @Test
  void countThatFails_isToldToWhoLooked_andTriedAgainForTheNext() throws IOException {
    AtomicBoolean fails = new AtomicBoolean(true);
    StatisticsCache figures =
        new StatisticsCache(
            now -> {
              if (fails.get()) {
                throw new IOException("the database is gone");
              }
              return counted(now);
            });
    assertThatThrownBy(() -> awaited(figures, NOW))
        .isInstanceOf(IOException.class)
        .hasMessage("the database is gone");
    fails.set(false);
    assertThat(awaited(figures, NOW).open()).isEqualTo(1);
  }
}
