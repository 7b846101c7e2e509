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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.thywill.community.prayer.Statistics;
import org.thywill.web.http.BackgroundTasks;

/** Statistics are counted in the background and seldom, and pages hardly wait for them. */
class StatisticsCacheTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private final BackgroundTasks tasks = new BackgroundTasks();
  private final AtomicInteger counts = new AtomicInteger();

  private Statistics counted(Instant at) {
    return new Statistics(
        at, counts.incrementAndGet(), 0, 0, Map.of(Statistics.Series.MARKS, new TreeMap<>()));
  }

  /** Waits for a count, since a loaded machine can need longer than {@code latest} waits. */
  private static Statistics awaited(StatisticsCache cache, Instant now) throws IOException {
    for (; ; ) {
      Optional<Statistics> found = cache.latest(now);
      if (found.isPresent()) {
        return found.get();
      }
    }
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  @Test
  void latest_manyCalls_returnOneCountUntilItIsFiveMinutesOld() throws IOException {
    StatisticsCache cache = new StatisticsCache(this::counted, tasks);
    for (int i = 0; i < 20; i++) {
      assertThat(awaited(cache, NOW.plusSeconds(i)).open()).isEqualTo(1);
    }
    Instant later = NOW.plus(Duration.ofMinutes(5));
    Statistics again = awaited(cache, later);
    while (again.open() == 1) { // the new count took longer than the call waits
      again = awaited(cache, later);
    }
    assertThat(again.at()).isEqualTo(later);
    assertThat(counts).hasValue(2);
  }

  @Test
  void latest_duringACount_isEmptyTheFirstTime_andThePreviousCountAfterwards() throws Exception {
    Semaphore mayCount = new Semaphore(0);
    CountDownLatch isCounted = new CountDownLatch(1);
    StatisticsCache cache =
        new StatisticsCache(
            now -> {
              mayCount.acquireUninterruptibly();
              Statistics counted = counted(now);
              isCounted.countDown();
              return counted;
            },
            tasks);
    assertThat(cache.latest(NOW)).isEmpty();
    assertThat(cache.latest(NOW)).isEmpty();
    mayCount.release();
    isCounted.await();
    assertThat(awaited(cache, NOW).open()).isEqualTo(1);
    assertThat(cache.latest(NOW.plus(Duration.ofHours(1))).map(Statistics::at))
        .as("an old one is better than none")
        .contains(NOW);
    mayCount.release();
  }

  @Test
  void latest_countFails_throws_andTheNextCallCountsAgain() throws IOException {
    AtomicBoolean fails = new AtomicBoolean(true);
    StatisticsCache cache =
        new StatisticsCache(
            now -> {
              if (fails.get()) {
                throw new IOException("the database is gone");
              }
              return counted(now);
            },
            tasks);
    assertThatThrownBy(() -> awaited(cache, NOW))
        .isInstanceOf(IOException.class)
        .hasMessage("the database is gone");
    fails.set(false);
    assertThat(awaited(cache, NOW).open()).isEqualTo(1);
  }
}
