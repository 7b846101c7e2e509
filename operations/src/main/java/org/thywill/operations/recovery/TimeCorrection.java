package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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
 * Corrects the times of changes that were made under a clock that was ahead.
 *
 * <p>The archive is rewritten into a folder beside it: every change keeps its number and its row,
 * and one whose time has not come gets the present time. The new archive is checked and proven, and
 * then takes the place of the old one, which is kept. The database, if there is one, is rebuilt.
 */
public final class TimeCorrection {
  private static final String KEPT = "before-times";

  private final Path archive;
  private final ViewFile view;
  private final MachineClock clock;
  private final ProgressListener progress;

  /**
   * The result of a correction.
   *
   * @param first the first change that got another time
   * @param last the last one
   * @param seq the change that records the correction
   * @param keptAside where the old archive is kept
   * @param recovered the recovery of the database; null if there was none
   */
  public record Result(
      long first,
      long last,
      long seq,
      Path keptAside,
      CheckReport report,
      Recovery.@Nullable Result recovered) {}

  /**
   * Creates the correction for one community.
   *
   * @param database the file of the view, which may be missing
   */
  public TimeCorrection(
      Path archive, Path database, MachineClock clock, ProgressListener progress) {
    this.archive = archive.toAbsolutePath().normalize();
    this.view = new ViewFile(database);
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Corrects the times.
   *
   * @param reason in the operator's words
   * @param id a random id for the change that records it
   * @throws OperationRefusedException if no change has a time that has not come
   * @throws DamagedArchiveException if the archive is not sound
   * @throws ArchiveLock.Held if another process holds the archive
   */
  public Result run(String reason, String id) throws IOException {
    Instant now = clock.instant();
    clock.requirePlausible();
    Disk disk = ArchiveFolders.archive(archive);
    Path scratch = ScratchFolder.create(archive);
    try {
      long first;
      long last;
      CheckReport report;
      Path kept;
      try (RewrittenArchive rewritten = RewrittenArchive.begin(archive, now.toString())) {
        Path beside = rewritten.folder();
        requireSound(disk);
        ArchiveReader reader = ArchiveReader.open(disk, 0);
        first = firstAfter(reader, Timestamps.micros(now));
        last = reader.lastSeq();
        Salvage all = Salvage.of(disk);
        ArchiveRewriter.write(
            all,
            SalvageRebuild.into(scratch.resolve("view.db"), all, progress),
            new ArchiveRewriter.Acceptance(
                ArchiveRewriter.Purpose.TIMES,
                id,
                first + "-" + last + " had times up to " + Timestamps.format(reader.lastAt()),
                Timestamps.micros(now),
                Change.Cause.by(HandleNormalizer.SYSTEM).because(reason)),
            new FileSystemDisk(beside),
            progress);
        report = requireSound(new FileSystemDisk(beside));
        recovery(beside, now).run(plan(true));
        kept = rewritten.takePlace(KEPT);
      }
      Recovery.Result recovered = view.exists() ? recovery(archive, now).run(plan(false)) : null;
      return new Result(first, last, last + 1, kept, report, recovered);
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /** The first change with a later time; all that follow it have one, too. */
  private static long firstAfter(ArchiveReader reader, long nowMicros) throws IOException {
    if (reader.lastSeq() == 0 || reader.lastAt() <= nowMicros) {
      throw new OperationRefusedException(
          "no change has a time that has not come, so there is nothing to correct. The last one is"
              + " of "
              + Timestamps.format(reader.lastAt()));
    }
    return reader.history().last(change -> change.at() <= nowMicros).map(Change::seq).orElse(0L)
        + 1;
  }

  private CheckReport requireSound(Disk disk) throws IOException {
    CheckReport report = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
    Optional<Finding> wrong =
        report.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst();
    if (wrong.isPresent()) {
      throw new DamagedArchiveException(wrong.get());
    }
    return report;
  }

  private Recovery recovery(Path from, Instant now) {
    return new Recovery(from, view.file(), progress, now.toString());
  }

  private static Recovery.Plan plan(boolean dryRun) {
    return new Recovery.Plan(PointInTime.NOW, Set.of(), true, dryRun);
  }
}
