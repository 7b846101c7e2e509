package org.thywill.archive.derived;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Change;

/**
 * Puts the lines of a whole history together by prayer, and then writes all pages at once.
 *
 * <p>Lines go to one of many heaps by their prayer. When the heaps outgrow memory, they are moved
 * to partial files, which mean nothing to a reader of the archive; each line is thus written and
 * read once more, however many prayers there are. A heap that is too large for memory in the end is
 * sorted again by other bits of the hash.
 */
public final class BulkPageWriter implements Closeable {
  private static final int HEAP_BITS = 6;
  private static final int DEPTH_MAX = 4;
  private static final int SPREAD = 0x9E3779B1;

  /**
   * How many pages are written before they are forced: enough that forces share their waiting, few
   * enough to be listed in memory.
   */
  private static final int FORCED_AT_ONCE = 10_000;

  private final Disk disk;
  private final String name;
  private final int depth;
  private final long memoryBytes;
  private final LineCodec codec;
  private final Heap[] heaps = new Heap[1 << HEAP_BITS];
  private final List<String> written;
  private long waiting;

  /**
   * Sorts in a part of memory.
   *
   * @param memoryBytes of lines that may wait in memory before they go to the disk
   */
  public BulkPageWriter(Disk disk, long memoryBytes) {
    this(disk, "sorting", 0, memoryBytes, new LineCodec(), new ArrayList<>());
  }

  private BulkPageWriter(
      Disk disk, String name, int depth, long memoryBytes, LineCodec codec, List<String> written) {
    this.disk = disk;
    this.name = name;
    this.depth = depth;
    this.memoryBytes = memoryBytes;
    this.codec = codec;
    this.written = written;
    for (int i = 0; i < heaps.length; i++) {
      heaps[i] = new Heap(PrayerPageFile.FOLDER + "/" + name + "_" + i + Disk.PARTIAL);
    }
  }

  /** Takes in a line of the history, in the order of seq. */
  public void add(Line line) throws IOException {
    Optional<String> prayer = PrayerPageFile.prayerOf(line.change());
    if (prayer.isPresent()) {
      add(prayer.get(), line.bytes(), 0, line.bytes().length);
    }
  }

  private void add(String prayer, byte[] bytes, int from, int length) throws IOException {
    heaps[prayer.hashCode() * SPREAD >>> Integer.SIZE - HEAP_BITS * (depth + 1) & heaps.length - 1]
        .lines.put(bytes, from, length);
    waiting += length;
    if (waiting > memoryBytes) {
      for (Heap heap : heaps) {
        heap.moveToDisk();
      }
      waiting = 0;
    }
  }

  /**
   * Writes the pages of all prayers that were added; they are safe when this returns, and no
   * partial file is left.
   */
  public void writePages() throws IOException {
    write();
    force();
  }

  private void write() throws IOException {
    for (int i = 0; i < heaps.length; i++) {
      Heap heap = heaps[i];
      if (heap.bytes() > memoryBytes && depth < DEPTH_MAX) {
        heap.moveToDisk();
        sortAgain(heap, name + "_" + i);
      } else {
        writePagesOf(heap);
      }
      heap.drop();
    }
  }

  private void sortAgain(Heap heap, String finer) throws IOException {
    try (BulkPageWriter sorter =
            new BulkPageWriter(disk, finer, depth + 1, memoryBytes, codec, written);
        LineReader lines = heap.read()) {
      while (lines.next()) {
        sorter.add(
            PrayerPageFile.prayerOf(decode(heap, lines).change()).orElseThrow(),
            lines.bytes(),
            lines.from(),
            lines.to() + 1 - lines.from());
      }
      sorter.write();
    }
  }

  private void writePagesOf(Heap heap) throws IOException {
    Map<String, List<Line>> prayers = new LinkedHashMap<>();
    try (LineReader lines = heap.read()) {
      while (lines.next()) {
        Line line = decode(heap, lines);
        prayers
            .computeIfAbsent(
                PrayerPageFile.prayerOf(line.change()).orElseThrow(), id -> new ArrayList<>())
            .add(line);
      }
    }
    for (Map.Entry<String, List<Line>> prayer : prayers.entrySet()) {
      writePage(prayer.getKey(), prayer.getValue());
    }
  }

  private void writePage(String prayer, List<Line> lines) throws IOException {
    Optional<Change> added = PrayerPageFile.added(lines);
    if (added.isPresent()) {
      String file = PrayerPageFile.file(prayer, added.get().at());
      disk.write(file, PrayerPageFile.render(lines));
      written.add(file);
      if (written.size() == FORCED_AT_ONCE) {
        force();
      }
    }
  }

  private void force() throws IOException {
    disk.forceAll(written);
    written.clear();
  }

  private Line decode(Heap heap, LineReader lines) throws DamagedArchiveException {
    try {
      return Line.ofJournal(codec, lines);
    } catch (MalformedLineException e) {
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  "line-damaged", heap.file, lines.number(), String.valueOf(e.getMessage()))
              .initCause(e);
    }
  }

  /** Releases the files, and takes them away as far as that is possible. */
  @Override
  public void close() throws IOException {
    for (Heap heap : heaps) {
      heap.drop();
    }
  }

  /** The lines of some prayers: the older ones in a file, the newer ones in memory. */
  private final class Heap {
    private final String file;
    private LineBuffer lines = new LineBuffer();
    private long moved;

    Heap(String file) {
      this.file = file;
    }

    long bytes() {
      return moved + lines.length();
    }

    void moveToDisk() throws IOException {
      if (lines.length() > 0) {
        try (Disk.Appender appender = disk.append(file)) {
          appender.write(lines.array(), 0, lines.length());
        }
        moved += lines.length();
        lines = new LineBuffer();
      }
    }

    LineReader read() throws IOException {
      if (moved == 0) {
        return LineReader.of(lines.array(), 0, lines.length());
      }
      moveToDisk();
      return new LineReader(disk.read(file, 0), 0, 0);
    }

    void drop() throws IOException {
      lines = new LineBuffer();
      if (moved > 0) {
        moved = 0;
        disk.delete(file);
      }
    }
  }
}
