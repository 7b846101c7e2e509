package org.thywill.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.List;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Reads an archive as it stands, also while somebody writes it: the logs up to the last checkpoint, then the journal. Never writes.
 * Everything that is not exactly as it was written ends the reading with {@link DamagedArchive}.
 */
public final class ArchiveReader {
  private final Disk disk;
  private final Identity identity;
  private final Head head;
  private final JournalTail tail;

  private ArchiveReader(Disk disk, Identity identity, Head head, JournalTail tail) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
    this.tail = tail;
  }

  /**
   * Opens an archive for reading.
   *
   * @param known the highest seq that is known from elsewhere, or 0
   * @throws NotAnArchive if there is none, or a newer one
   * @throws DamagedArchive if the head or the journal behind it is damaged; a torn end of the journal is not damage
   */
  public static ArchiveReader open(Disk disk, long known) throws IOException {
    Identity identity = Identity.read(disk);
    Head head = Head.read(disk);
    JournalTail tail = JournalTail.read(disk, identity, head, Math.max(known, LogTails.highestSeq(disk, head)));
    if (tail.state() instanceof JournalTail.State.Damaged damaged) {
      throw new DamagedArchive(damaged.finding());
    }
    return new ArchiveReader(disk, identity, head, tail);
  }

  /** Reads the logs alone, as if nothing had come after the checkpoint. */
  static ArchiveReader ofLogs(Disk disk, Identity identity, Head head) {
    JournalTail.Place end = new JournalTail.Place(head.journal(), head.journalExtent().bytes());
    return new ArchiveReader(disk, identity, head, new JournalTail(List.of(), end, new JournalTail.State.Clean()));
  }

  public Identity identity() {
    return identity;
  }

  public Head head() {
    return head;
  }

  /** The changes after the last checkpoint, in order. */
  public List<Change> tail() {
    return tail.lines().stream().map(Line::change).toList();
  }

  /** What was cut off at the end of the journal because it had never been forced, as a note. */
  public List<Finding> findings() {
    return tail.state() instanceof JournalTail.State.Torn torn
        ? List.of(Finding.note("journal-torn", torn.from().getFirst().file(), torn.lineNumber(),
            torn.cause() + "; never acknowledged, and left out. The next start moves it to quarantine/"))
        : List.of();
  }

  /** The seq of the last change. */
  public long lastSeq() {
    return tail.lastSeq(head);
  }

  /** The time of the last change, in microseconds since 1970. */
  public long lastAt() {
    return tail.lines().isEmpty() ? head.at() : tail.lines().getLast().change().at();
  }

  /** Takes changes in. */
  @FunctionalInterface
  public interface Sink {
    /** Whether to go on reading this table. */
    boolean accept(Change change) throws IOException;
  }

  /**
   * Reads all changes of a table up to the checkpoint, in order.
   *
   * @param seen collects the numbers of the changes, for {@link #requireDense}
   * @throws DamagedArchive at the first line that is not exactly as it was written
   */
  public void forEach(Table table, BitSet seen, Sink sink) throws IOException {
    long last = 0;
    for (String file : head.logsOf(table)) {
      Head.Extent extent = java.util.Objects.requireNonNull(head.logs().get(file));
      LogScan scan = new LogScan(disk, identity, table, file, extent);
      last = scan.run(last, change -> {
        seen.set(Math.toIntExact(change.seq()));
        return sink.accept(change);
      });
      if (last < 0) {
        return;
      }
    }
  }

  /** Refuses if a change up to the checkpoint stood in no log. */
  public void requireDense(BitSet seen) throws DamagedArchive {
    int missing = seen.nextClearBit(1);
    if (missing <= head.seq()) {
      int until = seen.nextSetBit(missing);
      throw new DamagedArchive("seq-gap", ".", 0, "no log has change " + missing
          + (until == missing + 1 ? "" : " to " + ((until < 0 ? head.seq() + 1 : until) - 1)) + "; expected every number up to " + head.seq());
    }
  }

  /** Bytes of all logs up to the checkpoint: what a rebuild has to read. */
  public long bytes() {
    return head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
  }

  /** One log, read up to the checkpoint. */
  private record LogScan(Disk disk, Identity identity, Table table, String file, Head.Extent extent) {
    long run(long lastBefore, Sink sink) throws IOException {
      LineCodec codec = new LineCodec();
      byte[] header = Header.ofLog(identity.community(), table, file);
      long last = lastBefore;
      try (Lines in = new Lines(disk.read(file, 0), 0, 0)) {
        skipHeader(in, header);
        while (in.endOffset() < extent.bytes() && in.next()) {
          Change change = decode(codec, in);
          if (change.seq() <= last) {
            throw damaged(in.number(), "seq-order", "change " + change.seq() + " behind change " + last);
          }
          if (!table.home().file(change.at()).equals(file)) {
            throw damaged(in.number(), "wrong-period", "a change that belongs in " + table.home().file(change.at()));
          }
          last = change.seq();
          if (!sink.accept(change)) {
            return -1;
          }
        }
        if (in.endOffset() != extent.bytes()) {
          throw damaged(in.number(), "log-short", in.endOffset() + " bytes, expected " + extent.bytes());
        }
      } catch (NoSuchFileException e) {
        throw (DamagedArchive) damaged(0, "log-missing", "is missing").initCause(e);
      }
      return last;
    }

    private void skipHeader(Lines in, byte[] header) throws IOException {
      int at = 0;
      for (int i = 0; i < Header.LINES && in.next(); i++) {
        int length = in.to() - in.from() + (in.isTerminated() ? 1 : 0);
        if (at + length > header.length || !java.util.Arrays.equals(in.bytes(), in.from(), in.from() + length, header, at, at + length)) {
          throw damaged(i + 1, "header-damaged", "the header is not the one that this file must have");
        }
        at += length;
      }
      if (at != header.length) {
        throw damaged(1, "header-damaged", "the header is not whole");
      }
    }

    private Change decode(LineCodec codec, Lines in) throws DamagedArchive {
      try {
        if (!in.isTerminated()) {
          throw new BadLine("the line does not end in a newline");
        }
        return codec.decodeLog(table, in.bytes(), in.from(), in.to());
      } catch (BadLine e) {
        throw (DamagedArchive) damaged(in.number(), "line-damaged", String.valueOf(e.getMessage())).initCause(e);
      }
    }

    private DamagedArchive damaged(long line, String code, String message) {
      return new DamagedArchive(code, file, line, message);
    }
  }

  /** The tables that have a log at all. */
  public List<Table> tables() {
    return Catalog.TABLES.stream().filter(table -> !head.logsOf(table).isEmpty()).toList();
  }
}
