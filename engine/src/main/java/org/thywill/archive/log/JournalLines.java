package org.thywill.archive.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ChangeSink;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.HistoryHash;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Change;

/**
 * Finds single lines of the journal by the numbers of their changes.
 *
 * <p>Never writes, and may be used while a ledger writes. Not safe for several threads.
 */
public final class JournalLines {
  /** A piece of a file that is read through, instead of being halved again, in bytes. */
  private static final long PIECE_BYTES = 1 << 15;

  private final Disk disk;
  private final List<String> files;
  private final LineCodec codec = new LineCodec();

  /** The journal of the archive on a disk. */
  public JournalLines(Disk disk) throws IOException {
    this.disk = disk;
    this.files = JournalFile.list(disk);
  }

  /**
   * The journal line of a change, without its line feed.
   *
   * @throws DamagedArchiveException if the journal does not have it where it must be
   */
  public byte[] line(long seq) throws IOException {
    String file =
        files.stream()
            .filter(each -> JournalFile.firstSeq(each) <= seq)
            .reduce((_, last) -> last)
            .orElseThrow(() -> missing(JournalFile.FOLDER, seq));
    long from = 0;
    long to = disk.size(file);
    while (to - from > PIECE_BYTES) {
      long middle = from + (to - from) / 2;
      if (firstSeqAfter(file, middle) <= seq) {
        from = middle;
      } else {
        to = middle;
      }
    }
    try (LineReader in = new LineReader(disk.read(file, from), from, 0)) {
      boolean isStart = from == 0;
      for (int i = 0; i < (isStart ? Header.LINES : 1); i++) {
        in.next();
      }
      while (in.next() && in.isTerminated()) {
        long found = seq(file, in);
        if (found == seq) {
          return Arrays.copyOfRange(in.bytes(), in.from(), in.to());
        }
        if (found > seq) {
          break;
        }
      }
    }
    throw missing(file, seq);
  }

  /** The change of the first whole line after an offset; the greatest number if there is none. */
  private long firstSeqAfter(String file, long offset) throws IOException {
    try (LineReader in = new LineReader(disk.read(file, offset), offset, 0)) {
      in.next(); // The rest of a line that began before.
      return in.next() && in.isTerminated() ? seq(file, in) : Long.MAX_VALUE;
    }
  }

  private long seq(String file, LineReader in) throws DamagedArchiveException {
    return change(file, in).seq();
  }

  private Change change(String file, LineReader in) throws DamagedArchiveException {
    try {
      return codec.decodeJournal(in.bytes(), in.from(), in.to());
    } catch (MalformedLineException e) {
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  "journal-damaged", file, 0, "a line is not as it was written: " + e.getMessage())
              .initCause(e);
    }
  }

  private static DamagedArchiveException missing(String file, long seq) {
    return new DamagedArchiveException(
        "journal-gap", file, 0, "lacks change " + seq + ", which this place must have");
  }

  /**
   * Reads the changes from one to another, in order.
   *
   * @throws DamagedArchiveException at the first one that is not there as it was written
   */
  public void forEach(long first, long last, ChangeSink sink) throws IOException {
    long next = first;
    for (int i = 0; i < files.size() && next <= last; i++) {
      boolean isBefore = i + 1 < files.size() && JournalFile.firstSeq(files.get(i + 1)) <= next;
      if (!isBefore) {
        next = forEach(files.get(i), next, last, sink);
      }
    }
    if (next <= last) {
      throw missing(JournalFile.FOLDER, next);
    }
  }

  /** Returns the number of the change after the last one that was read. */
  private long forEach(String file, long first, long last, ChangeSink sink) throws IOException {
    long next = first;
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      for (int i = 0; i < Header.LINES; i++) {
        in.next();
      }
      while (next <= last && in.next() && in.isTerminated()) {
        Change change = change(file, in);
        if (change.seq() > next) {
          throw missing(file, next);
        }
        if (change.seq() == next) {
          next++;
          if (!sink.accept(change)) {
            return last + 1;
          }
        }
      }
    }
    return next;
  }

  /**
   * The running hash of all changes up to one of them, from reading the whole journal.
   *
   * @return empty if the journal does not have all of them as they were written, in order
   */
  public Optional<String> hash(long last) throws IOException {
    HistoryHash hash = new HistoryHash(HistoryHash.START);
    long next = 1;
    for (String file : files) {
      if (next > last || JournalFile.firstSeq(file) != next) {
        break;
      }
      try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
        for (int i = 0; i < Header.LINES; i++) {
          in.next();
        }
        while (next <= last && in.next() && in.isTerminated()) {
          if (codec.decodeJournal(in.bytes(), in.from(), in.to()).seq() != next) {
            return Optional.empty();
          }
          hash.add(in.bytes(), in.from(), in.to());
          next++;
        }
      } catch (MalformedLineException e) {
        return Optional.empty(); // The journal's own check names the line.
      }
    }
    return next == last + 1 ? Optional.of(hash.hex()) : Optional.empty();
  }
}
