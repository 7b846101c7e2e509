package org.thywill.archive.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.Obstacle;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Change;

/**
 * The changes in the journal after the last checkpoint, and how the journal ends (FORMAT.md,
 * Journal).
 *
 * @param lines whole transactions, in order, from {@code head.seq() + 1} on without a gap
 * @param end the position after the last of them
 * @param state what follows that position
 */
public record JournalTail(List<Line> lines, Position end, State state) {

  /** A position in a journal file. If the file name is empty, there is no journal yet. */
  public record Position(String file, long offset) {}

  /** What follows the last whole transaction. */
  public sealed interface State {
    /** Nothing. */
    record Clean() implements State {}

    /**
     * Bytes that were never forced and never acknowledged, because a crash cut them off.
     *
     * @param from where they begin in each file that has some
     * @param lineNumber the first line that is not whole, from 1
     * @param cause what is wrong with it
     */
    record Torn(List<Position> from, long lineNumber, String cause) implements State {}

    /** Bytes that had been forced are missing or changed. */
    record Damaged(Finding finding) implements State {}
  }

  /** The seq of the last whole transaction, or of the checkpoint. */
  public long lastSeq(Head head) {
    return lines.isEmpty() ? head.seq() : lines.getLast().change().seq();
  }

  /**
   * Reads the journal from a checkpoint on. Damage is a {@link State}, not an exception.
   *
   * @param known the highest seq that is known from elsewhere, such as the view or a log; a change
   *     up to it that is missing is damage
   * @throws IOException if the disk could not be read
   */
  public static JournalTail read(Disk disk, ArchiveIdentity identity, Head head, long known)
      throws IOException {
    return new Scan(disk, identity, head, known).run();
  }

  /** One reading: collects good lines until one is bad, then examines what follows it. */
  private static final class Scan {
    private final Disk disk;
    private final ArchiveIdentity identity;
    private final Head head;
    private final long known;
    private final LineCodec codec = new LineCodec();
    private final List<Line> lines = new ArrayList<>();
    private final List<Position> ends = new ArrayList<>();

    Scan(Disk disk, ArchiveIdentity identity, Head head, long known) {
      this.disk = disk;
      this.identity = identity;
      this.head = head;
      this.known = known;
    }

    JournalTail run() throws IOException {
      List<String> files = JournalFile.list(disk);
      Position end = new Position(head.journal(), head.journalExtent().bytes());
      List<String> after = new ArrayList<>();
      if (!head.journal().isEmpty()) {
        Optional<Obstacle> obstacle = disk.obstacle(head.journal());
        if (obstacle.isPresent()) {
          return damaged(
              end, "not-a-file", head.journal(), 0, obstacle.get().found(head.journal()));
        }
        if (!files.contains(head.journal())) {
          return damaged(
              end,
              "journal-missing",
              head.journal(),
              0,
              "is missing; the checkpoint at change " + head.seq() + " ends in it");
        }
        if (disk.size(head.journal()) < head.journalExtent().bytes()) {
          return damaged(
              end,
              "journal-short",
              head.journal(),
              0,
              disk.size(head.journal())
                  + " bytes, expected at least "
                  + head.journalExtent().bytes());
        }
        after.add(head.journal());
      }
      files.stream()
          .filter(file -> JournalFile.firstSeq(file) > head.seq() && !file.equals(head.journal()))
          .forEach(after::add);
      for (int i = 0; i < after.size(); i++) {
        String file = after.get(i);
        long start = file.equals(head.journal()) ? head.journalExtent().bytes() : 0;
        try (LineReader in =
            new LineReader(
                disk.read(file, start), start, start == 0 ? 0 : head.journalExtent().lines())) {
          if (start == 0 && !skipHeader(in, file)) {
            if (showsDurable(in, expected())) {
              return damaged(
                  end,
                  "journal-damaged",
                  file,
                  in.number(),
                  "a change where the header goes on, which shows that what stood before it had"
                      + " been safe");
            }
            return bad(
                end,
                new Position(file, 0),
                1,
                "an unfinished header",
                in,
                after.subList(i + 1, after.size()));
          }
          end = new Position(file, start == 0 ? in.endOffset() : start);
          while (in.next()) {
            String cause = accept(in, file);
            if (cause.isEmpty()) {
              end = new Position(file, in.endOffset());
              ends.add(end);
            } else if (cause.equals(GAP)) {
              return damaged(
                  end,
                  "seq-gap",
                  file,
                  in.number(),
                  "expected change "
                      + expected()
                      + ", found another, or one of another transaction");
            } else {
              return bad(
                  end,
                  new Position(file, in.offset()),
                  in.number(),
                  cause,
                  in,
                  after.subList(i + 1, after.size()));
            }
          }
        }
      }
      return finish(end, List.of(), 0, "");
    }

    private static final String GAP = "gap";

