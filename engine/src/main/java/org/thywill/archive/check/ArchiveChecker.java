package org.thywill.archive.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.Obstacle;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;
import org.thywill.progress.PartProgress;
import org.thywill.progress.ProgressListener;

/**
 * Checks whether an archive is what was written, and lists everything that is not.
 *
 * <p>Never writes, and may be used while a ledger writes.
 *
 * <p>How: (1) the control files and the journal after the checkpoint; (2) every log, two tables at
 * a time. Each line is decoded. 24 bytes are kept for each change, some 20 for each present row,
 * each reference and each prayer, and the time of what others refer to; the meaning of rows is
 * checked too, and their digest is compared with the one that the head records. (3) every journal
 * file, where a line with the fingerprint of the log's line is the same line; (4) the order of all
 * changes; (5) every seal and every parity, compared with what the logs lead to; (6) every page:
 * its lines by count and sum of fingerprints, then the whole page from its lines; (7) every
 * snapshot, compared with the rows; (8) every other file is listed. Logs are read a second time
 * only if a finding must name something of which only a fingerprint was kept.
 *
 * <p>Changes that the logs lack and the journal has are taken from there for all later steps, so
 * one lost line is one finding.
 */
public final class ArchiveChecker {
  private static final long SMALL_BYTES = 1 << 20;

  private final Disk disk;
  private final ExpectedContentSink expected;

  /** How much of an archive is checked. */
  public enum Mode {
    /**
     * Control files, names, headers, sizes and the end of the journal: fast enough for any start.
     */
    QUICK,
    /** Every byte. */
    FULL
  }

  /** A checker for the archive on a disk. */
  public ArchiveChecker(Disk disk) {
    this(disk, ExpectedContentSink.NONE);
  }

  /**
   * A checker that also gives the content that damaged files must have, as far as it follows from
   * sound ones: control files, seals, parities and snapshots.
   */
  public ArchiveChecker(Disk disk, ExpectedContentSink expected) {
    this.disk = disk;
    this.expected = expected;
  }

  /**
   * Checks the archive.
   *
   * @throws NotAnArchiveException if there is none, or one in a format that is not read
   * @throws IOException if the disk could not be read; damage is a finding, not an exception
   */
  public CheckReport check(Mode mode, ProgressListener progress) throws IOException {
    FindingCollector findings = new FindingCollector();
    ControlFiles control;
    try {
      control = ControlFiles.read(disk);
    } catch (DamagedArchiveException e) {
      // Without the identity no header can be checked, and without the head no extent.
      checkControlFiles(null, findings);
      findings.resolvePending(false);
      addEncodingDamage(findings);
      addObstacles(findings);
      return report(findings, 0, 0, 0);
    }
    control
        .findings()
        .forEach(
            finding ->
                findings.error(
                    finding,
                    () -> new FindingCollector.Remedy(finding.repairable(), "", finding.next())));
    checkControlFiles(control, findings);
    ArchiveIdentity identity = control.identity();
    Head head = control.head();
    JournalTail tail =
        JournalTail.read(disk, identity, head, LogTailTruncation.highestSeq(disk, head));
    CheckContext context =
        new CheckContext(
            new CheckContext.Archive(disk, identity, head, tail),
            new SequenceIndex(head.seq(), tail),
            findings,
            expected,
            progress,
            bytes(head) > SMALL_BYTES);
    return mode == Mode.QUICK ? quick(context) : full(context);
  }

  /**
   * Checks both copies of both control files.
   *
   * @param control what they must say; null if nothing says that
   */
  private void checkControlFiles(@Nullable ControlFiles control, FindingCollector findings)
      throws IOException {
    ControlFileChecker.CheckedDisk checked =
        new ControlFileChecker.CheckedDisk(disk, findings, expected);
    ControlFileChecker.check(
        checked,
        ArchiveIdentity.FILE,
        lines -> ArchiveIdentity.parse(lines).content(),
        control == null ? null : control.identity().content(),
        FindingCollector.Remedy.of(control != null));
    ControlFileChecker.check(
        checked,
        Head.FILE,
        lines -> Head.parse(lines).content(),
        control == null ? null : control.head().content(),
        FindingCollector.Remedy.of(control != null && control.isHeadComplete()));
  }

  private static long bytes(Head head) {
    return head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
  }

