package org.thywill.view.btree;

import java.io.IOException;

/**
 * How much of a record stands in its cell; the rest goes to a chain of overflow pages (the format's
 * "Cell Payload Overflow Pages").
 */
final class Payload {
  private static final int NEXT_BYTES = 4;
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
    return new Payload(file, (file.pageBytes() - 12) * 64 / 255 - 23);
  }

  /** The longest record of a table that stands in its cell alone. */
  static int tableLocalMax(int pageBytes) {
    return pageBytes - 35;
  }

  /** How much of a table's record stands in its cell. */
  static int tableLocal(int pageBytes, int bytes) {
    return local(pageBytes, tableLocalMax(pageBytes), bytes);
  }

  /** The most bytes that a record takes in a cell, with the number of its first overflow page. */
  int bytesMax() {
    return localMax + NEXT_BYTES;
  }

  /**
   * Writes a record into a cell, what does not fit to overflow pages, and gives the place behind it
   * in the cell.
   */
  int put(byte[] record, int bytes, byte[] cell, int at) throws IOException {
    int local = local(file.pageBytes(), localMax, bytes);
    System.arraycopy(record, 0, cell, at, local);
    if (local == bytes) {
      return at + local;
    }
    Bytes.putInt(cell, at + local, overflow(record, local, bytes));
    return at + local + NEXT_BYTES;
  }

  private static int local(int pageBytes, int localMax, int bytes) {
    if (bytes <= localMax) {
      return bytes;
    }
    int localMin = (pageBytes - 12) * 32 / 255 - 23;
    int even = localMin + (bytes - localMin) % (pageBytes - NEXT_BYTES);
    return even <= localMax ? even : localMin;
  }

  /** The last page is written first, so that each knows the number of the one behind it. */
  private int overflow(byte[] record, int from, int to) throws IOException {
    int room = file.pageBytes() - NEXT_BYTES;
    int behind = 0;
    for (int page = (to - from - 1) / room; page >= 0; page--) {
      int start = from + page * room;
      byte[] bytes = new byte[file.pageBytes()];
      Bytes.putInt(bytes, 0, behind);
      System.arraycopy(record, start, bytes, NEXT_BYTES, Math.min(room, to - start));
      behind = file.append(bytes);
    }
    return behind;
  }
}
