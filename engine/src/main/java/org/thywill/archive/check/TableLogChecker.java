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

/**
 * Checks the logs of one table in their order: every line by itself, the order of the lines, and
 * whether each change fits the rows before it. Keeps what later checks need: which rows are present
 * and what they refer to as fingerprints, and of a table with a snapshot the rows.
 */
final class TableLogChecker {
  private static final byte[] THE_PROGRAM =
      HandleNormalizer.SYSTEM.getBytes(StandardCharsets.UTF_8);
  private static final int PROGRESS_BYTES = 1 << 20;
  private static final int MISFITS_MAX = 1_000;
  private static final int UNPLACED_MAX = 200;

  private final CheckContext run;
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
  private final SemanticChecker meaning;
  private long misfitsUnlisted;
  private boolean damaged;
  private long changes;
  private long last;

  TableLogChecker(
      CheckContext run,
      Table table,
      List<String> files,
      PrayerLineIndex prayers,
      PartProgress progress,
      Map<Table, TableLogChecker> others) {
    this.run = run;
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
    this.meaning = new SemanticChecker(this, others);
  }

  Table table() {
    return table;
  }

  List<String> files() {
    return files;
  }

  /**
   * Whether its logs are not what was written, so that nothing follows from what they seem to say.
   */
  boolean isDamaged() {
    return damaged;
  }

  long changes() {
    return changes;
  }

  /** The keys of the rows that are present at the checkpoint. */
  LongSet present() {
    return present;
  }

  /** What the rows ever referred to, by the position of the column. */
  Map<Integer, LongSet> referenced() {
    return referenced;
  }

  /** What its rows say, as far as it does not make sense. */
  SemanticChecker meaning() {
    return meaning;
  }

  /** The last change of each row of a table with a snapshot, by key, removed rows included. */
  SortedMap<String, Line> rows() {
    return rows;
  }

  /** Reads all logs of the table. */
  void run() throws IOException {
    for (String file : files) {
      try (LineReader in = new LineReader(run.disk().read(file, 0), 0, 0)) {
        new Log(file, in).run();
      } catch (NoSuchFileException e) {
        damaged = true;
        long before = last;
        run.findings()
            .error(
                Finding.error(
                    "log-missing",
                    file,
                    0,
                    "is missing; expected a log of " + extent(file).lines() + " lines"),
                () -> remedy(before, run.head().seq() + 1, false));
      }
    }
    prayers.flush();
    reportMisfits();
  }

  /** Takes in a change that no log has but the journal does. */
  synchronized void takeFromJournal(Change change, long line) {
    keepRow(change);
    PrayerPageFile.prayerOf(change).ifPresent(prayer -> prayers.add(Fingerprint.of(prayer), line));
    prayers.flush();
  }

  private Head.Extent extent(String file) {
    return run.head().logs().getOrDefault(file, Head.Extent.NOTHING);
  }

  /** Whether the changes that may have stood between two stand elsewhere, and which they are. */
  private FindingCollector.Remedy remedy(long after, long before, boolean oneLine) {
    SequenceIndex sequence = run.sequence();
    long first = sequence.nextMissing(after + 1);
    if (first < 0 || first >= before) {
      return FindingCollector.Remedy.EXACT;
    }
    boolean exact = sequence.isAllElsewhere(after, before);
    long next = sequence.nextMissing(first + 1);
    String which =
        next < 0 || next >= before
            ? "change " + first
            : oneLine ? "one of the changes " + first + " to " + (before - 1) : "";
    String remark =
        which.isEmpty()
            ? ""
            : "; it was "
                + which
                + (exact ? ", which stands elsewhere too" : ", which stands nowhere else");
    return FindingCollector.Remedy.of(exact, oneLine ? remark : "");
  }

