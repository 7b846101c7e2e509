package org.thywill.operations.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Change;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.format.TimeText;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.recovery.PlaceState;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;

/**
 * Inspects the copies of an archive that the setting {@code ARCHIVE_LOCATIONS} names.
 *
 * <p>Of a copy it reads the control files, the end of the journal, and the names and sizes of all
 * other files. Whether every byte of it is right is the answer of {@code validate-archives
 * --archive COPY}.
 */
public final class ArchiveCopies {
  /** A copy that has lacked something for longer than this is a finding. */
  static final Duration AGE_MAX = Duration.ofDays(1);

  private final Path archive;
  private final @Nullable ArchiveReader own;
  private final Instant now;
  private final List<Finding> findings;

  /** The state of a location. */
  public enum State {
    /** The archive that is written to. */
    OWN("this archive"),
    /** The archive that is written to, and cannot be opened. */
    OWN_BROKEN("this archive, which cannot be opened"),
    /** A copy that lacks nothing. */
    CURRENT("current"),
    /** A copy that lacks the newest changes. */
    BEHIND("behind"),
    /** A copy that has all changes of this archive, and newer ones. */
    AHEAD("ahead"),
    /** An archive of the same community with other changes from some change on. */
    FORKED("forked"),
    /** A copy that can be opened; how far the archive itself goes is not known. */
    READABLE("readable"),
    /** A copy that nothing can be rebuilt from as it is. */
    UNUSABLE("unusable"),
    /** A place that cannot be read now; what it holds is not known. */
    UNREACHABLE("unreachable");

    private final String label;

    State(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * A folder with the archive or a copy of it, and what is in it.
   *
   * @param name its path
   * @param seq the last change that it has; 0 where it cannot be opened
   * @param lastAt when that change was made; null where it cannot be opened
   * @param age for how long it has lacked something; zero where it lacks nothing, and where that is
   *     not known
   * @param sameDisk whether it is on the disk of the archive, and is lost with it
   * @param remark what else there is to say; may be empty
   */
  public record Location(
      String name,
      State state,
      long seq,
      @Nullable Instant lastAt,
      Duration age,
      boolean sameDisk,
      String remark) {
    /** Whether this community could be rebuilt from it, up to the last change that it has. */
    public boolean isUsable() {
      return switch (state) {
        case OWN, CURRENT, BEHIND, AHEAD, READABLE -> true;
        case OWN_BROKEN, FORKED, UNUSABLE, UNREACHABLE -> false;
      };
    }
  }

  /**
   * Creates the inspection of one archive's copies.
   *
   * @param own of the archive itself; null where it cannot be opened
   * @param findings to which it adds what is not as it should be
   */
  ArchiveCopies(Path archive, @Nullable ArchiveReader own, Instant now, List<Finding> findings) {
    this.archive = archive;
    this.own = own;
    this.now = now;
    this.findings = findings;
  }

  /**
   * Inspects all of them.
   *
   * @param names folders, separated by commas; blank ones are skipped
   * @return the archive itself first, then the copies in the order of their names
   */
  List<Location> inspect(String names) {
    List<Location> copies = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        copies.add(inspect(Path.of(name.strip())));
      }
    }
    if (copies.stream().noneMatch(copy -> copy.isUsable() && !copy.sameDisk())) {
      findings.add(
          Finding.warning(
                  "copies-few",
                  ".",
                  0,
                  (copies.stream().anyMatch(Location::isUsable)
                          ? "every usable copy of the archive is on the archive's own disk"
                          : "there is no usable copy of the archive")
                      + ": if this disk dies, everything is gone. Copy the folder to another disk"
                      + " or machine and name that place in "
                      + Configuration.LOCATIONS)
              .next("thywill config"));
    }
    if (own == null) {
      suggestBest(copies);
    }
    List<Location> all = new ArrayList<>(List.of(archiveItself()));
    all.addAll(copies);
    return all;
  }

