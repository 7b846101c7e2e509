package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.ArchiveIdentity;
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
import org.thywill.progress.ProgressListener;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.DigestMismatchException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;
import org.thywill.view.rebuild.RecoveryMarker;
import org.thywill.view.rebuild.SalvageRebuild;

/**
 * Builds the database of a community from its archive alone: beside, proven, then swapped in; what
 * stood there before is kept.
 */
public final class Recovery {
  /** The code of a finding that names changes without which a database was made. */
  public static final String LOST = "change-lost";

  private static final int LOGS_NAMED_MAX = 3;

  private final Path archive;
  private final ViewFile home;
  private final ProgressListener progress;
  private final String now;
  private final Look look;

  /**
   * What is to be recovered.
   *
   * @param until up to where
   * @param only the groups to bring back into a database that exists; empty for a whole new one
   * @param replace whether a database that exists may be put aside
   * @param dryRun whether to prove only, and to leave nothing behind
   * @param acceptMissing whether to go on without what cannot be had
   * @param decisions what the operator decided about single rows
   */
  public record Plan(
      PointInTime until,
      Set<RecoveryGroup> only,
      boolean replace,
      boolean dryRun,
      boolean acceptMissing,
      Optional<OverridesFile> decisions) {
    /** Without anything that a person has to answer for. */
    public Plan(PointInTime until, Set<RecoveryGroup> only, boolean replace, boolean dryRun) {
      this(until, only, replace, dryRun, false, Optional.empty());
    }
  }

  /** Looks at what was built, before it is put in its place or thrown away. */
  @FunctionalInterface
  public interface Look {
    void at(ViewReader view) throws IOException;
  }

  /**
   * What was recovered.
   *
   * @param rows in all tables
   * @param tables rows by table
   * @param withheld what the archive deliberately does not hold, with how often: members provide it
   *     anew
   * @param proven whether the digest is the one that the archive recorded
   * @param keptAside where the database is that stood there before
   * @param defaults what was put in the place of what is lost
   */
  public record Result(
      long changes,
      long seq,
      long rows,
      Map<String, Long> tables,
      Digest digest,
      Map<String, Long> withheld,
      boolean proven,
      Optional<Path> keptAside,
      List<Finding> findings,
      List<String> defaults) {}

  /** What was built in a scratch file. */
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
   * @param now for the message to whoever finds the archive held
   */
  public Recovery(Path archive, Path database, ProgressListener progress, String now) {
    this(archive, database, progress, now, view -> {});
  }

  /** A recovery whose outcome somebody wants to look at. */
  public Recovery(Path archive, Path database, ProgressListener progress, String now, Look look) {
    this.look = look;
    this.archive = archive;
    this.home = new ViewFile(database);
    this.progress = progress;
    this.now = now;
  }

  /**
   * Recovers.
   *
   * @throws OperationRefusedException if the plan would put something at risk
   * @throws org.thywill.archive.format.DamagedArchiveException if the archive is not what was
   *     written
   */
  public Result run(Plan plan) throws IOException {
    Disk disk = ArchiveFolders.archive(archive);
    if (!plan.dryRun()) {
      ArchiveFolders.requireNotHeld(archive, now);
    }
    boolean ofEverythingNow = plan.only().isEmpty() && plan.until().equals(PointInTime.NOW);
    if (!ofEverythingNow && (plan.acceptMissing() || plan.decisions().isPresent())) {
      throw new OperationRefusedException(
          "--accept-missing and --overrides are for a whole new database as of now; they do not go"
              + " with --until or --only");
    }
    return plan.only().isEmpty() ? whole(disk, plan) : part(disk, plan);
  }

  private Result whole(Disk disk, Plan plan) throws IOException {
    if (home.exists() && !plan.replace() && !plan.dryRun()) {
      throw new OperationRefusedException(
          home.file() + " exists. Add --replace to put it aside, or name another with --db");
    }
    Path scratch = home.scratch();
    try {
      return install(scratch, plan, built(scratch, disk, plan));
    } finally {
      home.deleteScratch(scratch);
    }
  }

  private Built built(Path scratch, Disk disk, Plan plan) throws IOException {
    try {
      ArchiveReader reader = ArchiveReader.open(disk, 0);
      requireReachable(reader, plan.until());
      return Built.whole(Rebuild.into(scratch, reader, plan.until(), progress), reader.findings());
    } catch (DamagedArchiveException damage) {
      if (!plan.acceptMissing()) {
        throw damage;
      }
      home.deleteScratch(scratch);
      return salvaged(scratch, disk);
    }
  }

