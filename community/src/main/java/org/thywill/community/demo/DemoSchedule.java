package org.thywill.community.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.thywill.progress.ProgressListener;

/**
 * What will happen when: acts in the order of their time, each of which may plan others. What would
 * come after the end never happens.
 */
final class DemoSchedule {
  private final PriorityQueue<Planned> queue =
      new PriorityQueue<>(Comparator.comparing(Planned::when).thenComparingLong(Planned::number));
  private final SettableClock clock;
  private final Instant start;
  private final Instant end;
  private final ProgressListener progress;
  private long planned;

  /** Something that somebody does. */
  @FunctionalInterface
  interface Act {
    void run() throws IOException;
  }

  private record Planned(Instant when, long number, Act act) {}

  DemoSchedule(SettableClock clock, Instant end, ProgressListener progress) {
    this.clock = clock;
    this.start = clock.instant();
    this.end = end;
    this.progress = progress;
  }

  Duration length() {
    return Duration.between(start, end);
  }

  Instant now() {
    return clock.instant();
  }

  /** Plans an act for a time after the start. */
  void at(Duration sinceStart, Act act) {
    plan(start.plus(sinceStart), act);
  }

  /** Plans an act for a time after now. */
  void in(Duration fromNow, Act act) {
    plan(clock.instant().plus(fromNow), act);
  }

  private void plan(Instant when, Act act) {
    if (when.isBefore(end)) {
      queue.add(new Planned(when, planned++, act));
    }
  }

  /** Lets everything happen. */
  void run() throws IOException {
    long days = length().toDays();
    long told = -1;
    for (Planned next = queue.poll(); next != null; next = queue.poll()) {
      clock.setTo(next.when());
      next.act().run();
      long day = Duration.between(start, next.when()).toDays();
      if (day > told) {
        told = day;
        progress.report("days of an invented community", day, days);
      }
    }
    progress.report("days of an invented community", days, days);
  }
}
