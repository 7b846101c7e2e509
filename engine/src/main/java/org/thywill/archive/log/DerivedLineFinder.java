package org.thywill.archive.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;

/** Finds the lines from which pages and snapshots are made, in the logs up to the checkpoint. */
public final class DerivedLineFinder {
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;

  /** A finder in the logs that a checkpoint covers. */
  public DerivedLineFinder(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
  }

  /** The tables whose rows are shown on pages. */
  public static List<Table> pageTables() {
    return Catalog.TABLES.stream().filter(table -> table.pageColumn().isPresent()).toList();
  }

  /**
   * All lines that name one of the wanted prayers, by the prayer's id, each list in the order of
   * seq.
   *
   * @throws DamagedArchiveException if a log is damaged
   */
  public Map<String, List<Line>> ofPrayers(Predicate<String> wanted) throws IOException {
    Map<String, List<Line>> found = new HashMap<>();
    LineCodec codec = new LineCodec();
    LineBuffer scratch = new LineBuffer();
    for (Table table : pageTables()) {
      reader()
          .forEach(
              table,
              change -> {
                String prayer = PrayerPageFile.prayerOf(change).orElse(null);
                if (prayer != null && wanted.test(prayer)) {
                  found
                      .computeIfAbsent(prayer, id -> new ArrayList<>())
                      .add(Line.encode(change, codec, scratch));
                }
                return true;
              });
    }
    found
        .values()
        .forEach(lines -> lines.sort(Comparator.comparingLong(line -> line.change().seq())));
    return found;
  }

  /**
   * The last line of each row of a table that is present at the checkpoint, by key.
   *
   * @throws DamagedArchiveException if a log is damaged
   */
  public SortedMap<String, Line> present(Table table) throws IOException {
    SortedMap<String, Line> present = new TreeMap<>();
    LineCodec codec = new LineCodec();
    LineBuffer scratch = new LineBuffer();
    reader()
        .forEach(
            table,
            change -> {
              if (change.operation() == Operation.REMOVED) {
                present.remove(change.row().key());
              } else {
                present.put(change.row().key(), Line.encode(change, codec, scratch));
              }
              return true;
            });
    return present;
  }

  /**
   * The seq of the last change of a table up to the checkpoint, or 0.
   *
   * @throws DamagedArchiveException if a log is damaged
   */
  public long lastSeq(Table table) throws IOException {
    AtomicLong last = new AtomicLong();
    reader()
        .forEach(
            table,
            change -> {
              last.set(change.seq());
              return true;
            });
    return last.get();
  }

  private TableLogReader reader() {
    return new TableLogReader(disk, identity, head);
  }
}