    private boolean skipHeader(LineReader in, String file) throws IOException {
      byte[] header = Header.ofJournal(identity.community(), file);
      int at = 0;
      for (int i = 0; i < Header.LINES; i++) {
        if (!in.next() || !in.isTerminated()) {
          return false;
        }
        int length = in.to() - in.from() + 1;
        if (at + length > header.length
            || !Arrays.equals(in.bytes(), in.from(), in.to() + 1, header, at, at + length)) {
          return false;
        }
        at += length;
      }
      return at == header.length;
    }

    private String accept(LineReader in, String file) {
      try {
        in.requireWhole();
        Line line = Line.ofJournal(codec, in);
        if (line.change().seq() != expected()
            || expected() < JournalFile.firstSeq(file)
            || !continues(line.change().stamp())) {
          return GAP;
        }
        lines.add(line);
        return "";
      } catch (MalformedLineException e) {
        return String.valueOf(e.getMessage());
      }
    }

    /** Whether a transaction goes on where one is open, and begins where none is. */
    private boolean continues(Change.TransactionInfo stamp) {
      Change last = lines.isEmpty() ? null : lines.getLast().change();
      return last != null && last.seq() < last.stamp().last()
          ? stamp.equals(last.stamp())
          : stamp.first() == expected();
    }

    private long expected() {
      return lines.isEmpty() ? head.seq() + 1 : lines.getLast().change().seq() + 1;
    }

    /**
     * Decides about a bad line: the journal is torn there, unless a later good line shows that the
     * bad one had been forced.
     */
    private JournalTail bad(
        Position end, Position at, long number, String cause, LineReader rest, List<String> later)
        throws IOException {
      long missing = expected();
      if (anyShowsDurable(rest, missing)) {
        return damaged(
            end,
            "journal-damaged",
            at.file(),
            number,
            cause + "; later lines show that it had been safe");
      }
      List<Position> torn = new ArrayList<>();
      torn.add(at);
      for (String file : later) {
        try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
          if (anyShowsDurable(in, missing)) {
            return damaged(
                end,
                "journal-damaged",
                at.file(),
                number,
                cause + "; " + file + " shows that it had been safe");
          }
        }
        torn.add(new Position(file, 0));
      }
      return finish(end, torn, number, cause);
    }

    private boolean anyShowsDurable(LineReader in, long missing) throws IOException {
      while (in.next()) {
        if (showsDurable(in, missing)) {
          return true;
        }
      }
      return false;
    }

    private boolean showsDurable(LineReader in, long missing) {
      return in.isTerminated() && durable(in) >= missing;
    }

    /** The seq up to which all had been forced by a line's own word; -1 for a bad line. */
    private long durable(LineReader in) {
      try {
        return codec.decodeJournal(in.bytes(), in.from(), in.to()).stamp().durableSeq();
      } catch (MalformedLineException e) {
        return -1;
      }
    }

    /**
     * Drops the lines of an unfinished transaction, and compares the end with what is known from
     * elsewhere.
     */
    private JournalTail finish(Position end, List<Position> bad, long number, String cause) {
      List<Position> torn = new ArrayList<>(bad);
      Position whole = end;
      String reason = cause;
      long first = lines.isEmpty() ? 0 : lines.getLast().change().stamp().first();
      if (!lines.isEmpty()
          && lines.getLast().change().seq() < lines.getLast().change().stamp().last()) {
        while (!lines.isEmpty() && lines.getLast().change().seq() >= first) {
          lines.removeLast();
          ends.removeLast();
        }
        whole = ends.isEmpty() ? startOf(end) : ends.getLast();
        torn.removeIf(position -> position.file().equals(end.file()));
        torn.addFirst(whole.file().equals(end.file()) ? whole : new Position(end.file(), 0));
        reason = cause.isEmpty() ? "a transaction that is not whole" : cause;
      }
      long last = expected() - 1;
      if (last < known) {
        return new JournalTail(
            List.copyOf(lines),
            whole,
            new State.Damaged(
                Finding.error(
                    "journal-short",
                    whole.file().isEmpty() ? JournalFile.FOLDER : whole.file(),
                    number,
                    "the journal ends with change "
                        + last
                        + (reason.isEmpty() ? "" : " (" + reason + ")")
                        + ", but change "
                        + known
                        + " is known to have been safe")));
      }
      return new JournalTail(
          List.copyOf(lines),
          whole,
          torn.isEmpty() ? new State.Clean() : new State.Torn(List.copyOf(torn), number, reason));
    }

    /** The position of the first line after the checkpoint in a file. */
    private Position startOf(Position end) {
      return end.file().equals(head.journal())
          ? new Position(head.journal(), head.journalExtent().bytes())
          : new Position(end.file(), Header.ofJournal(identity.community(), end.file()).length);
    }

    private JournalTail damaged(Position end, String code, String file, long line, String message) {
      return new JournalTail(
          List.copyOf(lines), end, new State.Damaged(Finding.error(code, file, line, message)));
    }
  }
}
