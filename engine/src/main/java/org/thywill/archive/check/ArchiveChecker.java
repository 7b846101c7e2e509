package org.thywill.archive.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;
import org.thywill.progress.ProgressListener;

/**
 * Looks whether an archive is what was written, and says everything that is not, in one go. Reads
 * only; may be used while somebody writes.
 *
 * <p>How: (1) the control files and the journal behind the checkpoint; (2) every log, two tables at
 * a time: each line is read in full, and of each change 24 bytes are kept, of each present row,
 * each reference and each prayer some 20, and of what others refer to the time; whether rows make
 * sense is seen on the way; (3) every journal file: a line whose fingerprint is that of the log's
 * line is the same line; (4) the order of all changes; (5) every seal and every parity from the
 * logs; (6) every page: its lines by count and sum of fingerprints, then the whole page from its
 * lines; (7) every snapshot from the rows; (8) every other file is named. Only if something has to
 * be named of which no more than a fingerprint was kept, logs are read once more.
 *
 * <p>What is missing from the logs and stands in the journal is taken from there for all later
 * steps, so one lost line is one loss, not many.
 */
public final class ArchiveChecker {
  private static final long SMALL_BYTES = 1 << 20;
  private final Disk disk;
  private final ExpectedContentSink expected;

  /** How much of an archive is looked at. */
  public enum Mode {
    /** Control files, names, headers, sizes and the end of the journal: fit for every start. */
    QUICK,
    /** Every byte. */
    FULL
  }

  public ArchiveChecker(Disk disk) {
    this(disk, ExpectedContentSink.NOBODY);
  }

  /**
   * A checker that tells what damaged files must hold, as far as it makes that out: control files
   * from their copies, seals and snapshots.
   */
  public ArchiveChecker(Disk disk, ExpectedContentSink expected) {
    this.disk = disk;
    this.expected = expected;
  }

  /**
   * Checks the archive.
   *
   * @throws NotAnArchiveException if there is none, or one that this program is too old for
   * @throws IOException if the disk could not be read; damage is no exception but a finding
   */
  public CheckReport check(Mode mode, ProgressListener progress) throws IOException {
    if (!ArchiveIdentity.isPresent(disk) && !Head.FILE.exists(disk)) {
      throw new NotAnArchiveException(
          "no archive here: " + ArchiveIdentity.FILE.file() + " is missing");
    }
    FindingCollector findings = new FindingCollector();
    Optional<ArchiveIdentity> identified =
        ControlFileChecker.check(
            disk,
            ArchiveIdentity.FILE,
            findings,
            expected,
            lines -> {
              ArchiveIdentity said = ArchiveIdentity.parse(lines);
              return new ControlFileChecker.Said<>(said, said.content(), 0);
            });
    Optional<Head> headed =
        ControlFileChecker.check(
            disk,
            Head.FILE,
            findings,
            expected,
            lines -> {
              Head said = Head.parse(lines);
              return new ControlFileChecker.Said<>(said, said.content(), said.seq());
            });
    if (identified.isEmpty() || headed.isEmpty()) {
      // Without what the one says no header can be checked, without the other no extent. Each of
      // them stood twice.
      findings.settle(false);
      name(findings);
      return new CheckReport(0, 0, 0, findings.list(), findings.byCode(), findings.isSound());
    }
    ArchiveIdentity identity = identified.get();
    Head head = headed.get();
    JournalTail tail =
        JournalTail.read(disk, identity, head, LogTailTruncation.highestSeq(disk, head));
    CheckContext run =
        new CheckContext(
            disk,
            identity,
            head,
            tail,
            new SequenceIndex(head.seq(), tail),
            findings,
            expected,
            progress,
            bytes(head) > SMALL_BYTES);
    return mode == Mode.QUICK ? quick(run) : full(run);
  }

  private static long bytes(Head head) {
    return head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
  }

