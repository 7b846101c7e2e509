package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
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
import org.thywill.archive.repair.DigestReplacement;
import org.thywill.catalog.Digest;
import org.thywill.ledger.ViewFile;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.RewrittenArchive;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * Accepts the digest of the rows where the archive recorded another one.
 *
 * <p>Only where every line, number, page and seal holds. The archive is copied into a folder beside
 * it, with the digest of the rows in its head and a line in {@code operations/} that says who
 * accepted what, and why. The copy is checked and proven, and then takes the place of the archive,
 * which is kept. Nothing is changed before that.
 */
public final class DigestAcceptance {
  private static final String KEPT = "before-digest";

  private final Path archive;
  private final ViewFile view;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * The result of an acceptance.
   *
   * @param was the digest that the archive recorded
   * @param is the digest of the rows
   * @param seq the change that records the acceptance
   * @param keptAside where the archive as it was is kept
   * @param report a check of the new archive
   * @param recovered the recovery of the database; null if there was none
   */
  public record Result(
      String was,
      String is,
      long seq,
      Path keptAside,
      CheckReport report,
      Recovery.@Nullable Result recovered) {}

  /**
   * Creates the acceptance for one community.
   *
   * @param database the file of the view, which may be missing
   */
  public DigestAcceptance(
      Path archive, Path database, InstantSource clock, ProgressListener progress) {
    this.archive = archive.toAbsolutePath().normalize();
    this.view = new ViewFile(database);
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Accepts the digest of the rows.
   *
   * @param reason in the operator's words
   * @param id a random id for the change that records the acceptance
   * @throws OperationRefusedException if the digest is right, or something else is wrong too
   * @throws ArchiveLock.Held if another process holds the archive
   */
  public Result run(String reason, String id) throws IOException {
    Disk disk = ArchiveFolders.archive(archive);
    Path scratch = ScratchFolder.create(archive);
    try {
      String was;
      Digest is;
      long seq;
      CheckReport report;
      Path kept;
      try (RewrittenArchive rewritten =
          RewrittenArchive.begin(archive, clock.instant().toString())) {
        Path beside = rewritten.folder();
        requireOnlyDigest(check(disk));
        ArchiveReader reader = ArchiveReader.open(disk, 0);
        was = reader.head().digest().hex();
        is =
            Rebuild.unproven(
                    scratch.resolve("checkpoint.db"),
                    reader,
                    PointInTime.seq(reader.head().seq()),
                    progress)
                .digest();
        DigestReplacement.write(new FileSystemDisk(archive), is, new FileSystemDisk(beside));
        seq =
            new OperationLog(beside, scratch.resolve("view.db"), clock, progress)
                .write(
                    new OperationLog.Entry(
                        id,
                        OperationLog.DIGEST,
                        "accepted",
                        "was " + was + ", is " + is.hex(),
                        reason));
        report = proven(beside);
        kept = rewritten.takePlace(KEPT);
      }
      Recovery.Result recovered = view.exists() ? recovery(archive).run(plan(false)) : null;
      return new Result(was, is.hex(), seq, kept, report, recovered);
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  private static void requireOnlyDigest(CheckReport report) throws OperationRefusedException {
    if (report.sound()) {
      throw new OperationRefusedException(
          "the digest that the archive recorded is that of its rows, so there is nothing to"
              + " accept");
    }
    if (!report.isOnlyDigestWrong()) {
      throw new OperationRefusedException(
          "more than the digest is wrong: "
              + report.findings().getFirst()
              + ". Run: thywill repair-archives --apply");
    }
  }

  private CheckReport check(Disk disk) throws IOException {
    return new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
  }

  /** Checks every byte of the new archive, and that its digest is that of its rows. */
  private CheckReport proven(Path beside) throws IOException {
    CheckReport report = check(ArchiveFolders.archive(beside));
    for (Finding finding : report.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw new DamagedArchiveException(finding);
      }
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
}
