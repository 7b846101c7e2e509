package org.thywill.operations.format;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A bar chart of counts by period, with a summary in words.
 *
 * @param id of the chart within its page
 * @param title what is counted, such as {@code Requests}
 * @param period the period of each bar
 * @param shows which count of its period each bar shows
 * @param unit of the counts
 * @param top the count at the upper edge: a round number that no bar exceeds
 * @param bars from the earliest on; at least one
 */
public record Chart(
    String id, String title, ChartPeriod period, Shows shows, Unit unit, long top, List<Bar> bars) {
  /** The height in the chart's own units; a page stretches it to the space that it has. */
  public static final int HEIGHT = 1_000;

  private static final int STEP = 100;
  private static final int GAP = 16;

  /** Which count of its period a bar shows. */
  public enum Shows {
    /** The count within the period. */
    WITHIN("per"),
    /** The count of everything up to the end of the period. */
    AT_THE_END("at the end of each");

    private final String phrase;

    Shows(String phrase) {
      this.phrase = phrase;
    }
  }

  /** What is counted. */
  public enum Unit {
    TIMES,
    BYTES;

    String text(long number) {
      return switch (this) {
        case TIMES -> NumberText.of(number);
        case BYTES -> ByteSizes.of(number);
      };
    }
  }

  /**
   * A bar of a chart.
   *
   * @param name of its period
   * @param number its count as people read it
   * @param x its left edge, in the chart's units, as are width and height
   */
  public record Bar(String name, long count, String number, int x, int width, int height) {
    public int y() {
      return HEIGHT - height;
    }

    public String text() {
      return name + ": " + number;
    }
  }

  /**
   * Counts by day, and how a chart of them is labelled.
   *
   * @param perDay days without a count may be left out
   */
  public record Series(
      String id, String title, Shows shows, Unit unit, SortedMap<LocalDate, Long> perDay) {
    /**
     * A series of counts by month.
     *
     * @param perMonth the counts of months such as {@code 2026-03}
     */
    public static Series perMonth(
        String id, String title, Shows shows, Unit unit, Map<String, Long> perMonth) {
      SortedMap<LocalDate, Long> perDay = new TreeMap<>();
      perMonth.forEach((month, count) -> perDay.put(YearMonth.parse(month).atDay(1), count));
      return new Series(id, title, shows, unit, perDay);
    }
  }

  /**
   * Draws how often something happened within each period.
   *
   * @param perDay how often it happened, by day
   * @param first the first day of the first period
   * @param count how many periods
   */
  public static Chart of(
      String id,
      String title,
      SortedMap<LocalDate, Long> perDay,
      ChartPeriod period,
      LocalDate first,
      int count) {
    return of(new Series(id, title, Shows.WITHIN, Unit.TIMES, perDay), period, first, count);
  }

  /**
   * Draws a series by month, up to the month of a day or the last month that has a count.
   *
   * @param countMax how many months at most; earlier ones are left out
   * @return empty if no month has a count
   */
  public static Optional<Chart> ofLastMonths(Series series, LocalDate until, int countMax) {
    SortedMap<LocalDate, Long> perDay = series.perDay();
    if (perDay.isEmpty()) {
      return Optional.empty();
    }
    LocalDate untilMonth = ChartPeriod.MONTH.start(until);
    LocalDate lastMonth = ChartPeriod.MONTH.start(perDay.lastKey());
    LocalDate last = lastMonth.isAfter(untilMonth) ? lastMonth : untilMonth;
    int count = (int) Math.min(countMax, ChartPeriod.MONTH.between(perDay.firstKey(), last) + 1);
    LocalDate first = ChartPeriod.MONTH.later(last, 1L - count);
    return Optional.of(of(series, ChartPeriod.MONTH, first, count));
  }

  /**
   * Draws a series.
   *
   * @param first the first day of the first period
   * @param count how many periods
   */
  public static Chart of(Series series, ChartPeriod period, LocalDate first, int count) {
    SortedMap<LocalDate, Long> perDay = series.perDay();
    List<LocalDate> starts = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LocalDate start = period.later(first, i);
      LocalDate end = period.later(first, i + 1L);
      starts.add(start);
      counts.add(
          sum(series.shows() == Shows.WITHIN ? perDay.subMap(start, end) : perDay.headMap(end)));
    }
    long top = roundUp(counts.stream().max(Comparator.naturalOrder()).orElse(0L));
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bars.add(
          new Bar(
              period.name(starts.get(i)),
              counts.get(i),
              series.unit().text(counts.get(i)),
              i * STEP + GAP / 2,
              STEP - GAP,
              height(counts.get(i), top)));
    }
    return new Chart(
        series.id(), series.title(), period, series.shows(), series.unit(), top, List.copyOf(bars));
  }

  private static long sum(SortedMap<LocalDate, Long> perDay) {
    return perDay.values().stream().mapToLong(Long::longValue).sum();
  }

  /** A count above zero has a bar that can be seen. */
  private static int height(long count, long top) {
    return count == 0 ? 0 : (int) Math.max(HEIGHT / 100, Math.round((double) count * HEIGHT / top));
  }

  /** The next of 1, 2, 4, 6, 8, 10, 20, 40, 60 …, so that, but for 1, half of it is whole too. */
  private static long roundUp(long most) {
    long unit = 1;
    while (unit * 10 < most) {
      unit *= 10;
    }
    for (long factor : new long[] {1, 2, 4, 6, 8}) {
      if (most <= factor * unit) {
        return factor * unit;
      }
    }
    return 10 * unit;
  }

  public int width() {
    return bars.size() * STEP;
  }

  /** The highest count. */
  public long most() {
    return bars.stream().mapToLong(Bar::count).max().orElseThrow();
  }

  /** The count at the upper edge, as people read it. */
  public String topText() {
    return unit.text(top);
  }

  /** What follows the title, such as {@code per month}. */
  public String each() {
    return shows.phrase + " " + period.label();
  }

  /** The chart in one sentence, for people who cannot see it. */
  public String summary() {
    long total = bars.stream().mapToLong(Bar::count).sum();
    String what =
        title
            + " "
            + each()
            + ", "
            + bars.getFirst().name()
            + " to "
            + bars.getLast().name()
            + ": ";
    if (total == 0) {
      return what + "none.";
    }
    return what
        + switch (shows) {
          case WITHIN ->
              unit.text(total)
                  + " in all, the most in "
                  + bars.stream().max(Comparator.comparingLong(Bar::count)).orElseThrow().text()
                  + ".";
          case AT_THE_END ->
              "from " + bars.getFirst().number() + " to " + bars.getLast().number() + ".";
        };
  }
}
