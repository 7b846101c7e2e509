package org.thywill.view.btree;

import java.io.IOException;

/**
 * Splits a record between its cell and a chain of overflow pages.
 *
 * <p>The rules are those of the file format, "Cell Payload Overflow Pages".
 */
final class Payload {
  /** The number of the next overflow page. */
  static final int POINTER_BYTES = 4;

  private final PageFile file;
  private final int localMax;

  private Payload(PageFile file, int localMax) {
    this.file = file;
    this.localMax = localMax;
  }

  static Payload ofTable(PageFile file) {
    return new Payload(file, tableLocalMax(file.pageBytes()));
  }

  static Payload ofIndex(PageFile file) {
    return new Payload(file, (file.pageBytes() - 12) * 64 / 255 - 23); // as the format defines
  }

  /** The longest record of a table that needs no overflow page. */
  static int tableLocalMax(int pageBytes) {
    return pageBytes - 35;
  }

  /** How many bytes of a table's record are in its cell. */
  static int tableLocal(int pageBytes, int bytes) {
    return local(pageBytes, tableLocalMax(pageBytes), bytes);
  }

  /**
   * The most bytes that a record takes in a cell, including the number of its first overflow page.
   */
  int bytesMax() {
    return localMax + POINTER_BYTES;
  }

  /**
   * Writes a record into a cell, and what does not fit into overflow pages.
   *
   * @return the offset in the cell after the record
   */
  int put(byte[] record, int bytes, byte[] cell, int at) throws IOException {
    int local = local(file.pageBytes(), localMax, bytes);
    System.arraycopy(record, 0, cell, at, local);
    if (local == bytes) {
      return at + local;
    }
    NumberEncoding.putInt(cell, at + local, overflow(record, local, bytes));
    return at + local + POINTER_BYTES;
  }

  private static int local(int pageBytes, int localMax, int bytes) {
    if (bytes <= localMax) {
      return bytes;
    }
    int localMin = (pageBytes - 12) * 32 / 255 - 23;
    int even = localMin + (bytes - localMin) % (pageBytes - POINTER_BYTES);
    return even <= localMax ? even : localMin;
  }

  /** Writes the last page first, so that each page can hold the number of the next one. */
  private int overflow(byte[] record, int from, int to) throws IOException {
    int contentBytes = file.pageBytes() - POINTER_BYTES;
    int next = 0;
    for (int page = (to - from - 1) / contentBytes; page >= 0; page--) {
      int start = from + page * contentBytes;
      byte[] bytes = new byte[file.pageBytes()];
      NumberEncoding.putInt(bytes, 0, next);
      System.arraycopy(record, start, bytes, POINTER_BYTES, Math.min(contentBytes, to - start));
      next = file.append(bytes);
    }
    return next;
  }
}
