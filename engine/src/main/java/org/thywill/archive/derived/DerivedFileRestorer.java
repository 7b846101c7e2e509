package org.thywill.archive.derived;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.log.DerivedLineFinder;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Restores missing pages and snapshots from the logs.
 *
 * <p>It checks only whether the files exist, so that a start does not wait for a full check. Pages
 * of removed prayers, which the view does not know, are left to a repair.
 */
public final class DerivedFileRestorer {
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;
  private final List<Finding> notes = new ArrayList<>();

  /** A restorer for the files that a checkpoint covers. */
  public DerivedFileRestorer(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
  }

  /**
   * Restores what is missing. A file whose logs are damaged stays missing.
   *
   * @param pending prayers that only the journal has; the next checkpoint writes their pages
   * @return a note for each file that was restored, or could not be
   */
  public List<Finding> restore(PrayerSource prayers, Set<String> pending) throws IOException {
    for (Table table : Snapshots.tables()) {
      String file = Snapshots.file(table);
      if (!head.logsOf(table).isEmpty() && !disk.exists(file)) {
        snapshot(table, file);
      }
    }
    Map<String, String> missing = new TreeMap<>();
    Set<String> pages = new HashSet<>(disk.list(PrayerPageFile.FOLDER));
    prayers.forEach(
        (prayer, addedAt) -> {
          String file = PrayerPageFile.file(prayer, addedAt);
          if (!pages.contains(file) && !pending.contains(prayer)) {
            missing.put(prayer, file);
          }
        });
    if (!missing.isEmpty()) {
      pages(missing);
    }
    return notes;
  }

  private void snapshot(Table table, String file) throws IOException {
    try {
      disk.replace(file, new Snapshots(disk, identity, head).expected(table));
      notes.add(Finding.note("snapshot-made", file, 0, "was missing; made again from the logs"));
    } catch (DamagedArchiveException e) {
      notes.add(stillMissing("snapshot-missing", file, e));
    }
  }

  private void pages(Map<String, String> missing) throws IOException {
    List<String> written = new ArrayList<>();
    try {
      for (List<Line> lines :
          new DerivedLineFinder(disk, identity, head).ofPrayers(missing::containsKey).values()) {
        Optional<Change> added = PrayerPageFile.added(lines);
        String file =
            added.map(change -> PrayerPageFile.file(change.row().key(), change.at())).orElse("");
        if (added.isPresent() && !disk.exists(file)) {
          disk.write(file, PrayerPageFile.render(lines));
          written.add(file);
        }
      }
    } catch (DamagedArchiveException e) {
      missing.values().forEach(file -> notes.add(stillMissing("page-missing", file, e)));
    }
    disk.forceAll(written);
    written.stream()
        .sorted()
        .forEach(
            file ->
                notes.add(
                    Finding.note("page-made", file, 0, "was missing; made again from the logs")));
  }

  private static Finding stillMissing(String code, String file, DamagedArchiveException cause) {
    return Finding.note(
            code,
            file,
            0,
            "is missing, and cannot be restored while a log is damaged: " + cause.getMessage())
        .next(Finding.REPAIR);
  }
}
