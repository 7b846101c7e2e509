package org.thywill.web;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * A picture of how often something happened, period by period: bars beside each other, and in words what they show.
 *
 * @param id of the picture within its page
 * @param title what is counted, such as {@code Requests}
 * @param period what each bar stands for
 * @param top the number at the upper edge: a round one that no bar is above
 * @param bars from the earliest on; at least one
 */
record Chart(String id, String title, Period period, long top, List<Bar> bars) {
  /** How high and how wide the picture is, in units of its own; it is stretched to the room that it has. */
  static final int HEIGHT = 1_000;
  private static final int STEP = 100;
  private static final int GAP = 16;

  /**
   * A bar.
   *
   * @param name of its period
   */
  record Bar(String name, long count, int x, int width, int height) {
    int y() {
      return HEIGHT - height;
    }

    String text() {
      return name + ": " + number(count);
    }
  }

  /**
   * Draws the periods from one on.
   *
   * @param perDay what happened, by the day
   * @param first the first day of the first period
   * @param count how many periods
   */
  static Chart of(String id, String title, SortedMap<LocalDate, Long> perDay, Period period, LocalDate first, int count) {
    List<LocalDate> starts = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LocalDate start = period.later(first, i);
      starts.add(start);
      counts.add(perDay.subMap(start, period.later(first, i + 1L)).values().stream().mapToLong(Long::longValue).sum());
    }
    long top = roundUp(counts.stream().max(Comparator.naturalOrder()).orElse(0L));
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bars.add(new Bar(period.name(starts.get(i)), counts.get(i), i * STEP + GAP / 2, STEP - GAP, height(counts.get(i), top)));
    }
    return new Chart(id, title, period, top, List.copyOf(bars));
  }

  /** What happened at all can be seen. */
  private static int height(long count, long top) {
    return count == 0 ? 0 : (int) Math.max(HEIGHT / 100, Math.round((double) count * HEIGHT / top));
  }

  /** The next of 1, 2, 4, 10, 20, 40, 100 …, of which half is a whole number too, 1 aside. */
  private static long roundUp(long most) {
    long unit = 1;
    while (unit * 10 < most) {
      unit *= 10;
    }
    return most <= unit ? unit : most <= 2 * unit ? 2 * unit : most <= 4 * unit ? 4 * unit : 10 * unit;
  }

  int width() {
    return bars.size() * STEP;
  }

  /** What a person who does not see it would be told. */
  String summary() {
    long total = bars.stream().mapToLong(Bar::count).sum();
    String span = bars.getFirst().name() + " to " + bars.getLast().name();
    if (total == 0) {
      return title + " per " + period.word() + ", " + span + ": none.";
    }
    Bar most = bars.stream().max(Comparator.comparingLong(Bar::count)).orElseThrow();
    return title + " per " + period.word() + ", " + span + ": " + number(total) + " in all, the most in " + most.text() + ".";
  }

  /** A number as people read it. */
  static String number(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }
}