  private Location archiveItself() {
    String name = archive.toString();
    if (own == null) {
      return new Location(name, State.OWN_BROKEN, 0, null, Duration.ZERO, true, "");
    }
    Instant lastAt = Timestamps.instant(own.lastAt());
    return new Location(name, State.OWN, own.lastSeq(), lastAt, Duration.ZERO, true, "");
  }

  /** Adds a finding that names the copy from which a lost archive can be restored. */
  private void suggestBest(List<Location> copies) {
    copies.stream()
        .filter(Location::isUsable)
        .max(Comparator.comparingLong(Location::seq))
        .ifPresent(
            best ->
                findings.add(
                    Finding.warning(
                            "copy-helps",
                            ".",
                            0,
                            best.name()
                                + " has every change up to "
                                + best.seq()
                                + (best.lastAt() == null ? "" : " of " + best.lastAt()))
                        .next(
                            Files.exists(archive)
                                ? "thywill repair-archives --from " + best.name()
                                : "cp -a " + best.name() + " " + archive)));
  }

  private Location inspect(Path copy) {
    try {
      if (Files.exists(archive) && Files.exists(copy) && Files.isSameFile(copy, archive)) {
        return unusable(copy, "is the archive itself, not a copy of it", "thywill config");
      }
      Disk disk = ArchiveFolders.archive(copy);
      ArchiveReader reader = ArchiveReader.open(disk, 0);
      if (own != null && !reader.identity().community().equals(own.identity().community())) {
        return unusable(copy, "is the archive of another community", "thywill config");
      }
      CheckReport check =
          new ArchiveChecker(disk).check(ArchiveChecker.Mode.QUICK, ProgressListener.NONE);
      if (!check.sound()) {
        return unusable(
            copy,
            "is damaged: " + check.findings().getFirst(),
            "thywill validate-archives --archive " + copy);
      }
      return compare(own, copy, reader);
    } catch (NoSuchFileException e) {
      return unreachable(copy, "is not there");
    } catch (DamagedArchiveException e) {
      return unusable(
          copy, "is damaged: " + e.finding(), "thywill validate-archives --archive " + copy);
    } catch (IOException e) {
      return unreachable(copy, "cannot be read: " + e.getMessage());
    }
  }

  /** Compares a copy that can be opened with the archive itself, if that can be opened. */
  private Location compare(@Nullable ArchiveReader whole, Path copy, ArchiveReader reader)
      throws IOException {
    boolean sameDisk = isOnDiskOfArchive(copy);
    String name = copy.toString();
    long seq = reader.lastSeq();
    Instant lastAt = Timestamps.instant(reader.lastAt());
    String remark = sameDisk ? "on the same disk as the archive" : "";
    if (whole == null) {
      return new Location(name, State.READABLE, seq, lastAt, Duration.ZERO, sameDisk, remark);
    }
    return switch (PlaceState.of(whole, reader)) {
      case PlaceState.Current() ->
          new Location(name, State.CURRENT, seq, lastAt, Duration.ZERO, sameDisk, remark);
      case PlaceState.Behind(long changes) -> {
        Duration age = lackingFor(whole, reader);
        addIfOld(copy, seq, changes, age);
        yield new Location(name, State.BEHIND, seq, lastAt, age, sameDisk, remark);
      }
      case PlaceState.Ahead(long changes) -> {
        findings.add(
            Finding.error(
                    "copy-ahead",
                    ".",
                    0,
                    copy
                        + " has changes up to "
                        + seq
                        + ", this archive only up to "
                        + (seq - changes)
                        + ": this archive is an older one, or has lost something")
                .next("thywill repair-archives --from " + copy));
        yield new Location(name, State.AHEAD, seq, lastAt, Duration.ZERO, sameDisk, remark);
      }
      case PlaceState.Joined(long from, long joined) -> {
        Duration age = since(whole, from);
        findings.add(
            Finding.warning(
                    "copy-old",
                    ".",
                    0,
                    copy
                        + " has another history from change "
                        + from
                        + " on, which was joined up to change "
                        + joined
                        + ". Put it aside, and copy the archive again")
                .next(""));
        yield new Location(
            name, State.BEHIND, seq, lastAt, age, sameDisk, "joined up to change " + joined);
      }
      case PlaceState.Rewritten(long from, String by) -> {
        Duration age = since(whole, from);
        findings.add(
            Finding.warning(
                    "copy-old",
                    ".",
                    0,
                    copy
                        + " is from before this archive was rewritten from change "
                        + from
                        + " on by "
                        + by
                        + ". Put it aside, and copy the archive again")
                .next(""));
        yield new Location(
            name, State.BEHIND, seq, lastAt, age, sameDisk, "from before a rewriting by " + by);
      }
      case PlaceState.Doubtful(long _, String why) -> doubtful(copy, why);
      case PlaceState.Unusable(String why) -> doubtful(copy, why);
      case PlaceState.Unreachable(String why) -> unreachable(copy, why);
      case PlaceState.Forked(long from) -> {
        findings.add(
            Finding.error(
                    "copy-forked",
                    ".",
                    0,
                    copy
                        + " has another history from change "
                        + from
                        + " on: changes "
                        + from
                        + " to "
                        + seq
                        + " there and "
                        + from
                        + " to "
                        + whole.lastSeq()
                        + " here are different ones. Keep both, and let no server write to either:"
                        + " docs/RECOVERY.md, Two servers have written")
                .next(PlaceGuard.joining(copy)));
        yield new Location(
            name,
            State.FORKED,
            seq,
            lastAt,
            Duration.ZERO,
            sameDisk,
            "another history from change " + from + " on");
      }
    };
  }

