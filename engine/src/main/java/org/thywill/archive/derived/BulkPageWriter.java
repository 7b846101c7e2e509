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
 * Groups the lines of a whole history by prayer, and then writes all pages.
 *
 * <p>How: lines go to one of 64 partitions by a hash of their prayer. When the partitions exceed
 * the memory, they are moved to partial files, which no reader of the archive uses. So each line is
 * written and read once more, however many prayers there are. A partition that is too large for the
 * memory in the end is partitioned again by other bits of the hash. Not safe for several threads.
 */
public final class BulkPageWriter implements Closeable {
  private static final int PARTITION_BITS = 6;
  private static final int DEPTH_MAX = 4;
  private static final int SPREAD = 0x9E3779B1;

  /**
   * How many pages are written before they are forced: enough for forces to overlap, few enough to
   * be listed in memory.
   */
  private static final int FORCED_AT_ONCE = 10_000;

  private final Disk disk;
  private final String name;
  private final int depth;
  private final long memoryBytes;
  private final LineCodec codec;
  private final Partition[] partitions = new Partition[1 << PARTITION_BITS];
  private final List<String> written;
  private long waitingBytes;

  /**
   * A writer with a limit of memory.
   *
   * @param memoryBytes how many bytes of lines may wait in memory before they go to the disk
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
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new Partition(PrayerPageFile.FOLDER + "/" + name + "_" + i + Disk.PARTIAL);
    }
  }

  /** Adds a line of the history; lines come in the order of seq. */
  public void add(Line line) throws IOException {
    Optional<String> prayer = PrayerPageFile.prayerOf(line.change());
    if (prayer.isPresent()) {
      add(prayer.get(), line.bytes(), 0, line.bytes().length);
    }
  }

  private void add(String prayer, byte[] bytes, int from, int length) throws IOException {
    partitions[
        prayer.hashCode() * SPREAD >>> Integer.SIZE - PARTITION_BITS * (depth + 1)
            & partitions.length - 1]
        .lines.put(bytes, from, length);
    waitingBytes += length;
    if (waitingBytes > memoryBytes) {
      for (Partition partition : partitions) {
        partition.moveToDisk();
      }
      waitingBytes = 0;
    }
  }

  /**
   * Writes the pages of all prayers that were added. When it returns, they are safe and no partial
   * file is left.
   */
  public void writePages() throws IOException {
    write();
    force();
  }

  private void write() throws IOException {
    for (int i = 0; i < partitions.length; i++) {
      Partition partition = partitions[i];
      if (partition.bytes() > memoryBytes && depth < DEPTH_MAX) {
        partition.moveToDisk();
        partitionAgain(partition, name + "_" + i);
      } else {
        writePagesOf(partition);
      }
      partition.drop();
    }
  }

  private void partitionAgain(Partition partition, String finer) throws IOException {
    try (BulkPageWriter sorter =
            new BulkPageWriter(disk, finer, depth + 1, memoryBytes, codec, written);
        LineReader lines = partition.read()) {
      while (lines.next()) {
        sorter.add(
            PrayerPageFile.prayerOf(decode(partition, lines).change()).orElseThrow(),
            lines.bytes(),
            lines.from(),
            lines.to() + 1 - lines.from());
      }
      sorter.write();
    }
  }

  private void writePagesOf(Partition partition) throws IOException {
    Map<String, List<Line>> prayers = new LinkedHashMap<>();
    try (LineReader lines = partition.read()) {
      while (lines.next()) {
        Line line = decode(partition, lines);
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

  private Line decode(Partition partition, LineReader lines) throws DamagedArchiveException {
    try {
      return Line.ofJournal(codec, lines);
    } catch (MalformedLineException e) {
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  "line-damaged", partition.file, lines.number(), String.valueOf(e.getMessage()))
              .initCause(e);
    }
  }

  /** Deletes the partial files. */
  @Override
  public void close() throws IOException {
    for (Partition partition : partitions) {
      partition.drop();
    }
  }

  /** The lines of some prayers: the older ones in a partial file, the newer ones in memory. */
  private final class Partition {
    private final String file;
    private LineBuffer lines = new LineBuffer();
    private long movedBytes;

    Partition(String file) {
      this.file = file;
    }

    long bytes() {
      return movedBytes + lines.length();
    }

    void moveToDisk() throws IOException {
      if (lines.length() > 0) {
        try (Disk.Appender appender = disk.append(file)) {
          appender.write(lines.array(), 0, lines.length());
        }
        movedBytes += lines.length();
        lines = new LineBuffer();
      }
    }

    LineReader read() throws IOException {
      if (movedBytes == 0) {
        return LineReader.of(lines.array(), 0, lines.length());
      }
      moveToDisk();
      return new LineReader(disk.read(file, 0), 0, 0);
    }

    void drop() throws IOException {
      lines = new LineBuffer();
      if (movedBytes > 0) {
        movedBytes = 0;
        disk.delete(file);
      }
    }
  }
}