  private CheckReport full(CheckContext run) throws IOException {
    FileInventory files = new FileInventory(run);
    PrayerLineIndex prayers = new PrayerLineIndex();
    PartProgress logs = new PartProgress(run.progress(), "logs", bytes(run.head()));
    List<TableLogChecker> tables = TableLogChecker.of(run, prayers, logs);
    Map<Table, TableLogChecker> byTable = new HashMap<>();
    tables.forEach(table -> byTable.put(table.table(), table));

    List<List<TableLogChecker>> phases = SemanticChecker.inPhases(tables);
    run.all(tasks(phases.getFirst()));
    // What the rest refers to is mostly the prayers, which one thread reads: the other one lists
    // the files meanwhile.
    List<CheckContext.Task> referredTo = tasks(phases.get(1));
    referredTo.add(files::list);
    run.all(referredTo);
    run.all(tasks(phases.getLast()));
    run.sequence().closeLogs();
    JournalChecker journal =
        new JournalChecker(
            run, byTable, new PartProgress(run.progress(), "journal", bytes(run.head())));
    journal.run(files.journals());
    tail(run);
    SequenceGapChecker order = new SequenceGapChecker(run, journal);
    order.run();
    headAgrees(run);
    new SealChecker(run).run(files.seals(), files.parities());
    PageChecker pages =
        new PageChecker(
            run, prayers, new PartProgress(run.progress(), "pages", files.pages().size()));
    pages.run(files.pages());
    new SnapshotChecker(run, byTable).run();
    new FindingLocator(run, tables, pages).run(order, prayers, journal);
    meaning(run, tables);
    files.report();

    settle(run);
    name(run.findings());
    run.findings().restorable(new ParityCoverage(run.disk())::has);
    long changes =
        tables.stream().mapToLong(TableLogChecker::changes).sum() + run.tail().lines().size();
    try {
      return report(run, changes, files.count(), files.bytes() + pages.bytes());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<CheckContext.Task> tasks(List<TableLogChecker> tables) {
    List<CheckContext.Task> tasks = new ArrayList<>();
    tables.forEach(table -> tasks.add(table::run));
    return tasks;
  }

  private static void meaning(CheckContext run, List<TableLogChecker> tables) throws IOException {
    for (TableLogChecker table : tables) {
      table.meaning().report(run.findings());
      if (table.table() == Catalog.MEMBERS) {
        new InviteTreeChecker(run, table).run();
      }
    }
  }

  private CheckReport quick(CheckContext run) throws IOException {
    tail(run);
    FileInventory files = new FileInventory(run);
    files.listQuick();
    new QuickChecker(run).run(files.journals());
    new SealChecker(run).runQuick(files.seals());
    files.report();
    settle(run);
    name(run.findings());
    return report(run, run.sequence().last(), files.count(), files.bytes());
  }

  private static CheckReport report(CheckContext run, long changes, long files, long bytes) {
    FindingCollector findings = run.findings();
    return new CheckReport(
        changes, files, bytes, findings.list(), findings.byCode(), findings.isSound());
  }

  /** What the journal behind the checkpoint is like. */
  private static void tail(CheckContext run) {
    switch (run.tail().state()) {
      case JournalTail.State.Clean() -> {}
      case JournalTail.State.Torn torn ->
          run.findings()
              .add(
                  Finding.note(
                          "journal-torn",
                          torn.from().getFirst().file(),
                          torn.lineNumber(),
                          torn.cause()
                              + "; never acknowledged, and left out. The next start moves it to"
                              + " quarantine/")
                      .next("thywill serve"));
      case JournalTail.State.Damaged damaged -> {
        // What lies below the checkpoint has been compared with the logs and is reported with its
        // remedy.
        if (!run.findings().has(damaged.finding().code(), damaged.finding().file())) {
          run.findings().add(damaged.finding());
        }
      }
    }
  }

  private static void headAgrees(CheckContext run) {
    long seq = run.head().seq();
    if (seq > 0 && run.sequence().has(seq) && run.sequence().at(seq) != run.head().at()) {
      run.findings()
          .add(
              Finding.error(
                  "control-differs",
                  Head.FILE.file(),
                  0,
                  "gives another time for change " + seq + " than its line"));
    }
  }

  /**
   * Decides about what lies behind the changes that were known when the check began: it is new if
   * somebody has written since.
   */
  private void settle(CheckContext run) throws IOException {
    if (run.findings().awaitsSettling()) {
      run.findings().settle(isInUse(run));
    }
  }

  private boolean isInUse(CheckContext run) throws IOException {
    try {
      Head now = Head.read(disk);
      return now.seq() > run.head().seq()
          || JournalTail.read(disk, run.identity(), now, 0).lastSeq(now) > run.sequence().last()
          || run.findings().awaits(ControlFileChecker.DIFFERS)
              && ControlFileChecker.isAlike(disk, ArchiveIdentity.FILE)
              && ControlFileChecker.isAlike(disk, Head.FILE);
    } catch (DamagedArchiveException e) {
      return false; // nobody writes to an archive that cannot be opened
    }
  }

  /** Adds, for each damaged file, what has been done to it, where its bytes tell. */
  private void name(FindingCollector findings) throws IOException {
    List<Finding> named = new ArrayList<>();
    for (String file : findings.damagedFiles()) {
      String what =
          file.equals(".") ? "" : EncodingDamageDetector.of(disk, file); // a gap that is of no file
      if (!what.isEmpty()) {
        named.add(Finding.note("mangled", file, 0, what));
      }
    }
    named.forEach(finding -> findings.add(finding.next(Finding.REPAIR)));
  }
}
