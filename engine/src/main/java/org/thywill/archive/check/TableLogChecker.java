package org.thywill.archive.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.LostChange;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;
import org.thywill.progress.PartProgress;

/**
 * Checks the logs of one table: every line, their order, and whether each change fits the rows.
 *
 * <p>Keeps what later checks need: fingerprints of the present rows and of what they refer to, and
 * the rows themselves if the table has a snapshot.
 */
final class TableLogChecker {
  private static final byte[] THE_PROGRAM =
      HandleNormalizer.SYSTEM.getBytes(StandardCharsets.UTF_8);
  private static final int PROGRESS_BYTES = 1 << 20;
  static final String ROW_ADDED_TWICE = "row-added-twice";
  static final String ROW_ABSENT = "row-absent";
  private static final int ROW_CONFLICTS_MAX = 1_000;
  private static final int UNPLACED_MAX = 200;

  private final CheckContext context;
  private final Table table;
  private final List<String> files;
  private final PrayerLineIndex.Batch prayers;
  private final PartProgress progress;
  private final LineCodec codec = new LineCodec();
  private final LineBuffer scratch = new LineBuffer();
  private final LongSet present;
  private final Map<Integer, LongSet> referenced = new LinkedHashMap<>();
  private final SortedMap<String, Line> rows = new TreeMap<>();
  private final List<Finding> rowConflicts = new ArrayList<>();
  private final SemanticChecker semantics;
  private final RowSum sum;
  private long rowConflictsUnlisted;
  private boolean damaged;
  private long changes;
  private long last;

