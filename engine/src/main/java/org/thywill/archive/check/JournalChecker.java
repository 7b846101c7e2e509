package org.thywill.archive.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Checks the journal up to the checkpoint: every file from the first change on, dense, each line
 * the very same as in the logs. A line that has the fingerprint of the log's line, which was read
 * in full, is the same line, so only lines that differ are read in full here. What no log has is
 * taken from here.
 */
final class JournalChecker {
  private static final int PROGRESS_BYTES = 1 << 20;
  private static final int UNPLACED_MAX = 200;
  private static final int HOMES_MAX = 1_000;
  private static final int PRAYERS_MAX = 100_000;

  private final CheckContext run;
  private final Map<Table, TableLogChecker> tables;
  private final PartProgress progress;
  private final Map<Long, String> homes = new ConcurrentHashMap<>();
  private final Map<Long, Change> prayers = new ConcurrentHashMap<>();

  JournalChecker(CheckContext run, Map<Table, TableLogChecker> tables, PartProgress progress) {
    this.run = run;
    this.tables = tables;
    this.progress = progress;
  }

  /**
   * The log in which a change should stand that no log has but the journal does; known of the first
   * 1,000.
   */
  Optional<String> home(long seq) {
    return Optional.ofNullable(homes.get(seq));
  }

  /**
   * The first change of each prayer itself that no log has but the journal does, by the prayer's
   * fingerprint; up to 100,000.
   */
  Map<Long, Change> prayers() {
    return Collections.unmodifiableMap(prayers);
  }

