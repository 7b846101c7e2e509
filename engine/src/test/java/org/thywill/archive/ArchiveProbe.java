package org.thywill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.thywill.archive.derived.PageUpdater;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/** Reads a whole archive for tests, and compares its pages and snapshots with its logs. */
public final class ArchiveProbe {
  private ArchiveProbe() {}

  /** Every change of an archive in order, from logs and journal. */
  public static List<Change> changes(Disk disk) throws IOException {
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    List<Change> changes = new ArrayList<>();
    BitSet seen = new BitSet();
    for (Table table : Catalog.TABLES) {
      reader.forEach(table, seen, changes::add);
    }
    reader.requireDense(seen);
    changes.sort(Comparator.comparingLong(Change::seq));
    changes.addAll(reader.tail());
    return changes;
  }

  /**
   * The differences in an archive whose last checkpoint covers all changes; empty if there are
   * none.
   */
  public static List<String> wrongPagesAndSnapshots(Disk disk) throws IOException {
    ArchiveIdentity identity = ArchiveIdentity.read(disk);
    Head head = Head.read(disk);
    List<String> wrong = new ArrayList<>();
    Set<String> pages =
        new TreeSet<>(
            disk.list(PrayerPageFile.FOLDER).stream().filter(PrayerPageFile::isPage).toList());
    new PageUpdater(disk, identity, head)
        .forEachExpected(
            (file, content) -> {
              if (!pages.remove(file)) {
                wrong.add(file + " is missing");
              } else if (!Arrays.equals(disk.readAll(file), content)) {
                wrong.add(file + " is not what the logs say");
              }
            });
    pages.forEach(file -> wrong.add(file + " is of no prayer"));
    Snapshots snapshots = new Snapshots(disk, identity, head);
    for (Table table : Snapshots.tables()) {
      if (!head.logsOf(table).isEmpty()
          && !Arrays.equals(disk.readAll(Snapshots.file(table)), snapshots.expected(table))) {
        wrong.add(Snapshots.file(table) + " is not what the logs say");
      }
    }
    return wrong;
  }
}
