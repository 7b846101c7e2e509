package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.archive.repair.Salvage;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.ArchiveRewriter;
import org.thywill.ledger.MachineClock;
import org.thywill.ledger.ViewFile;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.RewrittenArchive;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.SalvageRebuild;

/**
 * Accepts that changes are lost for good, and rewrites the archive without them.
 *
 * <p>The archive is rewritten into a folder beside it, with a gap in place of each lost change. The
 * new archive is checked and proven, and then takes the place of the damaged one, which is kept.
 * The database, if there is one, is rebuilt from it.
 *
 * <p>Nothing is changed before the new archive is whole and proven. After a crash between the two
 * renamings the archive's path is empty; the names of the two folders beside it say what they are.
 */
public final class GapAcceptance {
  private static final String KEPT = "before-gap";

  private final Path archive;
  private final ViewFile view;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * The result of an acceptance.
   *
   * @param gaps the changes that are given up, such as {@code 17} and {@code 19-22}
   * @param seq the change that records the acceptance
   * @param keptAside where the damaged archive is kept
   * @param defaults which values were put in the place of lost ones
   * @param report a check of the new archive
   * @param recovered the recovery of the database; null if there was none
   */
  public record Result(
      List<String> gaps,
      long seq,
      Path keptAside,
      List<String> defaults,
      CheckReport report,
      Recovery.@Nullable Result recovered) {}

  /** A new archive that is whole and proven. */
  private record Rewritten(
      List<String> gaps, long seq, List<String> defaults, CheckReport report) {}

  /**
   * Creates the acceptance for one community.
   *
   * @param database the file of the view, which may be missing
   */
  public GapAcceptance(
      Path archive, Path database, InstantSource clock, ProgressListener progress) {
    this.archive = archive.toAbsolutePath().normalize();
    this.view = new ViewFile(database);
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Accepts the loss of changes.
   *
   * @param named the numbers of all changes that are lost
   * @param reason in the operator's words
   * @param id a random id for the change that records the acceptance
   * @throws OperationRefusedException if nothing is lost, or something else than what was named
   * @throws ArchiveLock.Held if another process holds the archive
   */
  public Result run(BitSet named, String reason, String id) throws IOException {
    Disk disk = ArchiveFolders.archive(archive);
    Rewritten rewritten;
    Path kept;
    try (RewrittenArchive beside = RewrittenArchive.begin(archive, clock.instant().toString())) {
      rewritten = rewrite(disk, beside.folder(), named, reason, id);
      kept = beside.takePlace(KEPT);
    }
    Recovery.Result recovered = view.exists() ? recovery(archive).run(plan(false)) : null;
    return new Result(
        rewritten.gaps(),
        rewritten.seq(),
        kept,
        rewritten.defaults(),
        rewritten.report(),
        recovered);
  }

  private Rewritten rewrite(Disk disk, Path beside, BitSet named, String reason, String id)
      throws IOException {
    Path scratch = ScratchFolder.create(archive);
    try (ViewRowSource live =
        ViewRowSource.of(view.file(), ArchiveReader.identityOf(disk).community())) {
      ArchiveRepairer repair =
          ArchiveRepairer.plan(
              disk,
              Map.of(),
              live,
              new FileSystemDisk(Files.createDirectory(scratch.resolve("repaired"))),
              progress);
      Salvage salvage = Salvage.of(repair.repaired());
      requireNamed(salvage.lostSeqs(), named, repair.before().sound());
      MachineClock.of(clock).requirePlausibleAfter(Timestamps.instant(salvage.lastAt()));
      SalvageRebuild.Result built =
          SalvageRebuild.into(scratch.resolve("view.db"), salvage, progress);
      List<String> gaps = runs(named);
      ArchiveRewriter.Acceptance acceptance =
          new ArchiveRewriter.Acceptance(
              id,
              String.join(", ", gaps),
              Math.max(Timestamps.micros(clock.instant()), salvage.lastAt()),
              Change.Cause.by(HandleNormalizer.SYSTEM).because(reason));
      ArchiveRewriter.write(salvage, built, acceptance, new FileSystemDisk(beside), progress);
      return new Rewritten(gaps, salvage.lastSeq() + 1, built.defaults(), proven(beside));
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  private static void requireNamed(BitSet lost, BitSet named, boolean sound)
      throws OperationRefusedException {
    if (lost.isEmpty()) {
      throw new OperationRefusedException(
          "no change is lost, so there is nothing to accept"
              + (sound
                  ? ""
                  : ". What is damaged can be made again. Run: thywill repair-archives --apply"));
    }
    BitSet there = (BitSet) named.clone();
    there.andNot(lost);
    if (!there.isEmpty()) {
      throw new OperationRefusedException(
          "not lost: " + shown(there) + ". What is lost: " + shown(lost));
    }
    BitSet unnamed = (BitSet) lost.clone();
    unnamed.andNot(named);
    if (!unnamed.isEmpty()) {
      throw new OperationRefusedException(
          "also lost: "
              + shown(unnamed)
              + ". An archive becomes sound only if all that is lost is accepted. Where a copy has"
              + " it: thywill repair-archives --from DIR. If none does: thywill accept-gap "
              + String.join(" ", runs(lost))
              + " --reason TEXT");
    }
  }

  /** Checks every byte of the new archive, and that its digest is that of its rows. */
  private CheckReport proven(Path beside) throws IOException {
    CheckReport report =
        new ArchiveChecker(new FileSystemDisk(beside)).check(ArchiveChecker.Mode.FULL, progress);
    Optional<Finding> wrong =
        report.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst();
    if (wrong.isPresent()) {
      throw new DamagedArchiveException(wrong.get());
    }
    recovery(beside).run(plan(true));
    return report;
  }

  private Recovery recovery(Path from) {
    return new Recovery(from, view.file(), progress, clock.instant().toString());
  }

  private static Recovery.Plan plan(boolean dryRun) {
    return new Recovery.Plan(PointInTime.NOW, Set.of(), true, dryRun);
  }

  private static String shown(BitSet seqs) {
    return String.join(", ", runs(seqs));
  }

  /** Numbers that follow each other, such as {@code 17} and {@code 19-22}. */
  private static List<String> runs(BitSet seqs) {
    List<String> runs = new ArrayList<>();
    for (int first = seqs.nextSetBit(0); first >= 0; first = seqs.nextSetBit(first)) {
      int end = seqs.nextClearBit(first);
      runs.add(end == first + 1 ? Integer.toString(first) : first + "-" + (end - 1));
      first = end;
    }
    return runs;
  }
}
