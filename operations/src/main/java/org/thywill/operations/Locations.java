package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.Finding;
import org.thywill.archive.Head;
import org.thywill.archive.Identity;
import org.thywill.archive.disk.RealDisk;
import org.thywill.catalog.Timestamps;

/** The places where copies of an archive are kept, as the setting {@code ARCHIVE_LOCATIONS} names them, each looked at by its head. */
public final class Locations {
  /** A copy that lacks changes and is older than this is a finding. */
  static final Duration AGE_MAX = Duration.ofDays(1);

  private final Path archive;
  private final ArchiveReader own;
  private final Instant now;

  /**
   * A place and what is there.
   *
   * @param state this archive, current, behind, unusable
   * @param seq the last change that its head has; 0 where it is unusable
   * @param age how long ago that change was made; of a copy that lacks nothing, and of one that is unusable, zero
   */
  public record Location(String name, String state, long seq, Duration age, String remark) {
    public boolean isUsable() {
      return !state.equals(UNUSABLE);
    }
  }

  private static final String UNUSABLE = "unusable";

  Locations(Path archive, ArchiveReader own, Instant now) {
    this.archive = archive;
    this.own = own;
    this.now = now;
  }

  /**
   * Looks at all of them, this archive first.
   *
   * @param names folders, parted by commas
   */
  List<Location> look(String names, List<Finding> findings) {
    List<Location> all = new ArrayList<>();
    all.add(new Location(archive.toString(), "this archive", own.lastSeq(), Duration.ZERO, "the archive that is written to"));
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        all.add(look(Path.of(name.strip()), findings));
      }
    }
    if (all.stream().filter(Location::isUsable).count() < 2) {
      findings.add(Finding.warning("copies-few", ".", 0, "there is no usable copy of the archive outside its own folder: if this disk dies, everything is gone. Copy the folder to another"
          + " machine or disk, and name the place in " + Configuration.LOCATIONS).next("thywill config"));
    }
    return all;
  }

  private Location look(Path copy, List<Finding> findings) {
    try {
      RealDisk disk = Places.archive(copy);
      if (Files.isSameFile(copy, archive)) {
        return unusable(copy, "this is the archive itself, not a copy of it", findings);
      }
      Identity identity = Identity.read(disk);
      if (!identity.community().equals(own.identity().community())) {
        return unusable(copy, "the archive of another community", findings);
      }
      Head head = Head.read(disk);
      return judged(copy, head, findings);
    } catch (IOException e) {
      return unusable(copy, "cannot be read: " + e.getMessage(), findings);
    }
  }

  /** What a copy's journal has behind its head is not counted, so that a location is never said to hold more than it does. */
  private Location judged(Path copy, Head head, List<Finding> findings) throws IOException {
    boolean sameDisk = Files.getFileStore(copy).equals(Files.getFileStore(archive));
    String remark = sameDisk ? "on the same disk as the archive" : "";
    if (sameDisk) {
      findings.add(Finding.note("copy-same-disk", ".", 0, copy + " is on the same disk as the archive, and dies with it"));
    }
    if (head.seq() > own.lastSeq()) {
      findings.add(Finding.error("copy-ahead", ".", 0, copy + " has changes up to " + head.seq() + ", this archive only up to " + own.lastSeq()
          + ": it is an older one, or has lost something").next("thywill repair-archives --from " + copy));
    }
    if (head.seq() >= own.head().seq()) {
      return new Location(copy.toString(), "current", head.seq(), Duration.ZERO, remark);
    }
    Duration age = Duration.between(Timestamps.instant(head.at()), now);
    if (age.compareTo(AGE_MAX) > 0) {
      findings.add(Finding.warning("copy-old", ".", 0, copy + " ends with change " + head.seq() + " of " + age.toDays() + " days ago and lacks "
          + (own.lastSeq() - head.seq()) + " changes. Copy the archive again").next(""));
    }
    return new Location(copy.toString(), "behind", head.seq(), age, remark);
  }

  private static Location unusable(Path copy, String why, List<Finding> findings) {
    findings.add(Finding.warning("copy-unusable", ".", 0, copy + ": " + why).next("thywill config"));
    return new Location(copy.toString(), UNUSABLE, 0, Duration.ZERO, why);
  }
}
