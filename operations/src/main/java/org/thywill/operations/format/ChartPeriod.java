package org.thywill.operations.format;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;

/**
 * A period by which a chart counts.
 *
 * <p>Weeks are those of ISO 8601: they begin on Monday and belong to the year of their Thursday.
 */
public enum ChartPeriod {
  DAY("Days", ChronoUnit.DAYS, 30),
  WEEK("Weeks", ChronoUnit.WEEKS, 26),
  MONTH("Months", ChronoUnit.MONTHS, 12),
  YEAR("Years", ChronoUnit.YEARS, 10);

  private static final DateTimeFormatter DAY_NAME =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH_NAME =
      DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

  private final String title;
  private final ChronoUnit unit;
  private final int shown;

  ChartPeriod(String title, ChronoUnit unit, int shown) {
    this.title = title;
    this.unit = unit;
    this.shown = shown;
  }

  /** The period with a label; months if there is none with it. */
  public static ChartPeriod of(String label) {
    return Arrays.stream(values())
        .filter(period -> period.label().equals(label))
        .findFirst()
        .orElse(MONTH);
  }

  /** The word for it in an address and after "per", such as {@code week}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String title() {
    return title;
  }

  /** How many periods a chart shows. */
  public int shown() {
    return shown;
  }

  /** The first day of the period of a day. */
  public LocalDate start(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case YEAR -> day.withDayOfYear(1);
    };
  }

  /** The first day of the period that is {@code count} periods later; may be negative. */
  public LocalDate later(LocalDate start, long count) {
    return start.plus(count, unit);
  }

  /** How many periods after the first start the other one begins. */
  public long between(LocalDate start, LocalDate otherStart) {
    return unit.between(start, otherStart);
  }

  /** The name of the period that begins on a day, such as {@code March 2026}. */
  public String name(LocalDate start) {
    return switch (this) {
      case DAY -> DAY_NAME.format(start);
      case WEEK ->
          "week "
              + start.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)
              + " of "
              + start.get(IsoFields.WEEK_BASED_YEAR);
      case MONTH -> MONTH_NAME.format(start);
      case YEAR -> Integer.toString(start.getYear());
    };
  }
}
