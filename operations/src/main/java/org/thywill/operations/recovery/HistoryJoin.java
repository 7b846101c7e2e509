package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveCopy;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.RewrittenArchive;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;

/**
 * Brings two histories of one community together.
 *
 * <p>The archive stays the trunk: its changes keep their numbers. What only the other history has
 * is made again through a ledger as new changes, with who made them and why, and where they came
 * from. That is done in a copy of the archive in a folder beside it. The copy is checked and
 * proven, and then takes the place of the archive, which is kept. Nothing is changed before that.
 */
public final class HistoryJoin {
  private static final String KEPT = "before-join";

  private final Path archive;
  private final Path database;
  private final InstantSource clock;
  private final ProgressListener progress;
  private final Supplier<String> ids;

  /**
   * A row that both histories have changed, or that cannot be taken as it is.
   *
   * @param what happened to it, as the rest of a sentence that begins with the row
   * @param decisions lines that would decide about it, without the reason
   */
  public record Collision(String table, String key, String what, List<String> decisions) {}

  /**
   * The result of a join, or of a dry run.
   *
   * @param state of the other archive, before
   * @param common the last change that both had; 0 where they were not two histories
   * @param ours how many changes only this archive had
   * @param theirs how many changes only the other one had, which were not taken before
   * @param collisions that are not decided; where there are any, nothing was changed
   * @param joined what was done; null if nothing was
   */
  public record Result(
      PlaceState state,
      long common,
      long ours,
      long theirs,
      List<Collision> collisions,
      @Nullable Joined joined) {}

  /**
   * What a join has done, or would do.
   *
   * @param seq the change that records it
   * @param taken how many changes of the other history were made again
   * @param leftOut how many were not, each with a line that holds it
   * @param keptAside where the archive as it was is kept; null in a dry run
   * @param report a check of the new archive
   */
  public record Joined(
      long seq, long taken, long leftOut, @Nullable Path keptAside, CheckReport report) {}

  /**
   * Creates the join for one community.
   *
   * @param database the file of the view, which may be missing
   * @param ids makes random ids for new rows
   */
  public HistoryJoin(
      Path archive,
      Path database,
      InstantSource clock,
      ProgressListener progress,
      Supplier<String> ids) {
    this.archive = archive.toAbsolutePath().normalize();
    this.database = database;
    this.clock = clock;
    this.progress = progress;
    this.ids = ids;
  }

  /**
   * Joins the history of a place.
   *
   * @param overrides a file of decisions; null for none
   * @param dryRun whether to leave everything as it is
   * @throws OperationRefusedException if the place only goes further, is of another community or is
   *     damaged, or a decision cannot be followed
   * @throws ArchiveLock.Held if another process holds one of the archives
   */
  public Result run(Path place, @Nullable Path overrides, boolean dryRun) throws IOException {
    JoinDecisions decisions = JoinDecisions.read(overrides);
    Disk disk = ArchiveFolders.archive(archive);
    Disk other = ArchiveFolders.archive(place);
    if (Files.isSameFile(place, archive)) {
      throw new OperationRefusedException(
          "--from: " + place + " is the archive itself; another one of the community was expected");
    }
    String now = clock.instant().toString();
    ArchiveFolders.requireNotHeld(place, now);
    PlaceState state =
        PlaceState.of(ArchiveReader.open(disk, 0), requireSound(other, place, progress));
    return switch (state) {
      case PlaceState.Current _, PlaceState.Behind _, PlaceState.Joined _, PlaceState.Rewritten _ ->
          new Result(state, 0, 0, 0, List.of(), null);
      case PlaceState.Forked(long from) ->
          dryRun
              ? rehearse(place, state, from, decisions)
              : join(place, state, from, decisions, now);
      case PlaceState.Ahead _ ->
          throw new OperationRefusedException(
              place
                  + " has all changes of this archive, and newer ones; they can be added as they"
                  + " are. Run: thywill repair-archives --from "
                  + place
                  + " --apply");
      case PlaceState.Doubtful(long _, String why) -> throw refused(place, why);
      case PlaceState.Unusable(String why) -> throw refused(place, why);
      case PlaceState.Unreachable(String why) -> throw refused(place, why);
    };
  }