  TableLogChecker(
      CheckContext context,
      Table table,
      List<String> files,
      PrayerLineIndex prayers,
      PartProgress progress,
      Map<Table, TableLogChecker> others) {
    this.context = context;
    this.table = table;
    this.files = files;
    this.present = new LongSet(files.stream().mapToLong(file -> extent(file).lines()).sum());
    this.prayers = prayers.new Batch(table == Catalog.PRAYERS);
    this.progress = progress;
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).isReference()) {
        referenced.put(i, new LongSet());
      }
    }
    this.semantics = new SemanticChecker(this, others);
    this.sum = new RowSum(context, table, files);
  }

  Table table() {
    return table;
  }

  List<String> files() {
    return files;
  }

  /** Whether its logs are damaged, so that no other finding can rely on their rows. */
  boolean isDamaged() {
    return damaged;
  }

  long changes() {
    return changes;
  }

  /** The fingerprints of the keys of all rows that are present at the checkpoint. */
  LongSet present() {
    return present;
  }

  /** The fingerprints of all keys that rows ever referred to, by the position of the column. */
  Map<Integer, LongSet> referenced() {
    return referenced;
  }

  /** The check of the meaning of its rows. */
  SemanticChecker semantics() {
    return semantics;
  }

  /** The last line of each row of a table with a snapshot, by key; also of removed rows. */
  SortedMap<String, Line> rows() {
    return rows;
  }

  /** Reads all logs of the table. */
  void run() throws IOException {
    for (String file : files) {
      try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
        new Log(file, in).run();
      } catch (NoSuchFileException e) {
        damaged = true;
        long before = last;
        context
            .findings()
            .error(
                Finding.error(
                    "log-missing",
                    file,
                    0,
                    (context.disk().obstacle(file).isPresent()
                            ? "is missing, and a folder or a link is in its place"
                            : "is missing")
                        + "; expected a log of "
                        + extent(file).lines()
                        + " lines"),
                () -> remedy(before, context.head().seq() + 1, false));
      }
    }
    prayers.flush();
    reportRowConflicts();
  }

  /** Records a change that the journal has and no log. */
  synchronized void takeFromJournal(Change change, long line) {
    keepRow(change);
    PrayerPageFile.prayerOf(change).ifPresent(prayer -> prayers.add(Fingerprint.of(prayer), line));
    prayers.flush();
  }

  private Head.Extent extent(String file) {
    return context.head().logs().getOrDefault(file, Head.Extent.NOTHING);
  }

  /** Whether other files have the missing changes between two seqs, and which these are. */
  private FindingCollector.Remedy remedy(long after, long before, boolean oneLine) {
    SequenceIndex sequence = context.sequence();
    long first = sequence.nextMissing(after + 1);
    if (first < 0 || first >= before) {
      return FindingCollector.Remedy.EXACT;
    }
    boolean exact = sequence.isAllElsewhere(after, before);
    long next = sequence.nextMissing(first + 1);
    if (!oneLine) {
      return FindingCollector.Remedy.of(exact);
    }
    String which =
        next < 0 || next >= before
            ? "change " + first
            : "one of the changes " + first + " to " + (before - 1);
    String where = exact ? ", which exists elsewhere too" : ", which exists nowhere else";
    return FindingCollector.Remedy.of(exact, "; it was " + which + where);
  }

  private void applyToPresentKeys(Change change, long key, String file, long number) {
    boolean fits =
        switch (change.operation()) {
          case ADDED -> present.add(key);
          case CHANGED -> present.contains(key);
          case REMOVED -> present.remove(key);
        };
    if (!fits) {
      String code = change.operation() == Operation.ADDED ? ROW_ADDED_TWICE : ROW_ABSENT;
      if (rowConflicts.size() < ROW_CONFLICTS_MAX) {
        rowConflicts.add(
            Finding.error(
                    code,
                    file,
                    number,
                    change.operation().label()
                        + " a row of "
                        + table
                        + (change.operation() == Operation.ADDED
                            ? " that was there already; expected changed"
                            : " that was not there; expected one that had been added"))
                .next("thywill accept-gap " + change.seq() + " --reason TEXT"));
      } else {
        rowConflictsUnlisted++;
      }
    }
  }

  /** Reports row conflicts, but none if lines are damaged or missing: they may follow from that. */
  private void reportRowConflicts() throws IOException {
    if (damaged) {
      return;
    }
    rowConflicts.forEach(context.findings()::unproven);
    if (rowConflictsUnlisted > 0) {
      context
          .findings()
          .add(
              Finding.error(
                  ROW_ABSENT,
                  files.getLast(),
                  0,
                  rowConflictsUnlisted
                      + " more changes of "
                      + table
                      + " do not fit the rows before them"));
    }
    long expected =
        Optional.ofNullable(context.head().digest().tables().get(table.name()))
            .map(entry -> entry.rows())
            .orElse(0L);
    if (rowConflicts.isEmpty() && present.size() != expected) {
      context
          .findings()
          .unproven(
              Finding.error(
                      "rows-differ",
                      Head.FILE.file(),
                      0,
                      "says that "
                          + table
                          + " has "
                          + expected
                          + " rows; by the logs there are "
                          + present.size())
                  .next(CheckReport.ACCEPT_DIGEST));
    } else if (rowConflicts.isEmpty()) {
      sum.requireRecorded();
    }
  }

  private static Finding accepted(LostChange gap, String file, long line) {
    String tables = gap.tables().stream().map(Table::name).collect(Collectors.joining(", "));
    return Finding.warning(
            CheckReport.ACCEPTED_GAP,
            file,
            line,
            "change "
                + gap.seq()
                + " is lost for good, as an operator has accepted; it may have changed "
                + tables)
        .next("thywill as-of " + gap.seq() + " " + Catalog.OPERATIONS + "/" + gap.row().key());
  }

  private void keepReferences(Change change) {
    for (Map.Entry<Integer, LongSet> entry : referenced.entrySet()) {
      byte[] key = change.row().utf8(entry.getKey());
      if (key != null && !isTheProgram(table.columns().get(entry.getKey()), key)) {
        entry.getValue().add(Fingerprint.of(key));
      }
    }
  }

  /** Whether a reference names the program itself, which is not a member and has no row. */
  static boolean isTheProgram(Column<?> column, byte[] key) {
    return Arrays.equals(key, THE_PROGRAM) && column.refersTo(Catalog.MEMBERS);
  }

  private void keepRow(Change change) {
    if (table.snapshot().isPresent()) {
      Line line = Line.encode(change, codec, scratch);
      rows.merge(
          change.row().key(),
          line,
          (before, now) -> now.change().seq() > before.change().seq() ? now : before);
    }
  }

  /** One log, from its first byte to its last. */
  private final class Log {
    private final String file;
    private final LineReader in;
    private final Head.Extent extent;
    private final FilePeriod period;
    private final List<Finding> unplaced = new ArrayList<>();
    private long covered;
    private long coveredLines;
    private long reported;
    private long ahead;
    private boolean hasUnknownLines;
    private long unfinished;

    Log(String file, LineReader in) {
      this.file = file;
      this.in = in;
      this.extent = extent(file);
      this.period = FilePeriod.of(table.logLocation().period(file).orElse(""));
    }

    void run() throws IOException {
      boolean more = header();
      while (more) {
        line();
        more = in.next();
        if (in.offset() - reported >= PROGRESS_BYTES) {
          progress.add(in.offset() - reported);
          reported = in.offset();
        }
      }
      progress.add(in.endOffset() - reported);
      placeBadLines(context.head().seq() + 1);
      end();
    }

    /** Reads the header, goes to the line after it, and returns whether there is one. */
    private boolean header() throws IOException {
      HeaderChecker header =
          new HeaderChecker(Header.ofLog(context.identity().community(), table, file), file);
      boolean more = header.read(in);
      header
          .finding()
          .ifPresent(
              finding -> {
                damaged = true;
                context.findings().repairable(finding);
              });
      covered = more ? in.offset() : in.endOffset();
      coveredLines = in.number() - (more ? 1 : 0);
      return more;
    }

    private void line() {
      Change change;
      try {
        in.requireWhole();
        change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
      } catch (MalformedLineException e) {
        bad(String.valueOf(e.getMessage()));
        return;
      }
      long line = Fingerprint.ofLine(table, in.bytes(), in.from(), in.to());
      if (change.seq() > context.head().seq()) {
        ahead(change, line);
      } else {
        good(change, line);
      }
    }

    private void good(Change change, long line) {
      long seq = change.seq();
      cover();
      if (!period.holds(change.at())) {
        error("wrong-period", "a change that belongs in " + table.logLocation().file(change.at()));
      }
      boolean ordered = seq > last;
      if (ordered) {
        placeBadLines(seq);
        last = seq;
      }
      if (!context.sequence().take(change, line)) {
        doubled(seq);
        return;
      }
      if (!ordered) {
        error("seq-order", "change " + seq + " after change " + last + "; expected a higher one");
      }
      changes++;
      long key = Fingerprint.ofKey(change.row());
      applyToPresentKeys(change, key, file, in.number());
      sum.add(change, key);
      if (table == Catalog.OPERATIONS) {
        LostChange.of(change.row(), change.seq())
            .ifPresent(gap -> context.findings().add(accepted(gap, file, in.number())));
      }
      keepReferences(change);
      keepRow(change);
      semantics.check(change, key, file, in.number());
      if (table.pageColumn().isPresent()) {
        byte[] prayer = change.row().utf8(table.position(table.pageColumn().get()));
        if (prayer != null) {
          prayers.add(Fingerprint.of(prayer), line);
        }
      }
    }

    /** Both lines are reported when the other one has been found. */
    private void doubled(long seq) {
      damaged = true;
      if (!context.sequence().noteDoubled(seq)) {
        error("seq-doubled", "change " + seq + " is in the logs twice; expected once");
      }
    }

    private void cover() {
      covered = in.endOffset();
      coveredLines = in.number();
    }

    /** Keeps a damaged line. Which change it was is known when the next good line is read. */
    private void bad(String cause) {
      if (in.offset() >= extent.bytes()) {
        unfinished += in.endOffset() - in.offset();
        return;
      }
      cover();
      damaged = true;
      unplaced.add(Finding.error("line-damaged", file, in.number(), cause));
      if (unplaced.size() == UNPLACED_MAX) {
        placeBadLines(context.head().seq() + 1);
      }
    }

    private void placeBadLines(long before) {
      long after = last;
      for (Finding finding : unplaced) {
        context.findings().error(finding, () -> remedy(after, before, true));
        context.findings().damagedLine(file, after, before);
      }
      unplaced.clear();
    }

    /**
     * Checks a line after the checkpoint. It is sound if the journal has it too; then an unfinished
     * checkpoint has copied it.
     */
    private void ahead(Change change, long line) {
      if (context.isInTail(change, line)) {
        ahead++;
      } else if (change.seq() <= context.sequence().last()) {
        error("log-differs", "change " + change.seq() + " is not the one that the journal has");
      } else {
        hasUnknownLines = true;
      }
    }

    private void end() {
      if (covered < extent.bytes()) {
        wrongExtent("log-short", covered + " bytes, expected " + extent.bytes());
      } else if (covered > extent.bytes()) {
        wrongExtent(
            "log-long", covered + " bytes up to change " + last + ", expected " + extent.bytes());
      } else if (coveredLines != extent.lines()) {
        wrongExtent("log-short", coveredLines + " lines, expected " + extent.lines());
      }
      boolean strange = hasUnknownLines || unfinished > 0 && context.isClosed();
      if (strange) {
        context
            .findings()
            .errorUnlessInUse(
                Finding.error(
                    "log-long",
                    file,
                    coveredLines + 1,
                    (in.endOffset() - covered)
                        + " bytes after what the checkpoint covers, which the journal does not"
                        + " have; expected none"),
                () -> FindingCollector.Remedy.EXACT);
      } else if (ahead > 0 || unfinished > 0) {
        context
            .findings()
            .add(
                Finding.note(
                        "log-ahead",
                        file,
                        coveredLines + 1,
                        ahead
                            + " lines"
                            + (unfinished > 0
                                ? " and " + unfinished + " bytes of an unfinished one"
                                : "")
                            + " that a checkpoint had begun to copy from the journal when it was"
                            + " stopped; the next start does it again")
                    .next("thywill serve"));
      }
    }

    private void wrongExtent(String code, String message) {
      damaged = true;
      context
          .findings()
          .error(
              Finding.error(code, file, 0, message),
              () -> remedy(0, context.head().seq() + 1, false));
    }

    private void error(String code, String message) {
      damaged = true;
      context
          .findings()
          .error(
              Finding.error(code, file, in.number(), message),
              () -> remedy(0, context.head().seq() + 1, false));
    }
  }

  /** The checkers of the tables that have logs, the largest first, since each is one task. */
  static List<TableLogChecker> of(
      CheckContext context, PrayerLineIndex prayers, PartProgress progress) {
    Map<Table, List<String>> files = new LinkedHashMap<>();
    for (String file : context.head().logs().keySet()) {
      Optional<Table> table = Catalog.ofLog(file);
      if (table.isPresent()) {
        files.computeIfAbsent(table.get(), each -> new ArrayList<>()).add(file);
      } else {
        context
            .findings()
            .add(
                Finding.error(
                    "control-damaged",
                    Head.FILE.file(),
                    0,
                    "names a log " + file + " of no table"));
      }
    }
    List<TableLogChecker> tables = new ArrayList<>();
    Map<Table, TableLogChecker> byTable = new HashMap<>();
    files.forEach(
        (table, logs) ->
            tables.add(new TableLogChecker(context, table, logs, prayers, progress, byTable)));
    tables.forEach(table -> byTable.put(table.table(), table));
    tables.sort(Comparator.comparingLong(TableLogChecker::bytes).reversed());
    return tables;
  }

  private long bytes() {
    return files.stream().mapToLong(file -> extent(file).bytes()).sum();
  }

  @Override
  public String toString() {
    return table + " " + Arrays.toString(files.toArray());
  }
}