  /**
   * Goes on without what cannot be had, and names it. What a repair could restore is read as it
   * would be then, out of a scratch folder; the archive stays as it is.
   */
  private Built salvaged(Path scratch, Disk disk) throws IOException {
    Path repaired = Files.createTempDirectory("thywill-");
    try {
      ArchiveRepairer repair =
          ArchiveRepairer.plan(disk, Map.of(), new FileSystemDisk(repaired), progress);
      return salvaged(scratch, repair.before(), Salvage.of(repair.repaired()));
    } finally {
      ArchiveFolders.delete(repaired);
    }
  }

  private Built salvaged(Path scratch, CheckReport report, Salvage salvage) throws IOException {
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
    String where =
        logs.isEmpty()
            ? "it came after the last checkpoint"
            : logs.size() == 1
                ? "expected in this log"
                : "expected in one of "
                    + String.join(", ", logs.subList(0, Math.min(LOGS_NAMED_MAX, logs.size())))
                    + (logs.size() > LOGS_NAMED_MAX ? " …" : "");
    return Finding.error(
            LOST,
            logs.size() == 1 ? logs.getFirst() : ".",
            0,
            (lost.first() == lost.last() ? "change " : "the changes ")
                + lost.seqs()
                + " cannot be had from anywhere, and the database was made without; "
                + where)
        .next("thywill repair-archives --from DIR");
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

  private Result part(Disk disk, Plan plan) throws IOException {
    if (!plan.until().equals(PointInTime.NOW)) {
      throw new OperationRefusedException(
          "--only brings groups to the database's own state; it does not go with --until");
    }
    if (!home.exists()) {
      throw new OperationRefusedException(
          home.file()
              + " does not exist; --only brings groups back into a database that does. Run: thywill"
              + " recover");
    }
    List<Table> tables =
        Catalog.TABLES.stream().filter(table -> plan.only().contains(table.group())).toList();
    Path scratch = home.scratch();
    try {
      long held;
      try (SqliteReader database = SqliteReader.open(home.file())) {
        requireSameCommunity(disk, database);
        held = database.state().seq();
        database.copyTo(scratch);
      }
      ArchiveReader reader = ArchiveReader.open(disk, held);
      Rebuild.Result built = Rebuild.tables(scratch, reader, tables, progress);
      return install(scratch, plan, Built.whole(built, reader.findings()));
    } finally {
      home.deleteScratch(scratch);
    }
  }

  private static void requireSameCommunity(Disk disk, SqliteReader database) throws IOException {
    String community = ArchiveIdentity.read(disk).community();
    if (!database.state().community().equals(community)) {
      throw new OperationRefusedException(
          "the database belongs to community "
              + database.state().community()
              + ", the archive to "
              + community);
    }
  }

  private Result install(Path scratch, Plan plan, Built built) throws IOException {
    Map<String, Long> tables = new LinkedHashMap<>();
    Map<String, Long> withheld;
    try (SqliteReader view = SqliteReader.open(scratch)) {
      for (Table table : Catalog.TABLES) {
        tables.put(table.name(), view.exists(table) ? view.count(table) : 0);
      }
      withheld = WithheldSecrets.count(view);
    }
    List<Finding> findings = new ArrayList<>(built.findings());
    if (plan.only().isEmpty() && plan.until().equals(PointInTime.NOW)) {
      AcceptedGaps gaps;
      try (SqliteReader view = SqliteReader.open(scratch)) {
        gaps = AcceptedGaps.of(view);
      }
      gaps.finding().ifPresent(findings::add);
      mark(scratch, plan, built, gaps);
    }
    try (SqliteReader view = SqliteReader.open(scratch)) {
      look.at(view);
    }
    Optional<Path> aside = Optional.empty();
    if (!plan.dryRun()) {
      if (Files.exists(home.file())) {
        aside = Optional.of(home.setAside("replaced"));
      }
      home.install(scratch);
    }
    long rows = tables.values().stream().mapToLong(Long::longValue).sum();
    return new Result(
        built.changes(),
        built.seq(),
        rows,
        tables,
        built.digest(),
        withheld,
        built.proven(),
        aside,
        List.copyOf(findings),
        built.defaults());
  }

  /**
   * Leaves in the view what is to be done when service resumes; a recovery itself writes nothing
   * down.
   */
  private static void mark(Path scratch, Plan plan, Built built, AcceptedGaps gaps)
      throws IOException {
    List<PendingRecovery.Decision> decisions = List.of();
    if (plan.decisions().isPresent()) {
      try (SqliteReader view = SqliteReader.open(scratch)) {
        decisions = plan.decisions().get().on(view);
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