  private static OperationRefusedException refused(Path place, String why) {
    return new OperationRefusedException("--from: " + place + " " + why);
  }

  /** Opens an archive of which every byte is as it was written. */
  private static ArchiveReader requireSound(Disk disk, Path folder, ProgressListener progress)
      throws IOException {
    CheckReport report = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
    for (Finding finding : report.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw new OperationRefusedException(
            folder
                + " is damaged: "
                + finding
                + ". Repair it first. Run: thywill repair-archives --archive "
                + folder);
      }
    }
    return ArchiveReader.open(disk, 0);
  }

  private Result rehearse(Path place, PlaceState state, long from, JoinDecisions decisions)
      throws IOException {
    Path scratch = ScratchFolder.create(archive);
    try (ArchiveLock _ = ArchiveLock.acquire(archive, clock.instant().toString())) {
      return played(scratch.resolve("archive"), scratch, place, state, from, decisions);
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  private Result join(Path place, PlaceState state, long from, JoinDecisions decisions, String now)
      throws IOException {
    Path scratch = ScratchFolder.create(archive);
    try {
      Result result;
      try (RewrittenArchive rewritten = RewrittenArchive.begin(archive, now)) {
        result = played(rewritten.folder(), scratch, place, state, from, decisions);
        Joined joined = result.joined();
        if (joined == null) {
          return result;
        }
        Path kept = rewritten.takePlace(KEPT);
        result =
            new Result(
                state,
                result.common(),
                result.ours(),
                result.theirs(),
                result.collisions(),
                new Joined(joined.seq(), joined.taken(), joined.leftOut(), kept, joined.report()));
      }
      if (Files.exists(database)) {
        // The view has all changes of the trunk; it takes the new ones from the journal.
        Ledger.open(archive, database, clock, progress).close();
      }
      return result;
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /** Copies the archive into a folder, and plays the other history there. */
  private Result played(
      Path beside, Path scratch, Path place, PlaceState state, long from, JoinDecisions decisions)
      throws IOException {
    ArchiveReader own =
        requireSound(ArchiveFolders.archive(archive), archive, ProgressListener.NONE);
    ArchiveReader copy = ArchiveReader.open(ArchiveFolders.archive(place), 0);
    JoinPlan plan = JoinPlan.of(own, copy, from);
    Files.createDirectories(beside);
    ArchiveCopy.write(new FileSystemDisk(archive), new FileSystemDisk(beside));
    JoinPlayer player;
    long seq = 0;
    try (Ledger ledger = Ledger.open(beside, scratch.resolve("view.db"), clock, progress)) {
      player = new JoinPlayer(plan, decisions, place.toString(), ids);
      player.play(JoinPlayer.Target.of(ledger));
      if (player.collisions().isEmpty()) {
        seq = player.record(JoinPlayer.Target.of(ledger), head(own), head(copy));
      }
    }
    Joined joined = null;
    if (player.collisions().isEmpty()) {
      CheckReport report = proven(beside, scratch);
      joined = new Joined(seq, player.taken(), player.leftOut(), null, report);
    }
    return new Result(
        state, plan.common(), plan.ours(), plan.theirs(), player.collisions(), joined);
  }

  /** The last change of an archive and its running hash, as the record of a join names them. */
  private static String head(ArchiveReader archive) throws IOException {
    return archive.lastSeq() + " " + archive.runningHash().orElse("without a running hash");
  }

  /** Checks every byte of the new archive, and that its digest is that of its rows. */
  private CheckReport proven(Path beside, Path scratch) throws IOException {
    Disk disk = ArchiveFolders.archive(beside);
    CheckReport report = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
    for (Finding finding : report.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw new DamagedArchiveException(finding);
      }
    }
    new Recovery(beside, scratch.resolve("proof.db"), progress, clock.instant().toString())
        .run(new Recovery.Plan(PointInTime.NOW, Set.of(), true, true));
    return report;
  }
}
