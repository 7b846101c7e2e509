package org.thywill.archive;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.thywill.archive.derived.BulkPageWriter;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.HistoryHash;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Writes a new archive from a history that is given in the order of time.
 *
 * <p>Writes journal and logs side by side, then pages, snapshots and head. For a folder that is not
 * in use yet. The archive is complete and safe when {@link #finish} has returned; until then the
 * folder holds no archive. Not safe for several threads.
 */
public final class BulkArchiveWriter implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long SORTING_BYTES = 16L << 20;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final LineCodec codec = new LineCodec();
  private final LineBuffer scratch = new LineBuffer();
  private final Digest.Running digest = new Digest.Running();
  private final HistoryHash history = new HistoryHash(HistoryHash.START);
  private final Map<String, Output> open = new HashMap<>();
  private final Map<String, Head.Extent> logs = new TreeMap<>();
  private final Map<Table, Output> openLogs = new HashMap<>();
  private final TreeSet<String> folders = new TreeSet<>();
  private final BulkPageWriter pages;
  private String journal = "";
  private Head.Extent journalExtent = Head.Extent.NOTHING;
  private long lastSeq;
  private long lastAtMicros;
  private long periodEndMicros = Long.MIN_VALUE;

  /** A writer that keeps up to 16 MiB of lines in memory. */
  public BulkArchiveWriter(Disk disk, ArchiveIdentity identity) {
    this(disk, identity, SORTING_BYTES);
  }

  /**
   * A writer with a given limit of memory.
   *
   * @param sortingBytes how many bytes of lines may wait for their pages in memory; more than that
   *     wait on the disk
   */
  public BulkArchiveWriter(Disk disk, ArchiveIdentity identity, long sortingBytes) {
    this.disk = disk;
    this.identity = identity;
    this.pages = new BulkPageWriter(disk, sortingBytes);
    this.lastAtMicros = identity.createdAt();
  }

  /**
   * Adds rows in one transaction.
   *
   * @param atMicros microseconds since 1970; not earlier than the last transaction
   * @throws IllegalArgumentException if it is earlier
   */
  public void add(List<Row> rows, long atMicros, Change.Cause cause) throws IOException {
    if (lastSeq > 0 && atMicros < lastAtMicros) {
      throw new IllegalArgumentException("history must be added in the order of time");
    }
    beginPeriod(atMicros);
    long first = lastSeq + 1;
    Change.TransactionInfo stamp =
        new Change.TransactionInfo(first, lastSeq + rows.size(), lastSeq, atMicros, cause);
    for (Row row : rows) {
      put(new Change(Operation.ADDED, row, lastSeq + 1, stamp));
      digest.add(row);
    }
  }

  /**
   * Adds a change of another archive as it is. The caller then knows the digest of the rows, and
   * gives it to {@link #finish(Digest)}.
   *
   * @param change the next one by its number; not earlier than the last one
   * @throws IllegalArgumentException if it is not the next one
   */
  public void copy(Change change) throws IOException {
    if (change.seq() != lastSeq + 1 || lastSeq > 0 && change.at() < lastAtMicros) {
      throw new IllegalArgumentException(
          "change " + change.seq() + " does not follow change " + lastSeq);
    }
    beginPeriod(change.at());
    put(change);
  }

  private void put(Change change) throws IOException {
    lastSeq = change.seq();
    Line line = Line.encode(change, codec, scratch);
    output(journal).put(line.bytes(), 0);
    history.add(line);
    log(change.table(), change.at()).put(line.bytes(), line.logStart());
    pages.add(line);
  }

  /**
   * Begins new files for a new month, after the files of the last month are complete and sealed.
   */
  private void beginPeriod(long atMicros) throws IOException {
    if (atMicros >= periodEndMicros) {
      closeAll();
      if (!journal.isEmpty()) {
        new MonthSealer(disk).seal(JournalFile.month(journal), lastSeq, logs);
      }
      journal = JournalFile.name(atMicros, lastSeq + 1);
      periodEndMicros = FilePeriod.of(SealFile.month(atMicros)).until();
    }
    lastAtMicros = atMicros;
  }

  private Output log(Table table, long atMicros) throws IOException {
    Output known = openLogs.get(table);
    if (known == null) {
      known = output(table.logLocation().file(atMicros));
      openLogs.put(table, known);
    }
    return known;
  }

  private Output output(String file) throws IOException {
    Output output = open.get(file);
    if (output == null) {
      output = new Output(file, disk.append(file), logs.getOrDefault(file, Head.Extent.NOTHING));
      if (output.extent.bytes() == 0) {
        byte[] header =
            JournalFile.isJournal(file)
                ? Header.ofJournal(identity.community(), file)
                : Header.ofLog(identity.community(), Catalog.ofLog(file).orElseThrow(), file);
        output.put(header, 0);
        output.extent = new Head.Extent(Header.LINES, output.extent.bytes());
      }
      open.put(file, output);
    }
    return output;
  }

  private void closeAll() throws IOException {
    for (Output output : List.copyOf(open.values())) {
      output.finish();
      folders.add(Disk.folderOf(output.file));
      if (JournalFile.isJournal(output.file)) {
        journalExtent = output.extent;
      } else {
        logs.put(output.file, output.extent);
      }
      open.remove(output.file);
    }
    openLogs.clear();
  }

  /**
   * Completes the archive: forces what was written, then writes pages, snapshots and head, and last
   * the file that makes the folder an archive.
   */
  public Head finish() throws IOException {
    return finish(digest.digest());
  }

  /**
   * Completes the archive, where changes were copied.
   *
   * @param rows the digest of the rows after the last change
   */
  public Head finish(Digest rows) throws IOException {
    closeAll();
    for (String folder : folders) {
      disk.forceFolder(folder);
    }
    Head head = new Head(lastSeq, lastAtMicros, journal, journalExtent, rows, logs, history.hex());
    pages.writePages();
    new Snapshots(disk, identity, head).writeAll();
    head.write(disk);
    disk.replace(ReadmeFile.FILE, ReadmeFile.content(identity));
    identity.write(disk);
    return head;
  }

  /** Closes the files. Without {@link #finish} the folder holds no archive. */
  @Override
  public void close() throws IOException {
    List<Output> left = new ArrayList<>(open.values());
    open.clear();
    try (pages) {
      for (Output output : left) {
        output.appender.close();
      }
    }
  }

  /** A file that is being written, with the bytes that wait to be written. */
  private static final class Output {
    private final String file;
    private final Disk.Appender appender;
    private final LineBuffer waiting = new LineBuffer();
    private Head.Extent extent;

    Output(String file, Disk.Appender appender, Head.Extent extent) {
      this.file = file;
      this.appender = appender;
      this.extent = extent;
    }

    void put(byte[] bytes, int from) throws IOException {
      waiting.put(bytes, from, bytes.length - from);
      extent = new Head.Extent(extent.lines() + 1, extent.bytes() + bytes.length - from);
      if (waiting.length() >= BUFFER_BYTES) {
        flush();
      }
    }

    private void flush() throws IOException {
      appender.write(waiting.array(), 0, waiting.length());
      waiting.clear();
    }

    void finish() throws IOException {
      flush();
      appender.force();
      appender.close();
    }
  }
}
