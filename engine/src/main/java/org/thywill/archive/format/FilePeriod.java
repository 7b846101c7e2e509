package org.thywill.archive.format;

import java.time.LocalDate;
import org.thywill.catalog.Timestamps;

/**
 * The period of time whose changes a file has.
 *
 * @param from the first microsecond of it, since 1970
 * @param until the first microsecond after it
 */
public record FilePeriod(long from, long until) {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /**
   * The period that a file's name gives: {@code 2024_01}, {@code 2024}, or an empty text for all
   * time.
   */
  public static FilePeriod of(String period) {
    if (period.isEmpty()) {
      return new FilePeriod(Timestamps.EARLIEST, Long.MAX_VALUE);
    }
    int year = Integer.parseInt(period.substring(0, 4));
    if (year == 0) {
      return new FilePeriod(0, 0); // There is no such year, so nothing belongs here.
    }
    boolean isMonth = period.length() > 4;
    LocalDate first = LocalDate.of(year, isMonth ? Integer.parseInt(period.substring(5)) : 1, 1);
    LocalDate next = isMonth ? first.plusMonths(1) : first.plusYears(1);
    return new FilePeriod(first.toEpochDay() * MICROS_PER_DAY, next.toEpochDay() * MICROS_PER_DAY);
  }

  /** Whether the two have an instant in common. */
  public boolean overlaps(FilePeriod other) {
    return from < other.until && other.from < until;
  }

  /** Whether an instant, in microseconds since 1970, lies in it. */
  public boolean holds(long atMicros) {
    return atMicros >= from && atMicros < until;
  }
}
