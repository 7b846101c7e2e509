package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.archive.repair.Salvage;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.ledger.ViewFile;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.DigestMismatchException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;
import org.thywill.view.rebuild.RecoveryMarker;
import org.thywill.view.rebuild.SalvageRebuild;

/**
 * Rebuilds the database of a community from its archive.
 *
 * <p>The new database is built in a scratch file, proven by its digest, and only then put in the
 * place of the old one, which is kept.
 */
public final class Recovery {
  /** The code of a finding that names changes without which a database was made. */
  public static final String LOST = "change-lost";

  /** The code of a finding that names what a recovery of some groups left wrong. */
  public static final String DIFFERS = "database-differs";

  private static final int LOGS_NAMED_MAX = 3;

  private final Path archive;
  private final ViewFile view;
  private final ProgressListener progress;
  private final String now;
  private final Inspection inspection;

  /**
   * What is to be recovered, and how.
   *
   * @param until the point in time up to which changes are applied
   * @param only the groups to recover within a database that exists; empty for a whole new database
   * @param replace whether a database that exists may be put aside
   * @param dryRun whether to build and prove only, and to change nothing
   * @param acceptMissing whether to go on without lost changes
   * @param older whether the database that is replaced may hold more changes than the archive
   * @param overrides the operator's decisions about single rows; null for none
   */
  public record Plan(
      PointInTime until,
      Set<RecoveryGroup> only,
      boolean replace,
      boolean dryRun,
      boolean acceptMissing,
      boolean older,
      @Nullable OverridesFile overrides) {
    /** A plan that accepts no loss and overrides nothing. */
    public Plan(PointInTime until, Set<RecoveryGroup> only, boolean replace, boolean dryRun) {
      this(until, only, replace, dryRun, false, false, null);
    }
  }

  /** Reads the new database before it is put in its place or deleted. */
  @FunctionalInterface
  public interface Inspection {
    void inspect(ViewReader view) throws IOException;
  }

  /**
   * The result of a recovery.
   *
   * @param changes how many changes were applied
   * @param seq the last of them
   * @param digest of the rows in the new database
   * @param proven whether the digest was compared with one that the archive recorded
   * @param keptAside where the old database is kept; null if there was none, or nothing was changed
   * @param defaults which values were put in the place of lost ones
   */
  public record Result(
      long changes,
      long seq,
      Digest digest,
      boolean proven,
      Contents contents,
      @Nullable Path keptAside,
      List<Finding> findings,
      List<String> defaults) {
    /** Whether the database is known to be the one that the archive recorded. */
    public boolean equal() {
      return proven && !differs(findings);
    }

    /** How many rows all tables have. */
    public long rows() {
      return tables().values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows each table has. */
    public Map<String, Long> tables() {
      return contents.tables();
    }

    /** What the archive never holds, with how often it is missing. */
    public Map<String, Long> withheld() {
      return contents.withheld();
    }
  }

  /**
   * What a new database holds.
   *
   * @param tables how many rows each table has
   * @param withheld what the archive never holds, with how often it is missing; members provide it
   *     again
   */
  public record Contents(Map<String, Long> tables, Map<String, Long> withheld) {
    private static Contents of(SqliteReader view) throws IOException {
      Map<String, Long> tables = new LinkedHashMap<>();
      for (Table table : Catalog.TABLES) {
        tables.put(table.name(), view.exists(table) ? view.count(table) : 0);
      }
      return new Contents(tables, WithheldSecrets.count(view));
    }
  }

  /** Whether a recovery of some groups left others wrong. */
  private static boolean differs(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.code().equals(DIFFERS));
  }

  /** A database in a scratch file, before it is put in its place. */
  private record Built(
      long changes,
      long seq,
      Digest digest,
      boolean proven,
      List<Finding> findings,
      List<Salvage.Lost> lost,
      List<String> defaults) {
    static Built whole(Rebuild.Result result, List<Finding> findings) {
      return new Built(
          result.changes(),
          result.seq(),
          result.digest(),
          result.proven(),
          findings,
          List.of(),
          List.of());
    }
  }

