package org.thywill.archive.derived;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
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
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.log.DerivedLineFinder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Operation;

/**
 * Keeps the pages in step with the logs: those of some changes at a checkpoint. Those of a whole
 * history are a matter of {@link BulkPageWriter}.
 */
public final class PageUpdater {
  /** How many bytes of log lines are held in memory at once while all pages are looked at. */
  private static final long PART_BYTES = 48L << 20;

  private final Disk disk;
  private final DerivedLineFinder logs;
  private final Head head;
  private final LineCodec codec = new LineCodec();

  public PageUpdater(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.logs = new DerivedLineFinder(disk, identity, head);
    this.head = head;
  }

  /**
   * Writes the pages of all prayers that changes after the checkpoint name; they are safe when this
   * returns.
   */
  public void update(List<Line> pending, PageLocator places) throws IOException {
    Map<String, List<Line>> news = new LinkedHashMap<>();
    for (Line line : pending) {
      PrayerPageFile.prayerOf(line.change())
          .ifPresent(prayer -> news.computeIfAbsent(prayer, id -> new ArrayList<>()).add(line));
    }
    Map<String, List<Line>> old = new HashMap<>();
    List<String> lost = new ArrayList<>();
    for (Map.Entry<String, List<Line>> entry : news.entrySet()) {
      if (addsPrayer(entry.getValue())
          && !changesOlderRow(entry.getValue())
          && !places.isNamedBefore(entry.getKey(), head.seq())) {
        continue;
      }
      Optional<List<Line>> known = read(entry.getKey(), places);
      if (known.isPresent()) {
        old.put(entry.getKey(), known.get());
      } else {
        lost.add(entry.getKey());
      }
    }
    if (!lost.isEmpty()) {
      old.putAll(logs.ofPrayers(Set.copyOf(lost)::contains));
    }
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, List<Line>> entry : news.entrySet()) {
      List<Line> lines = new ArrayList<>(old.getOrDefault(entry.getKey(), List.of()));
      lines.addAll(entry.getValue());
      write(entry.getKey(), lines, written);
    }
    disk.forceAll(written);
  }

  /** What every page must hold, part by part. */
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

  /** Takes the path and the content of a page. */
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
   * Whether lines tell of a row that was there before the first of them. What that row was at the
   * checkpoint, {@link PageLocator} cannot know any more.
   */
  private static boolean changesOlderRow(List<Line> lines) {
    Set<String> begun = new HashSet<>();
    for (Line line : lines) {
      String row = line.change().row().toString();
      if (line.change().operation() != Operation.ADDED && !begun.contains(row)) {
        return true;
      }
      begun.add(row);
    }
    return false;
  }

  /**
   * The lines up to the checkpoint in the page of a prayer, or empty if the page is not where it
   * should be, or damaged.
   */
  private Optional<List<Line>> read(String prayer, PageLocator places) throws IOException {
    OptionalLong addedAt = places.addedAt(prayer);
    if (addedAt.isEmpty()) {
      return Optional.empty();
    }
    byte[] page;
    try (var in = disk.read(PrayerPageFile.file(prayer, addedAt.getAsLong()), 0)) {
      page = in.readAllBytes();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PrayerPageFile.lines(page, codec).stream()
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
