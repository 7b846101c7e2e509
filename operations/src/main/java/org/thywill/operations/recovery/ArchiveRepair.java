package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.ledger.StartRefusedException;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.progress.ProgressListener;

/** Repairs an archive from itself and from copies of it, and writes down that it did. */
public final class ArchiveRepair {
  private final Path archive;
  private final Path database;
  private final List<Path> locations;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * What came of it.
   *
   * @param before the archive as it was found
   * @param after the archive as it is now, or as it would be
   * @param mended what was made again, or would be
   * @param recorded the change that tells of the repair; empty if there was nothing to tell, or if
   *     that had to wait
   * @param notes what else there is to say
   */
  public record Result(
      CheckReport before,
      CheckReport after,
      List<ArchiveRepairer.RepairedFile> mended,
      OptionalLong recorded,
      List<Finding> notes) {}

  /**
   * For one archive.
   *
   * @param database where the view is, or may be: what it has of damaged lines is taken by their
   *     checks, and the change that tells of a repair goes through it
   * @param locations folders with copies of it, of any age and in any state
   */
  public ArchiveRepair(
      Path archive,
      Path database,
      List<Path> locations,
      InstantSource clock,
      ProgressListener progress) {
    this.archive = archive;
    this.database = database;
    this.locations = List.copyOf(locations);
    this.clock = clock;
    this.progress = progress;
  }

  /** Says what can be repaired; changes nothing. */
  public Result plan() throws IOException {
    Path scratch = Files.createTempDirectory("thywill-");
    try {
      ArchiveRepairer repair = plan(scratch);
      return new Result(
          repair.before(), repair.after(), repair.repairedFiles(), OptionalLong.empty(), List.of());
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /**
   * Repairs what can be repaired.
   *
   * @param id a random id for that change
   * @throws ArchiveLock.Held if another process holds the archive
   */
  public Result apply(String id) throws IOException {
    Path scratch = Files.createTempDirectory("thywill-");
    ArchiveRepairer repair;
    try (ArchiveLock _ = ArchiveLock.acquire(archive, clock.instant().toString())) {
      repair = plan(scratch);
      if (!repair.repairedFiles().isEmpty()) {
        repair.apply();
      }
    } finally {
      ArchiveFolders.delete(scratch);
    }
    Result done =
        new Result(
            repair.before(),
            repair.after(),
            repair.repairedFiles(),
            OptionalLong.empty(),
            List.of());
    return repair.repairedFiles().isEmpty() || !repair.after().sound() ? done : recorded(done, id);
  }

  private ArchiveRepairer plan(Path scratch) throws IOException {
    Disk disk = ArchiveFolders.archiveAsItIs(archive);
    Map<String, Disk> copies = new LinkedHashMap<>();
    for (Path location : locations) {
      Disk copy = ArchiveFolders.archiveAsItIs(location);
      if (Files.isSameFile(location, archive)) {
        throw new OperationRefusedException(
            "--from: "
                + location
                + " is the archive itself; a copy of it somewhere else was expected");
      }
      requireSameCommunity(disk, copy, location);
      copies.put(location.toString(), copy);
    }
    try (ViewRowSource live = ViewRowSource.of(database, community(disk))) {
      return ArchiveRepairer.plan(disk, copies, live, new FileSystemDisk(scratch), progress);
    }
  }

  private static void requireSameCommunity(Disk disk, Disk copy, Path location) throws IOException {
    Optional<String> ours = community(disk);
    Optional<String> theirs = community(copy);
    if (ours.isPresent() && theirs.isPresent() && !ours.equals(theirs)) {
      throw new OperationRefusedException(
          "--from: "
              + location
              + " is the archive of another community ("
              + theirs.get()
              + ", not "
              + ours.get()
              + ")");
    }
  }

  /** The community of an archive; empty where that is lost. */
  private static Optional<String> community(Disk disk) throws IOException {
    try {
      return Optional.of(ArchiveIdentity.read(disk).community());
    } catch (DamagedArchiveException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes down what was done. That it could not be written down is told; the repair holds all the
   * same.
   */
  private Result recorded(Result done, String id) throws IOException {
    String files =
        done.mended().stream()
            .map(mended -> mended.file() + " " + mended.action())
            .collect(Collectors.joining("; "));
    String causes =
        String.join(
            ", ",
            new TreeSet<>(
                done.mended().stream().flatMap(mended -> mended.causes().stream()).toList()));
    OperationLog.Entry entry =
        new OperationLog.Entry(
            id,
            "repair",
            "sound",
            files + (causes.isEmpty() ? "" : " (" + causes + ")"),
            "repair-archives");
    try {
      long seq = new OperationLog(archive, database, clock, progress).write(entry);
      return new Result(
          done.before(), done.after(), done.mended(), OptionalLong.of(seq), done.notes());
    } catch (StartRefusedException | DamagedArchiveException | ArchiveLock.Held e) {
      Finding note =
          Finding.note(
              "repair-unrecorded",
              ".",
              0,
              "the repair is done but not written down in operations/: " + e.getMessage());
      return new Result(
          done.before(), done.after(), done.mended(), OptionalLong.empty(), List.of(note));
    }
  }
}
