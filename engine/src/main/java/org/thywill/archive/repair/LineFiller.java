package org.thywill.archive.repair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineReader;

/**
 * Puts good lines in the place of damaged ones in a file of which some lines are lost everywhere.
 *
 * <p>A damaged line for which no good one is found stays where it is, with its bytes, so that
 * exactly what is lost is still to be seen.
 */
final class LineFiller {
  private final NavigableMap<Long, List<LineCollector.SoundLine>> known;
  private final Function<LineCollector.SoundLine, byte[]> content;
  private final LineBuffer out = new LineBuffer();
  private final Set<String> sources = new LinkedHashSet<>();
  private final List<byte[]> damaged = new ArrayList<>();
  private long last;
  private int filled;

  /**
   * A filler for one file.
   *
   * @param known the good lines that the file should have, by seq
   * @param content the bytes of a line as they are in the file
   */
  LineFiller(
      NavigableMap<Long, List<LineCollector.SoundLine>> known,
      Function<LineCollector.SoundLine, byte[]> content) {
    this.known = known;
    this.content = content;
  }

  /**
   * The file with more good lines; empty if no damaged or missing line was found elsewhere.
   *
   * @param seqs gives the seq of a good line of the file, or 0 for another one
   */
  Optional<LogRepairer.RestoredFile> fill(
      byte[] now, byte[] header, Function<LineReader, Long> seqs, String file) throws IOException {
    out.put(header, 0, header.length);
    try (LineReader in = LineReader.of(now, 0, now.length)) {
      while (in.next()) {
        long seq = seqs.apply(in);
        byte[] line =
            Arrays.copyOfRange(in.bytes(), in.from(), in.to() + 1 - (in.isTerminated() ? 0 : 1));
        if (seq == 0) {
          if (in.number() > Header.LINES || line.length == 0 || line[0] != '#') {
            damaged.add(line);
          }
        } else if (seq > last) {
          place(seq);
          out.put(line, 0, line.length);
          last = seq;
        }
      }
    }
    place(Long.MAX_VALUE);
    sources.remove(file);
    return filled == 0
        ? Optional.empty()
        : Optional.of(new LogRepairer.RestoredFile(out.copy(0), sources));
  }

  /** Writes what belongs between the last line and the next good one. */
  private void place(long before) {
    List<LineCollector.SoundLine> found =
        known.subMap(last, false, before, false).values().stream().map(List::getFirst).toList();
    int next = 0;
    for (LineCollector.SoundLine line : found) {
      byte[] bytes = content.apply(line);
      int left = damaged.size() - next;
      int rest = found.size() - found.indexOf(line);
      if (left > 0) {
        int best = left <= rest ? next : mostAlike(bytes, next, damaged.size() - rest + 1);
        while (next < best) {
          keep(damaged.get(next++));
        }
        next++; // The one that the good line replaces.
      }
      out.put(bytes, 0, bytes.length);
      sources.add(line.source());
      filled++;
    }
    while (next < damaged.size()) {
      keep(damaged.get(next++));
    }
    damaged.clear();
  }

  private void keep(byte[] line) {
    out.put(line, 0, line.length);
    if (line.length == 0 || line[line.length - 1] != '\n') {
      out.put((byte) '\n');
    }
  }

  /** The damaged line that begins and ends most like a good one. */
  private int mostAlike(byte[] line, int from, int until) {
    int best = from;
    int most = -1;
    for (int i = from; i < until; i++) {
      byte[] other = damaged.get(i);
      int same = 0;
      int shorter = Math.min(line.length, other.length);
      while (same < shorter && line[same] == other[same]) {
        same++;
      }
      int end = 0;
      while (end < shorter - same && line[line.length - 1 - end] == other[other.length - 1 - end]) {
        end++;
      }
      if (same + end > most) {
        most = same + end;
        best = i;
      }
    }
    return best;
  }
}
