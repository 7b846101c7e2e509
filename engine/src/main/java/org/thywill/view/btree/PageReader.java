package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.thywill.catalog.Row;

/**
 * Reads rows from the pages of a database file. No other program may write the file meanwhile. Not
 * safe for several threads.
 */
final class PageReader implements Closeable {
  private static final int DEPTH_MAX = 20;
  private static final int RECORD_BYTES_FIRST = 1 << 12;
  private final FileChannel file;
  private final FileHeader header;
  private final int pageBytes;
  private final int localMax;
  private final byte[] page;
  private final byte[] overflow;
  private byte[] record = new byte[RECORD_BYTES_FIRST];

  private PageReader(FileChannel file, FileHeader header) {
    this.file = file;
    this.header = header;
    this.pageBytes = header.pageBytes();
    this.localMax = Payload.tableLocalMax(pageBytes);
    this.page = new byte[pageBytes];
    this.overflow = new byte[pageBytes];
  }

  /**
   * Opens a file.
   *
   * @throws IOException if the file is no database, or has a write-ahead log
   */
  static PageReader open(Path path) throws IOException {
    return open(path, false);
  }

  /**
   * As {@link #open(Path)}.
   *
   * @param isLogEmpty whether the file may have a write-ahead log, which holds no page
   */
  static PageReader open(Path path, boolean isLogEmpty) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new PageReader(file, FileHeader.read(file, path, isLogEmpty));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Requires that the file has as many pages as it says.
   *
   * @throws IOException if it was cut
   */
  void requireWhole() throws IOException {
    long bytes = (long) header.pages() * pageBytes;
    if (file.size() < bytes) {
      throw new IOException(
          "the database has " + file.size() + " bytes of the " + bytes + " that it should have");
    }
  }

  /** The numbers of the leaf pages of a table, in the order of its rows. */
  List<Integer> leaves(int root) throws IOException {
    List<Integer> level = List.of(root);
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      read(level.getFirst(), page);
      if (page[0] == PageLayout.TABLE_LEAF) {
        return level;
      }
      List<Integer> children = new ArrayList<>();
      for (int number : level) {
        addChildren(number, children);
        if (children.size() > file.size() / pageBytes) {
          throw damaged(number, "more pages in a table than in the file");
        }
      }
      level = children;
    }
    throw damaged(root, "a table of more than " + DEPTH_MAX + " levels");
  }

  private void addChildren(int number, List<Integer> children) throws IOException {
    read(number, page);
    if (page[0] != PageLayout.TABLE_INTERIOR) {
      throw damaged(number, "no interior page of a table");
    }
    int cells = NumberEncoding.getShort(page, PageLayout.CELLS_AT);
    for (int i = 0; i < cells; i++) {
      children.add(
          NumberEncoding.getInt(
              page,
              NumberEncoding.getShort(
                  page, PageLayout.INTERIOR_HEADER_BYTES + PageLayout.POINTER_BYTES * i)));
    }
    children.add(NumberEncoding.getInt(page, PageLayout.RIGHT_CHILD_AT));
  }

  /** Passes the rows of some leaves to a sink. */
  void forEachRow(TableFileWriter.Roots roots, List<Integer> leaves, Consumer<Row> sink)
      throws IOException {
    RecordReader reader = new RecordReader(roots.table());
    for (int number : leaves) {
      read(number, page);
      if (page[0] != PageLayout.TABLE_LEAF) {
        throw damaged(number, "no leaf of a table");
      }
      int cells = NumberEncoding.getShort(page, PageLayout.CELLS_AT);
      for (int i = 0; i < cells; i++) {
        int cell =
            NumberEncoding.getShort(
                page, PageLayout.LEAF_HEADER_BYTES + PageLayout.POINTER_BYTES * i);
        try {
          sink.accept(row(reader, cell));
        } catch (IndexOutOfBoundsException e) {
          throw (IOException) damaged(number, "a row that is cut short").initCause(e);
        }
      }
    }
  }

  private Row row(RecordReader reader, int cell) throws IOException {
    long payload = NumberEncoding.getVarint(page, cell);
    int at = cell + NumberEncoding.varintBytes(payload);
    at += NumberEncoding.varintBytes(NumberEncoding.getVarint(page, at)); // skips the row's number
    int bytes = Math.toIntExact(payload);
    if (bytes <= localMax) {
      return reader.row(page, at, at + bytes);
    }
    readOverflow(at, bytes);
    return reader.row(record, 0, bytes);
  }

  /** Joins a record that continues in overflow pages. */
  private void readOverflow(int from, int bytes) throws IOException {
    if (bytes > file.size()) {
      throw new IOException("a row of the database is longer than the file");
    }
    if (record.length < bytes) {
      record = new byte[Math.max(bytes, 2 * record.length)];
    }
    int done = Payload.tableLocal(pageBytes, bytes);
    System.arraycopy(page, from, record, 0, done);
    int next = NumberEncoding.getInt(page, from + done);
    while (done < bytes) {
      read(next, overflow);
      int part = Math.min(pageBytes - Payload.POINTER_BYTES, bytes - done);
      System.arraycopy(overflow, Payload.POINTER_BYTES, record, done, part);
      done += part;
      next = NumberEncoding.getInt(overflow, 0);
    }
  }

  private void read(int number, byte[] into) throws IOException {
    ByteBuffer target = ByteBuffer.wrap(into);
    while (target.hasRemaining()) {
      if (number < 1 || file.read(target, (number - 1L) * pageBytes + target.position()) < 0) {
        throw damaged(number, "no such page");
      }
    }
  }

  private static IOException damaged(int number, String what) {
    return new IOException("page " + number + " of the database: " + what);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
