package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares two texts line by line and lists the ranges of bytes that differ.
 *
 * <p>Lines that both texts have in the same order are left out, and so are the equal bytes at both
 * ends of a range.
 */
final class ByteDiff {
  private ByteDiff() {}

  /**
   * The old bytes from {@code from} to {@code to} (exclusive) became the new bytes from {@code
   * newFrom} to {@code newTo} (exclusive).
   */
  record Range(long from, long to, long newFrom, long newTo) {
    @Override
    public String toString() {
      return from + "|" + to + "|" + newFrom + "|" + newTo;
    }
  }

  /** The differing ranges, in order. */
  static List<Range> between(byte[] before, byte[] after) {
    List<Span> linesAfter = lines(after);
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < linesAfter.size(); i++) {
      indexes.put(text(after, linesAfter.get(i)), i);
    }
    List<Range> ranges = new ArrayList<>();
    int from = 0;
    int newFrom = 0;
    int next = 0;
    for (Span line : lines(before)) {
      Integer index = indexes.get(text(before, line));
      if (index != null && index >= next) {
        Span same = linesAfter.get(index);
        add(ranges, before, new Span(from, line.from()), after, new Span(newFrom, same.from()));
        from = line.to();
        newFrom = same.to();
        next = index + 1;
      }
    }
    add(ranges, before, new Span(from, before.length), after, new Span(newFrom, after.length));
    return ranges;
  }

  /** The bytes of a part of a text, the end exclusive. */
  private record Span(int from, int to) {}

  private static void add(List<Range> ranges, byte[] before, Span old, byte[] after, Span now) {
    int start = 0;
    while (old.from() + start < old.to()
        && now.from() + start < now.to()
        && before[old.from() + start] == after[now.from() + start]) {
      start++;
    }
    int end = 0;
    while (old.from() + start < old.to() - end
        && now.from() + start < now.to() - end
        && before[old.to() - end - 1] == after[now.to() - end - 1]) {
      end++;
    }
    Range range = new Range(old.from() + start, old.to() - end, now.from() + start, now.to() - end);
    if (range.from() < range.to() || range.newFrom() < range.newTo()) {
      ranges.add(range);
    }
  }

  private static List<Span> lines(byte[] bytes) {
    List<Span> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || i == bytes.length - 1) {
        lines.add(new Span(from, i + 1));
        from = i + 1;
      }
    }
    return lines;
  }

  private static String text(byte[] bytes, Span line) {
    return new String(bytes, line.from(), line.to() - line.from(), StandardCharsets.ISO_8859_1);
  }
}
