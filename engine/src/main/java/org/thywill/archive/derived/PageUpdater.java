package org.thywill.archive.derived;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.log.DerivedLineFinder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Operation;

/**
 * Writes the pages that the changes of a checkpoint concern.
 *
 * <p>The pages of a whole history are written by {@link BulkPageWriter}.
 */
public final class PageUpdater {
  /** How many bytes of log lines are held in memory at once while all pages are made. */
  private static final long PART_BYTES = 48L << 20;

  private final Disk disk;
  private final DerivedLineFinder logs;
  private final Head head;
  private final LineCodec codec = new LineCodec();

  /** An updater from a checkpoint on. */
  public PageUpdater(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.logs = new DerivedLineFinder(disk, identity, head);
    this.head = head;
  }

  /**
   * Writes the pages of all prayers that changes after the checkpoint name. They are safe when it
   * returns; after a failure some may be new and others oldLines.
   *
   * @throws DamagedArchiveException if a log is damaged from which a page would be made
   */
  public void update(List<Line> pending, PageLocator locator) throws IOException {
    Map<String, List<Line>> newLines = new LinkedHashMap<>();
    for (Line line : pending) {
      PrayerPageFile.prayerOf(line.change())
          .ifPresent(prayer -> newLines.computeIfAbsent(prayer, id -> new ArrayList<>()).add(line));
    }
    Map<String, List<Line>> oldLines = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (Map.Entry<String, List<Line>> entry : newLines.entrySet()) {
      if (addsPrayer(entry.getValue())
          && !changesOlderRow(entry.getValue())
          && !locator.isNamedBefore(entry.getKey(), head.seq())) {
        continue;
      }
      Optional<List<Line>> known = read(entry.getKey(), locator);
      if (known.isPresent()) {
        oldLines.put(entry.getKey(), known.get());
      } else {
        unread.add(entry.getKey());
      }
    }
    if (!unread.isEmpty()) {
      oldLines.putAll(logs.ofPrayers(Set.copyOf(unread)::contains));
    }
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, List<Line>> entry : newLines.entrySet()) {
      List<Line> lines = new ArrayList<>(oldLines.getOrDefault(entry.getKey(), List.of()));
      lines.addAll(entry.getValue());
      write(entry.getKey(), lines, written);
    }
    disk.forceAll(written);
  }

  /**
   * Gives the content that every page must have, in no particular order.
   *
   * @throws DamagedArchiveException if a log is damaged
   */
  public void forEachExpected(PageSink sink) throws IOException {
    int parts = parts();
    for (int part = 0; part < parts; part++) {
      for (List<Line> lines : part(part, parts).values()) {
        Optional<String> file =
            PrayerPageFile.added(lines)
                .map(added -> PrayerPageFile.file(added.row().key(), added.at()));
        if (file.isPresent()) {
          sink.accept(file.get(), PrayerPageFile.render(lines));
        }
      }
    }
  }

  /** Receives the path and the content of a page. */
  @FunctionalInterface
  public interface PageSink {
    void accept(String file, byte[] content) throws IOException;
  }

  private int parts() {
    long bytes =
        DerivedLineFinder.pageTables().stream()
            .flatMap(table -> head.logsOf(table).stream())
            .mapToLong(file -> Objects.requireNonNull(head.logs().get(file)).bytes())
            .sum();
    return (int) (bytes / PART_BYTES) + 1;
  }

  private Map<String, List<Line>> part(int part, int parts) throws IOException {
    return new TreeMap<>(logs.ofPrayers(prayer -> Math.floorMod(prayer.hashCode(), parts) == part));
  }

  private static boolean addsPrayer(List<Line> lines) {
    return lines.stream()
        .anyMatch(
            line ->
                line.change().table() == Catalog.PRAYERS
                    && line.change().operation() == Operation.ADDED);
  }

  /**
   * Whether lines change a row that existed before the first of them. {@link PageLocator} does not
   * know any more what that row was at the checkpoint.
   */
  private static boolean changesOlderRow(List<Line> lines) {
    Set<String> added = new HashSet<>();
    for (Line line : lines) {
      String row = line.change().row().toString();
      if (line.change().operation() != Operation.ADDED && !added.contains(row)) {
        return true;
      }
      added.add(row);
    }
    return false;
  }

  /**
   * The lines up to the checkpoint in the page of a prayer; empty if the page is missing or
   * damaged.
   */
  private Optional<List<Line>> read(String prayer, PageLocator locator) throws IOException {
    OptionalLong addedAt = locator.addedAt(prayer);
    if (addedAt.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> page = disk.readIfPresent(PrayerPageFile.file(prayer, addedAt.getAsLong()));
    if (page.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PrayerPageFile.lines(page.get(), codec).stream()
              .filter(line -> line.change().seq() <= head.seq())
              .toList());
    } catch (MalformedLineException e) {
      return Optional.empty();
    }
  }

  private void write(String prayer, List<Line> lines, List<String> written) throws IOException {
    Optional<Long> addedAt = PrayerPageFile.added(lines).map(added -> added.at());
    if (addedAt.isPresent()) {
      String file = PrayerPageFile.file(prayer, addedAt.get());
      disk.write(file, PrayerPageFile.render(lines));
      written.add(file);
    }
  }
}
