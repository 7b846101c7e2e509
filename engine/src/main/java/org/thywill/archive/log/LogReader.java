package org.thywill.archive.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ChangeSink;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Reads one log from its first line to the checkpoint.
 *
 * <p>A damaged log can be read {@linkplain #fromJournal from the journal}, which has the same
 * lines.
 */
public final class LogReader {
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Table table;
  private final String file;
  private final Head.Extent extent;
  private final FilePeriod period;
  private final LineCodec codec = new LineCodec();
  private long last;

  /**
   * A reader of a log.
   *
   * @param extent how much of it the checkpoint covers
   * @param last the last change in the log of the period before, or 0
   */
  public LogReader(
      Disk disk,
      ArchiveIdentity identity,
      Table table,
      String file,
      Head.Extent extent,
      long last) {
    this.disk = disk;
    this.identity = identity;
    this.table = table;
    this.file = file;
    this.extent = extent;
    this.period = FilePeriod.of(table.logLocation().period(file).orElseThrow());
    this.last = last;
  }

  /** The seq of the last change that was read, or 0. */
  public long last() {
    return last;
  }

  /**
   * Reads the log.
   *
   * @return false if the sink wanted no more
   * @throws DamagedArchiveException at the first line that is not exactly as it was written
   */
  public boolean run(ChangeSink sink) throws IOException {
    try (LineReader in = open()) {
      while (next(in)) {
        Change change = decode(in);
        if (change.seq() <= last) {
          throw damaged(
              in.number(), "seq-order", "change " + change.seq() + " after change " + last);
        }
        if (!period.holds(change.at())) {
          throw damaged(
              in.number(),
              "wrong-period",
              "a change that belongs in " + table.logLocation().file(change.at()));
        }
        last = change.seq();
        if (!sink.accept(change)) {
          return false;
        }
      }
      requireWhole(in);
    }
    return true;
  }

  Table table() {
    return table;
  }

  String file() {
    return file;
  }

  /** Opens the log and reads its header. */
  LineReader open() throws IOException {
    LineReader in;
    try {
      in = new LineReader(disk.read(file, 0), 0, 0);
    } catch (NoSuchFileException e) {
      String obstacle = e.getReason();
      throw (DamagedArchiveException)
          (obstacle == null
                  ? damaged(0, "log-missing", "is missing")
                  : damaged(0, "not-a-file", obstacle))
              .initCause(e);
    }
    try {
      skipHeader(in);
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Goes to the next line up to the checkpoint, and returns whether there is one. */
  boolean next(LineReader in) throws IOException {
    return in.endOffset() < extent.bytes() && in.next();
  }

  /** Requires that the last line ends where the checkpoint does. */
  void requireWhole(LineReader in) throws DamagedArchiveException {
    if (in.endOffset() != extent.bytes()) {
      throw damaged(
          in.number(), "log-short", in.endOffset() + " bytes, expected " + extent.bytes());
    }
  }

  private void skipHeader(LineReader in) throws IOException {
    byte[] header = Header.ofLog(identity.community(), table, file);
    int at = 0;
    for (int i = 0; i < Header.LINES && in.next(); i++) {
      int length = in.to() - in.from() + (in.isTerminated() ? 1 : 0);
      if (at + length > header.length
          || !Arrays.equals(in.bytes(), in.from(), in.from() + length, header, at, at + length)) {
        throw damaged(
            i + 1, "header-damaged", "the header is not the one that this file must have");
      }
      at += length;
    }
    if (at != header.length) {
      throw damaged(1, "header-damaged", "the header is not whole");
    }
  }

  Change decode(LineReader in) throws DamagedArchiveException {
    try {
      in.requireWhole();
      return codec.decodeLog(table, in.bytes(), in.from(), in.to());
    } catch (MalformedLineException e) {
      throw (DamagedArchiveException)
          damaged(in.number(), "line-damaged", String.valueOf(e.getMessage())).initCause(e);
    }
  }

  /**
   * Reads the lines of the log from the journal.
   *
   * @return false if the sink wanted no more
   * @throws DamagedArchiveException at the end, if the journal has not exactly as many lines and
   *     bytes of it as the checkpoint says
   */
  public boolean fromJournal(long head, ChangeSink sink) throws IOException {
    byte[] prefix = LineCodec.prefix(table);
    long lines = Header.LINES;
    long bytes = Header.ofLog(identity.community(), table, file).length;
    for (String journal : JournalFile.list(disk)) {
      if (JournalFile.firstSeq(journal) > head
          || !period.overlaps(FilePeriod.of(JournalFile.month(journal)))
          || Header.isForeign(disk, journal, identity.community())) {
        continue;
      }
      try (LineReader in = new LineReader(disk.read(journal, 0), 0, 0)) {
        while (in.next()) {
          int log = in.from() + prefix.length;
          if (!in.isTerminated()
              || log > in.to()
              || !Arrays.equals(in.bytes(), in.from(), log, prefix, 0, prefix.length)) {
            continue; // Of another table, or damaged; then the count at the end is too low.
          }
          Change change = decodeOrSkip(in, log);
          if (change == null
              || change.seq() <= last
              || change.seq() > head
              || !period.holds(change.at())) {
            continue;
          }
          last = change.seq();
          lines++;
          bytes += in.to() - log + 1;
          if (!sink.accept(change)) {
            return false;
          }
        }
      }
    }
    if (lines != extent.lines() || bytes != extent.bytes()) {
      throw damaged(
          0,
          "log-lost",
          "is damaged, and the journal has "
              + (lines - Header.LINES)
              + " good lines of it; expected "
              + (extent.lines() - Header.LINES));
    }
    return true;
  }

  private @Nullable Change decodeOrSkip(LineReader in, int log) {
    try {
      return codec.decodeLog(table, in.bytes(), log, in.to());
    } catch (MalformedLineException e) {
      return null;
    }
  }

  DamagedArchiveException damaged(long line, String code, String message) {
    return new DamagedArchiveException(code, file, line, message);
  }
}