  /**
   * Creates the recovery of one community.
   *
   * @param now for the message to another process that finds the archive held
   */
  public Recovery(Path archive, Path database, ProgressListener progress, String now) {
    this(archive, database, progress, now, view -> {});
  }

  /** Creates a recovery that lets the new database be inspected, also in a dry run. */
  public Recovery(
      Path archive, Path database, ProgressListener progress, String now, Inspection inspection) {
    this.inspection = inspection;
    this.archive = archive;
    this.view = new ViewFile(database);
    this.progress = progress;
    this.now = now;
  }

  /**
   * Runs the recovery.
   *
   * <p>If it fails, the old database is unchanged.
   *
   * @throws OperationRefusedException if the plan would put data at risk
   * @throws org.thywill.archive.format.DamagedArchiveException if the archive is not what was
   *     written
   */
  public Result run(Plan plan) throws IOException {
    Disk disk = ArchiveFolders.archive(archive);
    if (!plan.dryRun()) {
      ArchiveFolders.requireNotHeld(archive, now);
    }
    boolean isWholeAndNow = plan.only().isEmpty() && plan.until().equals(PointInTime.NOW);
    if (!isWholeAndNow && (plan.acceptMissing() || plan.overrides() != null)) {
      throw new OperationRefusedException(
          "--accept-missing and --overrides are for a whole new database as of now; they do not go"
              + " with --until or --only");
    }
    return plan.only().isEmpty() ? recoverWhole(disk, plan) : recoverGroups(disk, plan);
  }

  private Result recoverWhole(Disk disk, Plan plan) throws IOException {
    if (view.exists() && !plan.replace() && !plan.dryRun()) {
      throw new OperationRefusedException(
          view.file() + " exists. Add --replace to put it aside, or name another with --db");
    }
    if (view.exists() && plan.replace() && !plan.older()) {
      requireNotNewer(disk);
    }
    ArchiveFolders.requireOutside(view.file(), archive, "--db");
    Path scratch = view.scratch();
    try {
      return install(scratch, plan, build(scratch, disk, plan));
    } finally {
      view.deleteScratch(scratch);
    }
  }

  /**
   * Requires that the database does not hold more changes than the archive, because they would be
   * lost with it. One that cannot be read holds nothing that could be used.
   */
  private void requireNotNewer(Disk disk) throws IOException {
    OptionalLong last = lastSeq(disk);
    if (last.isEmpty()) {
      return; // the recovery says what is damaged
    }
    long held;
    try (SqliteReader database = SqliteReader.open(view.file())) {
      if (!database.state().community().equals(ArchiveReader.identityOf(disk).community())) {
        return;
      }
      held = database.state().seq();
    } catch (ViewException e) {
      return;
    }
    long lacking = held - last.getAsLong();
    if (lacking > 0) {
      throw new OperationRefusedException(
          "the database holds change "
              + held
              + ", the archive ends with change "
              + last.getAsLong()
              + ": the archive has lost "
              + (lacking == 1 ? "a change" : lacking + " changes")
              + " that the database still has. Where another copy of the archive has them, run:"
              + " thywill repair-archives --from DIR. To go back to the older state all the same,"
              + " run: thywill recover --replace --older; the database is kept aside");
    }
  }

  /** The last change of the archive; empty if it is too damaged to say. */
  private static OptionalLong lastSeq(Disk disk) throws IOException {
    try {
      return OptionalLong.of(ArchiveReader.open(disk, 0).lastSeq());
    } catch (DamagedArchiveException e) {
      return OptionalLong.empty();
    }
  }

  private Built build(Path scratch, Disk disk, Plan plan) throws IOException {
    try {
      ArchiveReader reader = ArchiveReader.open(disk, 0);
      requireReachable(reader, plan.until());
      return Built.whole(Rebuild.into(scratch, reader, plan.until(), progress), reader.findings());
    } catch (DigestMismatchException mismatch) {
      return unproven(scratch, disk, plan, mismatch);
    } catch (DamagedArchiveException damage) {
      if (!plan.acceptMissing()) {
        throw damage;
      }
      view.deleteScratch(scratch);
      return salvage(scratch, disk);
    }
  }

