package org.thywill.archive.derived;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/** Compares a head with the files that it describes, to find one of another archive. */
final class HeadEvidence {
  private static final int LINE_BYTES_FIRST = 1 << 14;

  /** What is longer is no line that was written, and is not read into memory. */
  private static final int LINE_BYTES_MAX = 1 << 26;

  /** So many logs that all differ from a head show that it describes other ones. */
  private static final int DIFFERING_LOGS_MIN = 2;

  /** How many logs must contradict a head for each that confirms it. */
  private static final int CONTRADICTIONS_MIN = 2;

  private final Disk disk;
  private final LineCodec codec = new LineCodec();

  HeadEvidence(Disk disk) {
    this.disk = disk;
  }

  /** Whether the journal has the last change of a head exactly where the head says. */
  boolean isConfirmedByJournal(Head head) throws IOException {
    if (head.journal().isEmpty()) {
      return head.seq() == 0;
    }
    Change last = lineBefore(head.journal(), head.journalExtent().bytes(), null).orElse(null);
    return last != null && last.seq() == head.seq() && last.at() == head.atMicros();
  }

  /**
   * Whether a head describes another archive: the journal does not confirm it, and the logs
   * contradict it. A line of another archive may end by chance where the head says, so what
   * contradicts must outweigh what confirms. A head that files only fall short of is no such head,
   * since they may have lost something.
   */
  boolean isForeign(Head head) throws IOException {
    if (isConfirmedByJournal(head)) {
      return false;
    }
    int readable = 0;
    int contradictions = 0;
    int confirmations = 0;
    for (Map.Entry<String, Head.Extent> log : head.logs().entrySet()) {
      Table table = Catalog.ofLog(log.getKey()).orElse(null);
      if (table == null || !disk.exists(log.getKey())) {
        continue;
      }
      long end = log.getValue().bytes();
      long size = disk.size(log.getKey());
      Optional<Change> last = lineBefore(log.getKey(), end, table);
      if (last.isPresent() && last.get().seq() <= head.seq()) {
        confirmations++;
        continue;
      }
      boolean isReadable = lineBefore(log.getKey(), size, table).isPresent();
      readable += isReadable ? 1 : 0;
      contradictions += isReadable && size >= end ? 1 : 0;
    }
    return confirmations > 0
        ? contradictions > CONTRADICTIONS_MIN * confirmations
        : contradictions > 0 || readable >= DIFFERING_LOGS_MIN;
  }

  /**
   * The change whose line ends at an offset; empty if no good line does.
   *
   * @param table whose log the file is; null for a journal file
   */
  private Optional<Change> lineBefore(String file, long end, @Nullable Table table)
      throws IOException {
    if (!disk.exists(file) || disk.size(file) < end || end <= 0) {
      return Optional.empty();
    }
    for (long length = LINE_BYTES_FIRST; length <= LINE_BYTES_MAX; length *= 2) {
      long from = Math.max(0, end - length);
      byte[] bytes;
      try (InputStream in = disk.read(file, from)) {
        bytes = in.readNBytes(Math.toIntExact(end - from));
      }
      int last = bytes.length - 1;
      if (last < 0 || bytes[last] != '\n') {
        return Optional.empty();
      }
      int start = last;
      while (start > 0 && bytes[start - 1] != '\n') {
        start--;
      }
      if (start > 0 || from == 0) {
        return decoded(bytes, start, last, table);
      }
    }
    return Optional.empty();
  }

  private Optional<Change> decoded(byte[] bytes, int from, int to, @Nullable Table table) {
    try {
      return Optional.of(
          table == null
              ? codec.decodeJournal(bytes, from, to)
              : codec.decodeLog(table, bytes, from, to));
    } catch (MalformedLineException e) {
      return Optional.empty(); // Not a good line, so it confirms nothing.
    }
  }
}
