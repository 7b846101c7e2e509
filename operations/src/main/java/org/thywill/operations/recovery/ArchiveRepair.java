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
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.HistoryComparison;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.ledger.ArchiveExtension;
import org.thywill.ledger.Ledger;
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
  private final String places;
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
   * @param extension what a newer copy has added, or would add; null if there is nothing
   * @param notes what else there is to say
   */
  public record Result(
      CheckReport before,
      CheckReport after,
      List<ArchiveRepairer.RepairedFile> mended,
      OptionalLong recorded,
      @Nullable Extension extension,
      List<Finding> notes) {}

  /**
   * Changes that a newer copy of the same history has.
   *
   * @param from the folder of the copy
   * @param first the first of them
   * @param last the last of them
   */
  public record Extension(Path from, long first, long last) {}

  /** A copy that is ahead, and what it has that the archive lacks. */
  private record Newer(Extension extension, ArchiveReader copy) {}

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
    this(archive, database, locations, "", clock, progress);
  }

  /**
   * Creates the repair of one archive, which is recorded only if no place has changes that the
   * archive lacks.
   *
   * @param places folders, separated by commas
   */
  public ArchiveRepair(
      Path archive,
      Path database,
      List<Path> locations,
      String places,
      InstantSource clock,
      ProgressListener progress) {
    this.archive = archive;
    this.database = database;
    this.locations = List.copyOf(locations);
    this.places = places;
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
      List<Finding> notes = new ArrayList<>();
      ArchiveRepairer repair = plan(scratch, notes);
      Newer newer = repair.before().sound() ? newest(notes) : null;
      return result(repair, repair.after(), newer, notes);
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
    List<Finding> notes = new ArrayList<>();
    ArchiveRepairer repair;
    CheckReport after;
    Newer newer;
    try (ArchiveLock lock = ArchiveLock.acquire(archive, clock.instant().toString())) {
      repair = plan(scratch, notes);
      if (!repair.repairedFiles().isEmpty()) {
        repair.apply();
      }
      after = repair.after();
      newer = after.sound() ? newest(notes) : null;
      if (newer != null) {
        Disk disk = ArchiveFolders.archive(archive);
        ArchiveExtension.extend(disk, lock, newer.copy());
        after = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
      }
    } finally {
      ArchiveFolders.delete(scratch);
    }
    if (newer != null && after.sound()) {
      follow(notes);
    }
    Result done = result(repair, after, newer, notes);
    return repair.repairedFiles().isEmpty() || !after.sound() ? done : recorded(done, id);
  }

  private static Result result(
      ArchiveRepairer repair, CheckReport after, @Nullable Newer newer, List<Finding> notes) {
    return new Result(
        repair.before(),
        after,
        repair.repairedFiles(),
        OptionalLong.empty(),
        newer == null ? null : newer.extension(),
        List.copyOf(notes));
  }

  /**
   * The copy that goes furthest among those that have all changes of the archive and more; null if
   * there is none. Called where the archive is sound.
   */
  private @Nullable Newer newest(List<Finding> notes) throws IOException {
    ArchiveReader own = ArchiveReader.open(ArchiveFolders.archive(archive), 0);
    Newer newest = null;
    for (Path location : locations) {
      try {
        ArchiveReader copy = ArchiveReader.open(ArchiveFolders.archive(location), 0);
        if (HistoryComparison.of(own, copy) instanceof HistoryComparison.Relation.Ahead _
            && (newest == null || copy.lastSeq() > newest.extension().last())) {
          newest = new Newer(new Extension(location, own.lastSeq() + 1, copy.lastSeq()), copy);
        }
      } catch (DamagedArchiveException e) {
        notes.add(
            Finding.note(
                    "copy-unusable",
                    ".",
                    0,
                    location + " cannot be compared, because it is damaged: " + e.finding())
                .next("thywill validate-archives --archive " + location));
      }
    }
    return newest;
  }

  /** Copies the new changes to the logs, and updates the view if there is one. */
  private void follow(List<Finding> notes) throws IOException {
    Path scratch = ScratchFolder.create(archive);
    Path view = Files.exists(database) ? database : scratch.resolve("view.db");
    try (Ledger ledger = Ledger.open(archive, view, clock, progress)) {
      notes.addAll(ledger.findings());
    } catch (StartRefusedException e) {
      notes.add(
          Finding.warning(
                  "view-not-updated",
                  ".",
                  0,
                  "the archive has the changes, but the database does not follow: "
                      + e.getMessage())
              .next("thywill recover --replace"));
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  /**
   * Refuses a copy that went on by itself: its lines have the numbers of others. Where a line that
   * is needed to find out is damaged, it is not known, and the seals and the digest decide.
   */
  private boolean isForked(Disk disk, Disk copy, Path location, List<Finding> notes)
      throws IOException {
    try {
      return switch (PlaceState.of(ArchiveReader.open(disk, 0), ArchiveReader.open(copy, 0))) {
        case PlaceState.Forked(long from) -> {
          notes.add(
              Finding.warning(
                      "copy-forked",
                      ".",
                      0,
                      location
                          + " has another history from change "
                          + from
                          + " on, and nothing was taken from it. Keep both: docs/RECOVERY.md, Two"
                          + " servers have written")
                  .next(PlaceGuard.joining(location)));
          yield true;
        }
        case PlaceState.Joined(long from, long joined) -> {
          notes.add(
              Finding.note(
                  "copy-joined",
                  ".",
                  0,
                  location
                      + " has another history from change "
                      + from
                      + " on, which was joined up to change "
                      + joined
                      + "; nothing was taken from it. Copy the archive there again"));
          yield true;
        }
        case PlaceState.Rewritten(long from, String by) -> {
          notes.add(
              Finding.note(
                  "copy-rewritten",
                  ".",
                  0,
                  location
                      + " is from before the archive was rewritten from change "
                      + from
                      + " on by "
                      + by
                      + "; nothing was taken from it. Copy the archive there again"));
          yield true;
        }
        case PlaceState.Current _,
            PlaceState.Behind _,
            PlaceState.Ahead _,
            PlaceState.Doubtful _,
            PlaceState.Unusable _,
            PlaceState.Unreachable _ ->
            false;
      };
    } catch (DamagedArchiveException e) {
      return false; // A damaged archive is what a repair is for.
    }
  }

  private ArchiveRepairer plan(Path scratch, List<Finding> notes) throws IOException {
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
      if (!isForked(disk, copy, location, notes)) {
        copies.put(location.toString(), copy);
      }
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
      new PlaceGuard(archive).require(places);
      long seq = new OperationLog(archive, database, clock, progress).write(entry);
      return new Result(
          done.before(),
          done.after(),
          done.mended(),
          OptionalLong.of(seq),
          done.extension(),
          done.notes());
    } catch (StartRefusedException
        | OperationRefusedException
        | DamagedArchiveException
        | ArchiveLock.Held e) {
      Finding note =
          Finding.note(
              "repair-unrecorded",
              ".",
              0,
              "the repair is done but not written down in operations/: " + e.getMessage());
      List<Finding> notes = new ArrayList<>(done.notes());
      notes.add(note);
      return new Result(
          done.before(),
          done.after(),
          done.mended(),
          OptionalLong.empty(),
          done.extension(),
          notes);
    }
  }
}