  /**
   * Builds a database whose digest is not the one that the archive recorded, if nothing else is
   * wrong with the archive.
   *
   * @throws DigestMismatchException the mismatch, if something is
   */
  private Built unproven(Path scratch, Disk disk, Plan plan, DigestMismatchException mismatch)
      throws IOException {
    CheckReport report = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
    if (!report.isOnlyDigestWrong()) {
      throw mismatch;
    }
    view.deleteScratch(scratch);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    Rebuild.Result built = Rebuild.unproven(scratch, reader, plan.until(), progress);
    List<Finding> findings = new ArrayList<>(reader.findings());
    report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .forEach(findings::add);
    return Built.whole(built, findings);
  }

  /**
   * Builds a database without the lost changes.
   *
   * <p>What a repair could restore is restored in a scratch folder; the archive stays as it is.
   */
  private Built salvage(Path scratch, Disk disk) throws IOException {
    Path repaired = ScratchFolder.create(archive);
    try {
      ArchiveRepairer repair =
          ArchiveRepairer.plan(disk, Map.of(), new FileSystemDisk(repaired), progress);
      return salvage(scratch, repair.before(), Salvage.of(repair.repaired()));
    } finally {
      ArchiveFolders.delete(repaired);
    }
  }

  private Built salvage(Path scratch, CheckReport report, Salvage salvage) throws IOException {
    SalvageRebuild.Result built = SalvageRebuild.into(scratch, salvage, progress);
    List<Salvage.Lost> lost = salvage.lost();
    if (lost.isEmpty() && !built.proven()) {
      throw new DigestMismatchException(
          "every line can be had, but the rebuilt database differs from what the archive recorded."
              + " Run: thywill validate-archives");
    }
    List<Finding> findings = new ArrayList<>();
    lost.forEach(each -> findings.add(lost(each)));
    report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .forEach(findings::add);
    return new Built(
        built.changes(),
        built.seq(),
        built.digest(),
        built.proven(),
        findings,
        lost,
        built.defaults());
  }

  private static Finding lost(Salvage.Lost lost) {
    List<String> logs = lost.logs();
    return Finding.error(
            LOST,
            logs.size() == 1 ? logs.getFirst() : ".",
            0,
            (lost.first() == lost.last() ? "change " : "the changes ")
                + lost.seqs()
                + " cannot be had from anywhere, and the database was made without; "
                + expectedPlace(logs))
        .next("thywill repair-archives --from DIR");
  }

  private static String expectedPlace(List<String> logs) {
    return switch (logs.size()) {
      case 0 -> "it came after the last checkpoint";
      case 1 -> "expected in this log";
      default ->
          "expected in one of "
              + String.join(", ", logs.subList(0, Math.min(LOGS_NAMED_MAX, logs.size())))
              + (logs.size() > LOGS_NAMED_MAX ? " …" : "");
    };
  }

  /** Whether a finding says that the database has another digest than the archive recorded. */
  public static boolean isAboutTheDigest(Finding finding) {
    return CheckReport.isAboutTheDigest(finding);
  }

  /** Whether a finding says that the head of the archive was derived. */
  public static boolean isAboutTheHead(Finding finding) {
    return CheckReport.isAboutTheHead(finding);
  }

  private static void requireReachable(ArchiveReader reader, PointInTime until)
      throws OperationRefusedException {
    if (until.seq() != Long.MAX_VALUE && until.seq() > reader.lastSeq()) {
      throw new OperationRefusedException(
          "the archive ends with change "
              + reader.lastSeq()
              + "; it cannot be rebuilt until change "
              + until.seq());
    }
    if (until.atMicros() < reader.identity().createdAt() && reader.lastSeq() == 0) {
      throw new OperationRefusedException("the archive holds nothing yet");
    }
  }

