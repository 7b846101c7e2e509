package org.thywill.archive.format;

import java.time.LocalDate;
import org.thywill.catalog.Timestamps;

/**
 * The time that a file is for.
 *
 * @param from the first microsecond since 1970
 * @param until the first microsecond behind
 */
public record FilePeriod(long from, long until) {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /**
   * Of the period in a file's name: {@code 2024_01}, {@code 2024}, or nothing, which is all time.
   */
  public static FilePeriod of(String period) {
    if (period.isEmpty()) {
      return new FilePeriod(Timestamps.EARLIEST, Long.MAX_VALUE);
    }
    int year = Integer.parseInt(period.substring(0, 4));
    if (year == 0) {
      return new FilePeriod(0, 0); // no such year: nothing belongs here
    }
    boolean isMonth = period.length() > 4;
    LocalDate first = LocalDate.of(year, isMonth ? Integer.parseInt(period.substring(5)) : 1, 1);
    LocalDate next = isMonth ? first.plusMonths(1) : first.plusYears(1);
    return new FilePeriod(first.toEpochDay() * MICROS_PER_DAY, next.toEpochDay() * MICROS_PER_DAY);
  }

  public boolean overlaps(FilePeriod other) {
    return from < other.until && other.from < until;
  }

  public boolean holds(long at) {
    return at >= from && at < until;
  }
}