  private void applyToPresentKeys(Change change, long key, String file, long number) {
    boolean fits =
        switch (change.operation()) {
          case ADDED -> present.add(key);
          case CHANGED -> present.contains(key);
          case REMOVED -> present.remove(key);
        };
    if (!fits) {
      String code = change.operation() == Operation.ADDED ? "row-added-twice" : "row-absent";
      if (rowConflicts.size() < MISFITS_MAX) {
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
                        : " that was not there; expected one that had been added")));
      } else {
        misfitsUnlisted++;
      }
    }
  }

  /** Where lines are damaged or missing, misfits follow from that and say nothing more. */
  private void reportMisfits() {
    if (damaged) {
      return;
    }
    rowConflicts.forEach(run.findings()::add);
    if (misfitsUnlisted > 0) {
      run.findings()
          .add(
              Finding.error(
                  "row-absent",
                  files.getLast(),
                  0,
                  misfitsUnlisted
                      + " more changes of "
                      + table
                      + " do not fit the rows before them"));
    }
    long expected =
        Optional.ofNullable(run.head().digest().tables().get(table.name()))
            .map(entry -> entry.rows())
            .orElse(0L);
    if (rowConflicts.isEmpty() && present.size() != expected) {
      run.findings()
          .add(
              Finding.error(
                  "rows-differ",
                  Head.FILE.file(),
                  0,
                  "says that "
                      + table
                      + " has "
                      + expected
                      + " rows; by the logs there are "
                      + present.size()));
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

  /** Whether a reference names the program itself, which is no member and needs no row. */
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
    private boolean foreign;
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
      placeBadLines(run.head().seq() + 1);
      end();
    }

    /** Reads the header; whether a line follows, to which it has gone. */
    private boolean header() throws IOException {
      HeaderChecker header =
          new HeaderChecker(Header.ofLog(run.identity().community(), table, file), file);
      boolean more = header.read(in);
      header
          .finding()
          .ifPresent(
              finding -> {
                damaged = true;
                run.findings().repairable(finding);
              });
      covered = more ? in.offset() : in.endOffset();
      coveredLines = in.number() - (more ? 1 : 0);
      return more;
    }

    private void line() {
      Change change;
      try {
        if (!in.isTerminated()) {
          throw new MalformedLineException("the line does not end in a newline");
        }
        change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
      } catch (MalformedLineException e) {
        bad(String.valueOf(e.getMessage()));
        return;
      }
      long line = Fingerprint.ofLine(table, in.bytes(), in.from(), in.to());
      if (change.seq() > run.head().seq()) {
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
      if (!run.sequence().take(change, line)) {
        doubled(seq);
        return;
      }
      if (!ordered) {
        error("seq-order", "change " + seq + " behind change " + last + "; expected a higher one");
      }
      changes++;
      long key = Fingerprint.ofKey(change.row());
      applyToPresentKeys(change, key, file, in.number());
      if (table == Catalog.OPERATIONS) {
        LostChange.of(change.row(), change.seq())
            .ifPresent(gap -> run.findings().add(accepted(gap, file, in.number())));
      }
      keepReferences(change);
      keepRow(change);
      meaning.look(change, key, file, in.number());
      if (table.pageColumn().isPresent()) {
        byte[] prayer = change.row().utf8(table.position(table.pageColumn().get()));
        if (prayer != null) {
          prayers.add(Fingerprint.of(prayer), line);
        }
      }
    }

    /** Both lines are reported when it is known where the other one stands. */
    private void doubled(long seq) {
      damaged = true;
      if (!run.sequence().noteDoubled(seq)) {
        error("seq-doubled", "change " + seq + " stands in the logs twice; expected once");
      }
    }

    private void cover() {
      covered = in.endOffset();
      coveredLines = in.number();
    }

    /** A line is not as it was written. Which change it was is known when the next good line is. */
    private void bad(String why) {
      if (in.offset() >= extent.bytes()) {
        unfinished += in.endOffset() - in.offset();
        return;
      }
      cover();
      damaged = true;
      unplaced.add(Finding.error("line-damaged", file, in.number(), why));
      if (unplaced.size() == UNPLACED_MAX) {
        placeBadLines(run.head().seq() + 1);
      }
    }

    private void placeBadLines(long before) {
      long after = last;
      for (Finding finding : unplaced) {
        run.findings().error(finding, () -> remedy(after, before, true));
        run.findings().damagedLine(file, after, before);
      }
      unplaced.clear();
    }

    /**
     * A line behind the checkpoint: fine if the journal has it too, which is where an unfinished
     * checkpoint took it from.
     */
    private void ahead(Change change, long line) {
      if (run.isInTail(change, line)) {
        ahead++;
      } else if (change.seq() <= run.sequence().last()) {
        error("log-differs", "change " + change.seq() + " is not the one that the journal has");
      } else {
        foreign = true;
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
      boolean strange = foreign || unfinished > 0 && run.isClosed();
      if (strange) {
        run.findings()
            .errorUnlessInUse(
                Finding.error(
                    "log-long",
                    file,
                    coveredLines + 1,
                    (in.endOffset() - covered)
                        + " bytes behind what the checkpoint covers, which the journal does not"
                        + " have; expected none"),
                () -> FindingCollector.Remedy.EXACT);
      } else if (ahead > 0 || unfinished > 0) {
        run.findings()
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
      run.findings()
          .error(
              Finding.error(code, file, 0, message), () -> remedy(0, run.head().seq() + 1, false));
    }

    private void error(String code, String message) {
      damaged = true;
      run.findings()
          .error(
              Finding.error(code, file, in.number(), message),
              () -> remedy(0, run.head().seq() + 1, false));
    }
  }

  /**
   * The checks of the tables that have logs, the largest first, since each is one piece of work.
   */
  static List<TableLogChecker> of(
      CheckContext run, PrayerLineIndex prayers, PartProgress progress) {
    Map<Table, List<String>> files = new LinkedHashMap<>();
    for (String file : run.head().logs().keySet()) {
      Optional<Table> table = Catalog.ofLog(file);
      if (table.isPresent()) {
        files.computeIfAbsent(table.get(), each -> new ArrayList<>()).add(file);
      } else {
        run.findings()
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
            tables.add(new TableLogChecker(run, table, logs, prayers, progress, byTable)));
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
