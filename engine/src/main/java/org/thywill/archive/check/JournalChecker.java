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
import org.thywill.progress.PartProgress;

/**
 * Checks the journal up to the checkpoint: it has every change, and each line is that of the log.
 *
 * <p>A line with the fingerprint of the log's line, which was decoded, is the same line. So only
 * lines that differ are decoded here. Changes that no log has are taken from the journal.
 */
final class JournalChecker {
  private static final int PROGRESS_BYTES = 1 << 20;
  private static final int UNPLACED_MAX = 200;
  private static final int LOGS_MAX = 1_000;
  private static final int PRAYERS_MAX = 100_000;

  private final CheckContext context;
  private final Map<Table, TableLogChecker> tables;
  private final PartProgress progress;
  private final Map<Long, String> logs = new ConcurrentHashMap<>();
  private final Map<Long, Change> prayers = new ConcurrentHashMap<>();

  JournalChecker(CheckContext context, Map<Table, TableLogChecker> tables, PartProgress progress) {
    this.context = context;
    this.tables = tables;
    this.progress = progress;
  }

  /**
   * The log that should have a change which only the journal has; known for the first 1,000 of
   * them.
   */
  Optional<String> logOf(long seq) {
    return Optional.ofNullable(logs.get(seq));
  }

  /**
   * The first change of each prayer among those that only the journal has, by the fingerprint of
   * the prayer; at most 100,000.
   */
  Map<Long, Change> prayers() {
    return Collections.unmodifiableMap(prayers);
  }

  void run(List<String> journals) throws IOException {
    List<FileCheck> parts = new ArrayList<>();
    for (String file : journals) {
      if (JournalFile.firstSeq(file) <= context.head().seq()) {
        parts.add(new FileCheck(file));
      }
    }
    context.all(new ArrayList<>(parts));
    chain(parts);
  }