  /** Whether a copy is lost with the disk of the archive, or of its folder where it is missing. */
  private boolean isOnDiskOfArchive(Path copy) throws IOException {
    Path folder = Files.exists(archive) ? archive : ArchiveFolders.realFolder(archive);
    return folder != null && Files.getFileStore(copy).equals(Files.getFileStore(folder));
  }

  private void addIfOld(Path copy, long seq, long lacking, Duration age) {
    if (age.compareTo(AGE_MAX) > 0) {
      findings.add(
          Finding.warning(
                  "copy-old",
                  ".",
                  0,
                  copy
                      + " ends with change "
                      + seq
                      + " and has lacked newer ones, "
                      + lacking
                      + " by now, for "
                      + TimeText.duration(age)
                      + ". Copy the archive again")
              .next(""));
    }
  }

  /**
   * How long ago the first change was made that a copy lacks.
   *
   * <p>Where the archive is damaged at that change, the copy's last change is taken instead.
   */
  private Duration lackingFor(ArchiveReader whole, ArchiveReader copy) throws IOException {
    return since(whole, copy.lastSeq() + 1, copy.lastAt());
  }

  /** How long ago a change was made. */
  private Duration since(ArchiveReader whole, long seq) throws IOException {
    return since(whole, seq, whole.lastAt());
  }

  private Duration since(ArchiveReader whole, long seq, long atOtherwise) throws IOException {
    long at;
    try {
      at = whole.history().last(PointInTime.seq(seq)::includes).map(Change::at).orElse(atOtherwise);
    } catch (DamagedArchiveException e) {
      at = atOtherwise; // The damage itself is among the findings of the check.
    }
    Duration age = Duration.between(Timestamps.instant(at), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private Location doubtful(Path copy, String why) {
    return unusable(copy, why, "thywill validate-archives --archive " + copy);
  }

  private Location unusable(Path copy, String why, String next) {
    return without(State.UNUSABLE, copy, why, next);
  }

  private Location unreachable(Path copy, String why) {
    return without(State.UNREACHABLE, copy, why, "thywill config");
  }

  private Location without(State state, Path copy, String why, String next) {
    findings.add(Finding.warning("copy-unusable", ".", 0, copy + " " + why).next(next));
    return new Location(copy.toString(), state, 0, null, Duration.ZERO, false, why);
  }
}
