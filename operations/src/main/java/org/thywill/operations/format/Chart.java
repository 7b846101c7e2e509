package org.thywill.operations.format;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * A picture of how something went, period by period: bars beside each other, and in words what they
 * show.
 *
 * @param id of the picture within its page
 * @param title what is counted, such as {@code Requests}
 * @param period what each bar stands for
 * @param shows of each period
 * @param unit of the numbers
 * @param top the number at the upper edge: a round one that no bar is above
 * @param bars from the earliest on; at least one
 */
public record Chart(
    String id, String title, ChartPeriod period, Shows shows, Unit unit, long top, List<Bar> bars) {
  /**
   * How high and how wide the picture is, in units of its own; it is stretched to the room that it
   * has.
   */
  public static final int HEIGHT = 1_000;

  private static final int STEP = 100;
  private static final int GAP = 16;

  /** What a bar shows of its period. */
  public enum Shows {
    /** How much of it there was within the period. */
    WITHIN("per"),
    /** How much there was in all when the period ended. */
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
   * A bar.
   *
   * @param name of its period
   * @param number its count as people read it
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
   * Draws how often something happened, from one period on.
   *
   * @param perDay what happened, by the day
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
    return of(id, title, Shows.WITHIN, Unit.TIMES, perDay, period, first, count);
  }

  /** As the other, of anything that comes to be day by day. */
  public static Chart of(
      String id,
      String title,
      Shows shows,
      Unit unit,
      SortedMap<LocalDate, Long> perDay,
      ChartPeriod period,
      LocalDate first,
      int count) {
    List<LocalDate> starts = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LocalDate start = period.later(first, i);
      LocalDate end = period.later(first, i + 1L);
      starts.add(start);
      counts.add(sum(shows == Shows.WITHIN ? perDay.subMap(start, end) : perDay.headMap(end)));
    }
    long top = roundUp(counts.stream().max(Comparator.naturalOrder()).orElse(0L));
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bars.add(
          new Bar(
              period.name(starts.get(i)),
              counts.get(i),
              unit.text(counts.get(i)),
              i * STEP + GAP / 2,
              STEP - GAP,
              height(counts.get(i), top)));
    }
    return new Chart(id, title, period, shows, unit, top, List.copyOf(bars));
  }

  private static long sum(SortedMap<LocalDate, Long> perDay) {
    return perDay.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What happened at all can be seen. */
  private static int height(long count, long top) {
    return count == 0 ? 0 : (int) Math.max(HEIGHT / 100, Math.round((double) count * HEIGHT / top));
  }

  /** The next of 1, 2, 4, 6, 8, 10, 20, 40, 60 …, of which half is a whole number too, 1 aside. */
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

  /** The number at the upper edge, as people read it. */
  public String topText() {
    return unit.text(top);
  }

  /** What follows the title. */
  public String each() {
    return shows.phrase + " " + period.label();
  }

  /** What a person who does not see it would be told. */
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