  /** Checks that each file begins where the one before it ends. */
  private void chain(List<FileCheck> parts) {
    long next = 1;
    String before = "";
    for (FileCheck part : parts) {
      long first = JournalFile.firstSeq(part.file);
      if (first > next) {
        gap(before, next, first);
      } else if (first < next) {
        context
            .findings()
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
    if (next <= context.head().seq()) {
      gap(before, next, context.head().seq() + 1);
    }
  }

  /**
   * Reports the files that should have some changes: the file before if it is of the same month,
   * and a missing file for each other month. Since a file is named after its first change, its name
   * is known only if the month of the change before is.
   */
  private void gap(String before, long from, long until) {
    long seq = from;
    if (!before.isEmpty()
        && (!context.sequence().has(from) || monthOf(from).equals(JournalFile.month(before)))) {
      while (seq < until
          && (!context.sequence().has(seq) || monthOf(seq).equals(JournalFile.month(before)))) {
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
      if (!context.sequence().has(first) || first > 1 && !context.sequence().has(first - 1)) {
        report(
            "journal-missing",
            JournalFile.FOLDER,
            "no file has the changes " + first + " to " + (until - 1),
            first,
            until);
        return;
      }
      String name = JournalFile.name(context.sequence().at(first), first);
      while (seq < until
          && (!context.sequence().has(seq) || monthOf(seq).equals(JournalFile.month(name)))) {
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
    return JournalFile.month(JournalFile.name(context.sequence().at(seq), seq));
  }

  private void report(String code, String file, String message, long from, long until) {
    boolean exact = context.sequence().isAllInLogs(from - 1, until);
    context
        .findings()
        .error(Finding.error(code, file, 0, message), () -> FindingCollector.Remedy.of(exact));
  }

  /** One journal file up to the checkpoint. */
  private final class FileCheck implements CheckContext.Task {
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

    FileCheck(String file) {
      this.file = file;
      this.isCurrent = file.equals(context.head().journal());
      this.period = FilePeriod.of(JournalFile.month(file));
      this.next = JournalFile.firstSeq(file);
    }

    @Override
    public void run() throws IOException {
      try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
        HeaderChecker header =
            new HeaderChecker(Header.ofJournal(context.identity().community(), file), file);
        boolean more = header.read(in);
        if (!more && in.endOffset() == 0) {
          // An append that failed has created or emptied the file. If it should have changes, the
          // chain has a gap.
          return;
        }
        header.finding().ifPresent(context.findings()::repairable);
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

    /** Checks one line, and returns false if it is after the checkpoint. */
    private boolean line(LineReader in) {
      if (in.isTerminated()
          && next <= context.head().seq()
          && fingerprint(in) == context.sequence().line(next)) {
        if (!period.holds(context.sequence().at(next))) {
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

    /** The fingerprint of a line without the name of its table; 0 if that is not known. */
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

    /** Checks a line that is not the one that the logs have for the next change. */
    private boolean differing(LineReader in) {
      Line line;
      try {
        in.requireWhole();
        line = Line.ofJournal(codec, in);
      } catch (MalformedLineException e) {
        return bad(in, String.valueOf(e.getMessage()));
      }
      Change change = line.change();
      if (change.seq() > context.head().seq()) {
        return !isCurrent && afterCheckpoint(in, change);
      }
      good(in, line);
      return true;
    }

    private boolean afterCheckpoint(LineReader in, Change change) {
      error(
          "journal-order",
          in.number(),
          "change "
              + change.seq()
              + " is after the checkpoint, which ends in "
              + context.head().journal(),
          change.seq());
      return true;
    }

    private boolean bad(LineReader in, String cause) {
      if (isCurrent && in.offset() >= context.head().journalExtent().bytes()) {
        return false; // What is after the checkpoint is checked as the tail.
      }
      cover(in);
      badAtEnd++;
      unplaced.add(Finding.error("journal-damaged", file, in.number(), cause));
      if (unplaced.size() == UNPLACED_MAX) {
        placeBadLines(context.head().seq() + 1);
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
        context
            .findings()
            .error(
                Finding.error(
                    "journal-gap",
                    file,
                    in.number(),
                    "change " + seq + "; expected change " + next),
                () -> FindingCollector.Remedy.of(context.sequence().isAllInLogs(from - 1, seq)));
      }
      placeBadLines(seq);
      next = seq + 1;
      if (!context.sequence().has(seq)) {
        context.sequence().takeFromJournal(line.change(), Fingerprint.ofLine(line));
        recovered(line);
      } else if (context.sequence().line(seq) != Fingerprint.ofLine(line)) {
        context
            .findings()
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
      if (logs.size() < LOGS_MAX) {
        logs.put(change.seq(), change.table().logLocation().file(change.at()));
      }
      if (change.table() == Catalog.PRAYERS && prayers.size() < PRAYERS_MAX) {
        prayers.merge(
            Fingerprint.ofKey(change.row()),
            change,
            (one, other) -> one.seq() < other.seq() ? one : other);
      }
      TableLogChecker checker = tables.get(change.table());
      if (checker != null) {
        checker.takeFromJournal(change, Fingerprint.ofLine(line));
      }
    }

    private void placeBadLines(long before) {
      long after = next - 1;
      for (Finding finding : unplaced) {
        context
            .findings()
            .error(
                finding,
                () -> FindingCollector.Remedy.of(context.sequence().isAllInLogs(after, before)));
      }
      unplaced.clear();
    }

    private void error(String code, long line, String message, long seq) {
      context
          .findings()
          .error(
              Finding.error(code, file, line, message),
              () -> FindingCollector.Remedy.of(context.sequence().inLogs(seq)));
    }

    private void end() {
      long afterHead = context.head().seq() + 1;
      long before = isCurrent ? afterHead : Math.min(afterHead, next + badAtEnd);
      placeBadLines(before);
      long good = next - 1;
      next = before;
      Head.Extent extent = context.head().journalExtent();
      if (isCurrent && (covered != extent.bytes() || coveredLines != extent.lines())) {
        context
            .findings()
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
                        context.sequence().isAllInLogs(0, context.head().seq() + 1)));
      }
    }
  }
}
