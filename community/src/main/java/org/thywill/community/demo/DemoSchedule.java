package org.thywill.community.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.thywill.progress.ProgressListener;

/**
 * Runs planned acts in the order of their times. An act can plan others. Acts after the end of the
 * demonstration are not run.
 */
final class DemoSchedule {
  private final PriorityQueue<Planned> queue =
      new PriorityQueue<>(Comparator.comparing(Planned::when).thenComparingLong(Planned::number));
  private final SettableClock clock;
  private final Instant start;
  private final Instant end;
  private final ProgressListener progress;
  private long planned;

  /** Something that a member does. */
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

  /** How long the demonstration lasts. */
  Duration length() {
    return Duration.between(start, end);
  }

  /** The time of the act that runs. */
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

  /** Runs all acts, and sets the clock to the time of each. */
  void run() throws IOException {
    long days = length().toDays();
    long reportedDay = -1;
    for (Planned next = queue.poll(); next != null; next = queue.poll()) {
      clock.setTo(next.when());
      next.act().run();
      long day = Duration.between(start, next.when()).toDays();
      if (day > reportedDay) {
        reportedDay = day;
        progress.report("days of an invented community", day, days);
      }
    }
    progress.report("days of an invented community", days, days);
  }
}