  void run(List<String> journals) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (String file : journals) {
      if (JournalFile.firstSeq(file) <= run.head().seq()) {
        parts.add(new Part(file));
      }
    }
    run.all(new ArrayList<>(parts));
    chain(parts);
  }

  /** Whether each file goes on where the one before it ends. */
  private void chain(List<Part> parts) {
    long next = 1;
    String before = "";
    for (Part part : parts) {
      long first = JournalFile.firstSeq(part.file);
      if (first > next) {
        gap(before, next, first);
      } else if (first < next) {
        run.findings()
            .add(
                Finding.error(
                    "journal-order",
                    part.file,
                    0,
                    "begins with change "
                        + first
                        + ", but "
                        + before
                        + " goes up to change "
                        + (next - 1)));
      }
      before = part.next > first ? part.file : before;
      next = Math.max(next, part.next);
    }
    if (next <= run.head().seq()) {
      gap(before, next, run.head().seq() + 1);
    }
  }

  /**
   * Names the files that should hold some changes: the one before if it is of the same month, and
   * one that is missing for each other month. Such a file is called after its first change, so its
   * name is known only where the month of the change before is.
   */
  private void gap(String before, long from, long until) {
    long seq = from;
    if (!before.isEmpty()
        && (!run.sequence().has(from) || monthOf(from).equals(JournalFile.month(before)))) {
      while (seq < until
          && (!run.sequence().has(seq) || monthOf(seq).equals(JournalFile.month(before)))) {
        seq++;
      }
      report(
          "journal-short",
          before,
          "ends before change " + from + "; expected it to go on to change " + (seq - 1),
          from,
          seq);
    }
    while (seq < until) {
      long first = seq;
      if (!run.sequence().has(first) || first > 1 && !run.sequence().has(first - 1)) {
        report(
            "journal-missing",
            JournalFile.FOLDER,
            "no file has the changes " + first + " to " + (until - 1),
            first,
            until);
        return;
      }
      String name = JournalFile.name(run.sequence().at(first), first);
      while (seq < until
          && (!run.sequence().has(seq) || monthOf(seq).equals(JournalFile.month(name)))) {
        seq++;
      }
      report(
          "journal-missing",
          name,
          "is missing; expected it to hold the changes " + first + " to " + (seq - 1),
          first,
          seq);
    }
  }

  private String monthOf(long seq) {
    return JournalFile.month(JournalFile.name(run.sequence().at(seq), seq));
  }

  private void report(String code, String file, String message, long from, long until) {
    boolean exact = run.sequence().isAllInLogs(from - 1, until);
    run.findings()
        .error(Finding.error(code, file, 0, message), () -> FindingCollector.Remedy.of(exact));
  }

  /** One journal file up to the checkpoint. */
  private final class Part implements CheckContext.Task {
    private final String file;
    private final boolean isCurrent;
    private final FilePeriod period;
    private final LineCodec codec = new LineCodec();
    private final List<Finding> unplaced = new ArrayList<>();
    private Table table = Catalog.TABLES.getFirst();
    private long next;
    private long badAtEnd;
    private long covered;
    private long coveredLines;
    private long reported;

    Part(String file) {
      this.file = file;
      this.isCurrent = file.equals(run.head().journal());
      this.period = FilePeriod.of(JournalFile.month(file));
      this.next = JournalFile.firstSeq(file);
    }

    @Override
    public void run() throws IOException {
      try (LineReader in = new LineReader(run.disk().read(file, 0), 0, 0)) {
        HeaderChecker header =
            new HeaderChecker(Header.ofJournal(run.identity().community(), file), file);
        boolean more = header.read(in);
        if (!more && in.endOffset() == 0) {
          // A file that was created, or emptied again, when an append failed. If it should hold
          // something, the chain has a gap.
          return;
        }
        header.finding().ifPresent(run.findings()::repairable);
        covered = more ? in.offset() : in.endOffset();
        coveredLines = in.number() - (more ? 1 : 0);
        while (more && line(in)) {
          more = in.next();
          if (in.offset() - reported >= PROGRESS_BYTES) {
            progress.add(in.offset() - reported);
            reported = in.offset();
          }
        }
        progress.add(in.endOffset() - reported);
        end();
      }
    }

    /** Takes one line; false if it lies behind the checkpoint. */
    private boolean line(LineReader in) {
      if (in.isTerminated()
          && next <= run.head().seq()
          && fingerprint(in) == run.sequence().line(next)) {
        if (!period.holds(run.sequence().at(next))) {
          error("wrong-period", in.number(), "a change of another month", next);
        }
        placeBadLines(next);
        badAtEnd = 0;
        cover(in);
        next++;
        return true;
      }
      return differing(in);
    }

    private void cover(LineReader in) {
      covered = in.endOffset();
      coveredLines = in.number();
    }

    /** Of the line without the name of its table; 0 if it has none that is known. */
    private long fingerprint(LineReader in) {
      int pipe = in.from();
      while (pipe < in.to() && in.bytes()[pipe] != '|') {
        pipe++;
      }
      if (pipe == in.to()) {
        return 0;
      }
      if (!isNamed(table, in, pipe)) {
        table =
            Catalog.TABLES.stream()
                .filter(each -> isNamed(each, in, pipe(in)))
                .findFirst()
                .orElse(table);
        if (!isNamed(table, in, pipe)) {
          return 0;
        }
      }
      return Fingerprint.ofLine(table, in.bytes(), pipe + 1, in.to());
    }

    private int pipe(LineReader in) {
      int pipe = in.from();
      while (in.bytes()[pipe] != '|') {
        pipe++;
      }
      return pipe;
    }

    private boolean isNamed(Table each, LineReader in, int pipe) {
      String name = each.name();
      if (pipe - in.from() != name.length()) {
        return false;
      }
      for (int i = 0; i < name.length(); i++) {
        if (in.bytes()[in.from() + i] != name.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    /** A line that is not the one that the logs have for the next change. */
    private boolean differing(LineReader in) {
      Line line;
      try {
        if (!in.isTerminated()) {
          throw new MalformedLineException("the line does not end in a newline");
        }
        line = Line.ofJournal(codec, in);
      } catch (MalformedLineException e) {
        return bad(in, String.valueOf(e.getMessage()));
      }
      Change change = line.change();
      if (change.seq() > run.head().seq()) {
        return !isCurrent && behindTheCheckpoint(in, change);
      }
      good(in, line);
      return true;
    }

    private boolean behindTheCheckpoint(LineReader in, Change change) {
      error(
          "journal-order",
          in.number(),
          "change "
              + change.seq()
              + " is behind the checkpoint, which ends in "
              + run.head().journal(),
          change.seq());
      return true;
    }

    private boolean bad(LineReader in, String why) {
      if (isCurrent && in.offset() >= run.head().journalExtent().bytes()) {
        return false; // what lies behind the checkpoint is judged by itself
      }
      cover(in);
      badAtEnd++;
      unplaced.add(Finding.error("journal-damaged", file, in.number(), why));
      if (unplaced.size() == UNPLACED_MAX) {
        placeBadLines(run.head().seq() + 1);
      }
      return true;
    }

    private void good(LineReader in, Line line) {
      long seq = line.change().seq();
      cover(in);
      boolean badBefore = badAtEnd > 0;
      badAtEnd = 0;
      if (seq < next) {
        error("journal-order", in.number(), "change " + seq + "; expected change " + next, seq);
        return;
      }
      if (seq > next && !badBefore) {
        long from = next;
        run.findings()
            .error(
                Finding.error(
                    "journal-gap",
                    file,
                    in.number(),
                    "change " + seq + "; expected change " + next),
                () -> FindingCollector.Remedy.of(run.sequence().isAllInLogs(from - 1, seq)));
      }
      placeBadLines(seq);
      next = seq + 1;
      if (!run.sequence().has(seq)) {
        run.sequence().takeFromJournal(line.change(), Fingerprint.ofLine(line));
        recovered(line);
      } else if (run.sequence().line(seq) != Fingerprint.ofLine(line)) {
        run.findings()
            .add(
                Finding.error(
                    "journal-differs",
                    file,
                    in.number(),
                    "change " + seq + " is not the one that its log has; each is sound by itself"));
      }
      if (!period.holds(line.change().at())) {
        error("wrong-period", in.number(), "a change of another month", seq);
      }
    }

    private void recovered(Line line) {
      Change change = line.change();
      if (homes.size() < HOMES_MAX) {
        homes.put(change.seq(), change.table().logLocation().file(change.at()));
      }
      if (change.table() == Catalog.PRAYERS && prayers.size() < PRAYERS_MAX) {
        prayers.merge(
            Fingerprint.ofKey(change.row()),
            change,
            (one, other) -> one.seq() < other.seq() ? one : other);
      }
      TableLogChecker home = tables.get(change.table());
      if (home != null) {
        home.takeFromJournal(change, Fingerprint.ofLine(line));
      }
    }

    private void placeBadLines(long before) {
      long after = next - 1;
      for (Finding finding : unplaced) {
        run.findings()
            .error(
                finding,
                () -> FindingCollector.Remedy.of(run.sequence().isAllInLogs(after, before)));
      }
      unplaced.clear();
    }

    private void error(String code, long line, String message, long seq) {
      run.findings()
          .error(
              Finding.error(code, file, line, message),
              () -> FindingCollector.Remedy.of(run.sequence().inLogs(seq)));
    }

    private void end() {
      long behind = run.head().seq() + 1;
      long before = isCurrent ? behind : Math.min(behind, next + badAtEnd);
      placeBadLines(before);
      long good = next - 1;
      next = before;
      Head.Extent extent = run.head().journalExtent();
      if (isCurrent && (covered != extent.bytes() || coveredLines != extent.lines())) {
        run.findings()
            .error(
                Finding.error(
                    covered < extent.bytes() ? "journal-short" : "journal-long",
                    file,
                    0,
                    covered
                        + " bytes in "
                        + coveredLines
                        + " lines up to change "
                        + good
                        + "; expected "
                        + extent.bytes()
                        + " in "
                        + extent.lines()),
                () ->
                    FindingCollector.Remedy.of(
                        run.sequence().isAllInLogs(0, run.head().seq() + 1)));
      }
    }
  }
}
