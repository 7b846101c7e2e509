package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where two texts of lines differ. Lines that both have, in the same order, are left out, and so
 * are the equal ends of what lies between them.
 */
final class ByteDiff {
  private ByteDiff() {}

  /**
   * The bytes {@code from} to {@code to}, the last left out, stand for what are the bytes {@code
   * nowFrom} to {@code nowTo} now.
   */
  record Range(long from, long to, long nowFrom, long nowTo) {
    @Override
    public String toString() {
      return from + "|" + to + "|" + nowFrom + "|" + nowTo;
    }
  }

  static List<Range> between(byte[] before, byte[] now) {
    List<int[]> linesNow = lines(now);
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < linesNow.size(); i++) {
      places.put(text(now, linesNow.get(i)), i);
    }
    List<Range> ranges = new ArrayList<>();
    int from = 0;
    int nowFrom = 0;
    int next = 0;
    for (int[] line : lines(before)) {
      Integer place = places.get(text(before, line));
      if (place != null && place >= next) {
        add(ranges, before, from, line[0], now, nowFrom, linesNow.get(place)[0]);
        from = line[1];
        nowFrom = linesNow.get(place)[1];
        next = place + 1;
      }
    }
    add(ranges, before, from, before.length, now, nowFrom, now.length);
    return ranges;
  }

  private static void add(
      List<Range> ranges, byte[] before, int from, int to, byte[] now, int nowFrom, int nowTo) {
    int start = 0;
    while (from + start < to
        && nowFrom + start < nowTo
        && before[from + start] == now[nowFrom + start]) {
      start++;
    }
    int end = 0;
    while (from + start < to - end
        && nowFrom + start < nowTo - end
        && before[to - end - 1] == now[nowTo - end - 1]) {
      end++;
    }
    if (from + start < to - end || nowFrom + start < nowTo - end) {
      ranges.add(new Range(from + start, to - end, nowFrom + start, nowTo - end));
    }
  }

  private static List<int[]> lines(byte[] bytes) {
    List<int[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || i == bytes.length - 1) {
        lines.add(new int[] {from, i + 1});
        from = i + 1;
      }
    }
    return lines;
  }

  private static String text(byte[] bytes, int[] line) {
    return new String(bytes, line[0], line[1] - line[0], StandardCharsets.ISO_8859_1);
  }
}