  private CheckReport full(CheckContext context) throws IOException {
    FileInventory files = new FileInventory(context);
    PrayerLineIndex prayers = new PrayerLineIndex();
    PartProgress logs = new PartProgress(context.progress(), "logs", bytes(context.head()));
    List<TableLogChecker> tables = TableLogChecker.of(context, prayers, logs);
    Map<Table, TableLogChecker> byTable = new HashMap<>();
    tables.forEach(table -> byTable.put(table.table(), table));

    List<List<TableLogChecker>> phases = SemanticChecker.inPhases(tables);
    context.all(tasks(phases.getFirst()));
    // Most of this phase is the prayers, which one thread reads; the other one lists the files.
    List<CheckContext.Task> referredTo = tasks(phases.get(1));
    referredTo.add(files::list);
    context.all(referredTo);
    HistoryChecker history = new HistoryChecker(context);
    List<CheckContext.Task> last = tasks(phases.getLast());
    last.add(history::run);
    context.all(last);
    Catalog.TABLES.stream()
        .filter(table -> table.inDigest() && !byTable.containsKey(table))
        .forEach(table -> RowSum.requireEmpty(context, table));
    context.sequence().closeLogs();
    JournalChecker journal =
        new JournalChecker(
            context,
            byTable,
            new PartProgress(context.progress(), "journal", bytes(context.head())));
    journal.run(files.journals());
    tail(context);
    SequenceGapChecker order = new SequenceGapChecker(context, journal);
    order.run();
    headAgrees(context);
    new SealChecker(context).run(files.seals(), files.parities());
    PageChecker pages =
        new PageChecker(
            context, prayers, new PartProgress(context.progress(), "pages", files.pages().size()));
    pages.run(files.pages());
    new SnapshotChecker(context, byTable).run();
    new FindingLocator(context, tables, pages).run(order, prayers, journal);
    reportSemantics(context, tables);
    files.report();

    resolvePending(context);
    history.report();
    addEncodingDamage(context.findings());
    context.findings().restorable(new ParityCoverage(context.disk())::has);
    long changes =
        tables.stream().mapToLong(TableLogChecker::changes).sum() + context.tail().lines().size();
    context.findings().resolveObstacles(true);
    try {
      return report(context.findings(), changes, files.count(), files.bytes() + pages.bytes());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<CheckContext.Task> tasks(List<TableLogChecker> tables) {
    List<CheckContext.Task> tasks = new ArrayList<>();
    tables.forEach(table -> tasks.add(table::run));
    return tasks;
  }

  private static void reportSemantics(CheckContext context, List<TableLogChecker> tables)
      throws IOException {
    for (TableLogChecker table : tables) {
      table.semantics().report(context.findings());
      if (table.table() == Catalog.MEMBERS) {
        new InviteTreeChecker(context, table).run();
      }
    }
  }

  private CheckReport quick(CheckContext context) throws IOException {
    tail(context);
    FileInventory files = new FileInventory(context);
    files.list();
    new QuickChecker(context).run(files);
    new SealChecker(context).runQuick(files.seals());
    files.report();
    resolvePending(context);
    addEncodingDamage(context.findings());
    context.findings().resolveObstacles(false);
    return report(context.findings(), context.sequence().last(), files.count(), files.bytes());
  }

  private static CheckReport report(
      FindingCollector findings, long changes, long files, long bytes) {
    return new CheckReport(
        changes, files, bytes, findings.list(), findings.byCode(), findings.isSound());
  }

  /** Adds what is in the way of files, where the files could not be listed. */
  private void addObstacles(FindingCollector findings) throws IOException {
    disk.visit(
        "",
        new Disk.Visitor() {
          @Override
          public void file(String file, long bytes) {
            // Which files there must be is not known.
          }

          @Override
          public void obstacle(Obstacle obstacle) {
            findings.obstacle(obstacle);
          }
        });
    findings.resolveObstacles(false);
  }

  /** Reports how the journal ends. */
  private static void tail(CheckContext context) {
    switch (context.tail().state()) {
      case JournalTail.State.Clean() -> {}
      case JournalTail.State.Torn torn ->
          context
              .findings()
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
        // Damage up to the checkpoint was compared with the logs and is reported with its remedy.
        if (!context.findings().has(damaged.finding().code(), damaged.finding().file())) {
          context.findings().add(damaged.finding());
        }
      }
    }
  }

  private static void headAgrees(CheckContext context) {
    long seq = context.head().seq();
    if (seq > 0
        && context.sequence().has(seq)
        && context.sequence().at(seq) != context.head().atMicros()) {
      context
          .findings()
          .add(
              Finding.error(
                  "control-differs",
                  Head.FILE.file(),
                  0,
                  "gives another time for change " + seq + " than its line"));
    }
  }

  /**
   * Decides about data after the last change that was known when the check began: it is new if the
   * archive is in use.
   */
  private void resolvePending(CheckContext context) throws IOException {
    if (context.findings().hasPending()) {
      context.findings().resolvePending(isInUse(context));
    }
  }

  private boolean isInUse(CheckContext context) throws IOException {
    try {
      Head now = Head.read(disk);
      return now.seq() > context.head().seq()
          || JournalTail.read(disk, context.identity(), now, 0).lastSeq(now)
              > context.sequence().last()
          || context.findings().isPending(ControlFileChecker.DIFFERS)
              && ControlFileChecker.isAlike(disk, ArchiveIdentity.FILE)
              && ControlFileChecker.isAlike(disk, Head.FILE);
    } catch (DamagedArchiveException e) {
      return false; // An archive that cannot be opened is not written to.
    }
  }

  /** Adds a note for each damaged file that shows known encoding damage. */
  private void addEncodingDamage(FindingCollector findings) throws IOException {
    List<Finding> named = new ArrayList<>();
    for (String file : findings.damagedFiles()) {
      String what = file.equals(".") ? "" : EncodingDamageDetector.of(disk, file);
      if (!what.isEmpty()) {
        named.add(Finding.note("mangled", file, 0, what));
      }
    }
    named.forEach(finding -> findings.add(finding.next(Finding.REPAIR)));
  }
}
