package org.thywill.operations.report;

import java.util.List;

/**
 * A line of days on which the age of the last drill is marked.
 *
 * @param days the age
 */
record DrillAgeScale(long days) {
  static final int WIDTH = 720;
  static final int MARGIN = 10;
  private static final int DAYS_MAX = 120;

  /** A stretch of the line in one colour of the style. */
  record Strip(long x, long width, String colour) {
    private static Strip between(long fromDays, long toDays, String colour) {
      return new Strip(position(fromDays), position(toDays) - position(fromDays), colour);
    }
  }

  /** A label below the line. */
  record Mark(long days, long x) {}

  List<Strip> strips() {
    return List.of(
        Strip.between(0, goodDays(), "good"),
        Strip.between(goodDays(), daysMax(), "warn"),
        Strip.between(daysMax(), DAYS_MAX, "bad"));
  }

  List<Mark> marks() {
    return List.of(
        new Mark(goodDays(), position(goodDays())), new Mark(daysMax(), position(daysMax())));
  }

  /** Where the age is on the line; an age beyond its end is at its end. */
  long x() {
    return position(days);
  }

  private static long goodDays() {
    return RecoveryReporter.DRILL_AGE_GOOD.toDays();
  }

  private static long daysMax() {
    return RecoveryReporter.DRILL_AGE_MAX.toDays();
  }

  private static long position(long days) {
    return MARGIN + Math.min(days, DAYS_MAX) * (WIDTH - 2 * MARGIN) / DAYS_MAX;
  }
}
