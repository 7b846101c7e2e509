package org.thywill.archive.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.Quarantine;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/**
 * Finds and removes the lines of logs after the last checkpoint.
 *
 * <p>An unfinished checkpoint had copied them from the journal when the machine stopped. They prove
 * which changes the journal had, and the next checkpoint copies them again.
 */
public final class LogTailTruncation {
  private LogTailTruncation() {}

  /** The highest seq of a good line after the checkpoint, or 0. */
  public static long highestSeq(Disk disk, Head head) throws IOException {
    long highest = 0;
    LineCodec codec = new LineCodec();
    for (String file : logs(disk)) {
      long covered = head.logs().getOrDefault(file, Head.Extent.NOTHING).bytes();
      if (disk.size(file) > covered) {
        highest =
            Math.max(
                highest, highestSeq(disk, Catalog.ofLog(file).orElseThrow(), file, covered, codec));
      }
    }
    return highest;
  }

  /** All logs, found without listing the pages. */
  public static List<String> logs(Disk disk) throws IOException {
    List<String> logs = new ArrayList<>();
    for (String folder :
        Catalog.TABLES.stream().map(table -> table.logLocation().folder()).distinct().toList()) {
      disk.files(folder).stream()
          .filter(file -> Catalog.ofLog(file).isPresent())
          .forEach(logs::add);
    }
    return logs;
  }

  private static long highestSeq(Disk disk, Table table, String file, long from, LineCodec codec)
      throws IOException {
    long highest = 0;
    try (LineReader in = new LineReader(disk.read(file, from), from, 0)) {
      while (in.next()) {
        highest = Math.max(highest, seq(table, codec, in));
      }
    }
    return highest;
  }

  private static long seq(Table table, LineCodec codec, LineReader in) {
    try {
      return in.isTerminated() ? codec.decodeLog(table, in.bytes(), in.from(), in.to()).seq() : 0;
    } catch (MalformedLineException e) {
      return 0; // An unfinished line proves nothing.
    }
  }

  /**
   * Truncates every log to what the checkpoint covers, and moves a log that the checkpoint does not
   * know to quarantine.
   *
   * @throws DamagedArchiveException if a log is shorter than that
   */
  public static void cut(Disk disk, Head head) throws IOException {
    for (String file : logs(disk)) {
      Head.Extent extent = head.logs().get(file);
      if (extent == null) {
        Quarantine.move(disk, file);
      } else if (disk.size(file) > extent.bytes()) {
        disk.replaceByPrefix(file, extent.bytes());
      }
    }
    for (Map.Entry<String, Head.Extent> log : head.logs().entrySet()) {
      if (!disk.exists(log.getKey()) || disk.size(log.getKey()) < log.getValue().bytes()) {
        throw new DamagedArchiveException(
            "log-short",
            log.getKey(),
            0,
            "missing, or shorter than the "
                + log.getValue().bytes()
                + " bytes that the last checkpoint covers");
      }
    }
  }
}
