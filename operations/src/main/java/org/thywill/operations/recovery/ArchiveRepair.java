package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.ledger.StartRefusedException;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;

/** Repairs an archive from itself and from copies of it, and records the repair in it. */
public final class ArchiveRepair {
  private final Path archive;
  private final Path database;
  private final List<Path> locations;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * The result of a repair, or of a plan for one.
   *
   * @param before a check of the archive as it was found
   * @param after a check of the archive as it is now, or as it would be
   * @param mended the files that were restored, or would be
   * @param recorded the change that records the repair; empty if nothing was repaired, or if it
   *     could not be recorded, which a note then says
   * @param notes what else there is to say
   */
  public record Result(
      CheckReport before,
      CheckReport after,
      List<ArchiveRepairer.RepairedFile> mended,
      OptionalLong recorded,
      List<Finding> notes) {}

  /**
   * Creates the repair of one archive.
   *
   * @param database the file of the view, which may be missing; its rows help to restore damaged
   *     lines where their checksums agree
   * @param locations folders with copies of the archive, of any age and in any state
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

  /**
   * The copies of an archive that a repair can use, of the places that a setting names.
   *
   * @param names folders, separated by commas; those that are missing, hold no archive, are the
   *     archive itself or belong to another community are left out
   */
  public static List<Path> usable(String names, Path archive) throws IOException {
    List<Path> usable = new ArrayList<>();
    Optional<String> ours = community(ArchiveFolders.archiveAsItIs(archive));
    for (String name : names.split(",", -1)) {
      Path place = Path.of(name.strip());
      if (!name.isBlank() && Files.isDirectory(place) && !Files.isSameFile(place, archive)) {
        Disk disk = GzipDisk.at(place);
        boolean isOurs =
            ArchiveReader.isArchive(disk)
                && (ours.isEmpty()
                    || community(disk).filter(id -> !ours.get().equals(id)).isEmpty());
        if (isOurs) {
          usable.add(place);
        }
      }
    }
    return usable;
  }

  /** Finds out what can be repaired, and changes nothing. */
  public Result plan() throws IOException {
    Path scratch = ScratchFolder.create(archive);
    try {
      ArchiveRepairer repair = plan(scratch);
      return new Result(
          repair.before(), repair.after(), repair.repairedFiles(), OptionalLong.empty(), List.of());
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /**
   * Repairs what can be repaired, and records it if the archive is sound then.
   *
   * @param id a random id for the change that records it
   * @throws ArchiveLock.Held if another process holds the archive
   */
  public Result apply(String id) throws IOException {
    Path scratch = ScratchFolder.create(archive);
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
    try (ViewRowSource live = ViewRowSource.of(database, community(disk).orElse(null))) {
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

  /** The id of the community of an archive; empty where that is lost. */
  private static Optional<String> community(Disk disk) throws IOException {
    try {
      return Optional.of(ArchiveReader.identityOf(disk).community());
    } catch (DamagedArchiveException e) {
      return Optional.empty();
    }
  }

  /** Records what was done; if that fails, a note says so, and the repair is valid all the same. */
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
            OperationLog.REPAIR,
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