  private Result recoverGroups(Disk disk, Plan plan) throws IOException {
    if (!plan.until().equals(PointInTime.NOW)) {
      throw new OperationRefusedException(
          "--only brings groups to the database's own state; it does not go with --until");
    }
    if (!view.exists()) {
      throw new OperationRefusedException(
          view.file()
              + " does not exist; --only brings groups back into a database that does. Run: thywill"
              + " recover");
    }
    List<Table> tables =
        Catalog.TABLES.stream().filter(table -> plan.only().contains(table.group())).toList();
    Path scratch = view.scratch();
    try {
      long held;
      try (SqliteReader database = SqliteReader.open(view.file())) {
        requireSameCommunity(ArchiveReader.identityOf(disk).community(), database);
        held = database.state().seq();
        database.copyTo(scratch);
      }
      ArchiveReader reader = ArchiveReader.open(disk, held);
      Rebuild.Result built = Rebuild.tables(scratch, reader, tables, progress);
      List<Finding> findings = new ArrayList<>(reader.findings());
      if (!built.differing().isEmpty()) {
        findings.add(differing(built.differing()));
      }
      return install(scratch, plan, Built.whole(built, findings));
    } finally {
      view.deleteScratch(scratch);
    }
  }

  private Finding differing(List<Table> tables) {
    return Finding.error(
            DIFFERS,
            view.file().toString(),
            0,
            "the database as a whole is not what the archive recorded: "
                + tables.stream().map(Table::name).collect(Collectors.joining(", "))
                + (tables.size() == 1 ? " differs" : " differ"))
        .asRepairable()
        .next(
            "thywill recover --only "
                + tables.stream()
                    .map(table -> table.group().label())
                    .distinct()
                    .collect(Collectors.joining(",")));
  }

  private static void requireSameCommunity(String community, SqliteReader database)
      throws IOException {
    if (!database.state().community().equals(community)) {
      throw new OperationRefusedException(
          "the database belongs to community "
              + database.state().community()
              + ", the archive to "
              + community);
    }
  }

  private Result install(Path scratch, Plan plan, Built built) throws IOException {
    Contents contents;
    try (SqliteReader reader = SqliteReader.open(scratch)) {
      contents = Contents.of(reader);
    }
    List<Finding> findings = new ArrayList<>(built.findings());
    if (plan.only().isEmpty() && plan.until().equals(PointInTime.NOW)) {
      AcceptedGaps gaps;
      try (SqliteReader reader = SqliteReader.open(scratch)) {
        gaps = AcceptedGaps.of(reader);
      }
      gaps.finding().ifPresent(findings::add);
      markPending(scratch, plan, built, gaps);
    }
    try (SqliteReader reader = SqliteReader.open(scratch)) {
      inspection.inspect(reader);
    }
    Path keptAside = null;
    if (!plan.dryRun()) {
      if (Files.exists(view.file())) {
        keptAside = view.setAside("replaced");
      }
      view.install(scratch);
    }
    return new Result(
        built.changes(),
        built.seq(),
        built.digest(),
        built.proven(),
        contents,
        keptAside,
        List.copyOf(findings),
        built.defaults());
  }

  /** Notes in the view what is to be done when service resumes; the archive is not changed. */
  private static void markPending(Path scratch, Plan plan, Built built, AcceptedGaps gaps)
      throws IOException {
    List<PendingRecovery.Decision> decisions = List.of();
    if (plan.overrides() != null) {
      try (SqliteReader reader = SqliteReader.open(scratch)) {
        decisions = plan.overrides().pendingFor(reader);
      }
    }
    List<PendingRecovery.Lost> lost = new ArrayList<>(gaps.unresolved());
    built
        .lost()
        .forEach(
            each ->
                lost.add(
                    new PendingRecovery.Lost(
                        each.first(),
                        each.last(),
                        each.tables().stream().map(Table::name).toList())));
    RecoveryMarker.recovered(
        scratch, new PendingRecovery(built.seq(), lost, built.lost().isEmpty(), decisions));
  }
}
