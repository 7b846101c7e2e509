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
 * Accepts that changes are lost for good, or do not fit the rows before them, and rewrites the
 * archive.
 *
 * <p>The archive is rewritten into a folder beside it, with a gap in place of each lost change. A
 * line that adds a row which is there already, or changes one that is not, is written as what it
 * amounts to; no line of a sound program contradicts another, but one that trusted a database which
 * was changed by hand wrote such lines. The new archive is checked and proven, and then takes the
 * place of the damaged one, which is kept. The database, if there is one, is rebuilt from it.
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
   * @param purpose whether the changes were lost, or contradict others
   * @param gaps the changes that are given up, such as {@code 17} and {@code 19-22}
   * @param seq the change that records the acceptance
   * @param keptAside where the damaged archive is kept
   * @param defaults which values were put in the place of lost ones
   * @param report a check of the new archive
   * @param recovered the recovery of the database; null if there was none
   */
  public record Result(
      ArchiveRewriter.Purpose purpose,
      List<String> gaps,
      long seq,
      Path keptAside,
      List<String> defaults,
      CheckReport report,
      Recovery.@Nullable Result recovered) {}

  /** A new archive that is whole and proven. */
  private record Rewritten(
      ArchiveRewriter.Purpose purpose,
      List<String> gaps,
      long seq,
      List<String> defaults,
      CheckReport report) {}

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
   * Accepts the loss of changes or, where none is lost, contradictions.
   *
   * @param named the numbers of all changes that are lost, or contradict others
   * @param reason in the operator's words
   * @param id a random id for the change that records the acceptance
   * @throws OperationRefusedException if nothing is wrong, or something else than what was named
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
        rewritten.purpose(),
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
      ArchiveRewriter.Purpose purpose = purpose(salvage, repair);
      if (purpose == ArchiveRewriter.Purpose.LOSSES) {
        requireNamed(salvage.lostSeqs(), named, "lost");
      }
      MachineClock.of(clock).requirePlausibleAfter(Timestamps.instant(salvage.lastAt()));
      SalvageRebuild.Result built =
          SalvageRebuild.into(scratch.resolve("view.db"), salvage, progress);
      if (purpose == ArchiveRewriter.Purpose.CONTRADICTIONS) {
        BitSet contradicting = new BitSet();
        built.refitted().keySet().forEach(seq -> contradicting.set(Math.toIntExact(seq)));
        requireNamed(contradicting, named, "contradicting");
      }
      List<String> gaps = runs(named);
      ArchiveRewriter.Acceptance acceptance =
          new ArchiveRewriter.Acceptance(
              purpose,
              id,
              String.join(", ", gaps),
              Math.max(Timestamps.micros(clock.instant()), salvage.lastAt()),
              Change.Cause.by(HandleNormalizer.SYSTEM).because(reason));
      ArchiveRewriter.write(salvage, built, acceptance, new FileSystemDisk(beside), progress);
      return new Rewritten(purpose, gaps, salvage.lastSeq() + 1, built.defaults(), proven(beside));
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /** What must be accepted: losses first, since a line may contradict another because of one. */
  private static ArchiveRewriter.Purpose purpose(Salvage salvage, ArchiveRepairer repair)
      throws OperationRefusedException {
    if (!salvage.lostSeqs().isEmpty()) {
      return ArchiveRewriter.Purpose.LOSSES;
    }
    if (repair.after().findings().stream().anyMatch(CheckReport::isContradiction)) {
      return ArchiveRewriter.Purpose.CONTRADICTIONS;
    }
    throw new OperationRefusedException(
        "no change is lost, so there is nothing to accept"
            + (repair.before().sound()
                ? ""
                : ". What is damaged can be made again. Run: thywill repair-archives --apply"));
  }

  /**
   * Requires that what is wrong was named, and nothing else.
   *
   * @param state of the changes that are wrong, such as {@code lost}
   */
  private static void requireNamed(BitSet wrong, BitSet named, String state)
      throws OperationRefusedException {
    BitSet right = (BitSet) named.clone();
    right.andNot(wrong);
    if (!right.isEmpty()) {
      throw new OperationRefusedException(
          "not %s: %s. What is %s: %s".formatted(state, shown(right), state, shown(wrong)));
    }
    BitSet unnamed = (BitSet) wrong.clone();
    unnamed.andNot(named);
    if (!unnamed.isEmpty()) {
      throw new OperationRefusedException(
          ("also %s: %s. An archive becomes sound only if all that is %s is accepted. Where a copy"
                  + " has it: thywill repair-archives --from DIR. If none does: thywill accept-gap"
                  + " %s --reason TEXT")
              .formatted(state, shown(unnamed), state, String.join(" ", runs(wrong))));
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
