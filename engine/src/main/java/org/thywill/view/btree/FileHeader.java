package org.thywill.view.btree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The first hundred bytes of a database file (the format's "The Database Header"). */
final class FileHeader {
  private static final int BYTES = 100;
  private static final int PAGE_SIZE_AT = 16;
  private static final int VERSIONS_AT = 18;
  private static final int RESERVED_AT = 20;
  private static final int CHANGE_COUNTER_AT = 24;
  private static final int PAGE_COUNT_AT = 28;
  private static final int VALID_FOR_AT = 92;
  private static final short ROLLBACK_JOURNAL = 0x0101;
  private final ByteBuffer bytes;

  private FileHeader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the header of a file.
   *
   * @throws IOException if it has none, or if its journal is a write-ahead log, which may hold
   *     pages that the file does not have yet
   */
  static FileHeader read(FileChannel file, Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, bytes.position()) < 0) {
        throw new IOException(path + " is no database");
      }
    }
    if (bytes.getShort(VERSIONS_AT) != ROLLBACK_JOURNAL || bytes.get(RESERVED_AT) != 0) {
      throw new IOException(
          path + " is no database whose pages may be used as they stand in the file");
    }
    return new FileHeader(bytes);
  }

  /** The bytes of a page; the largest size is spelled as 1. */
  int pageBytes() {
    int declared = Short.toUnsignedInt(bytes.getShort(PAGE_SIZE_AT));
    return declared == 1 ? 1 << 16 : declared;
  }

  int pages() {
    return bytes.getInt(PAGE_COUNT_AT);
  }

  /**
   * The header of the same file with another number of pages, as whoever changes a file must count
   * it.
   */
  ByteBuffer withPages(int pages) {
    int changes = bytes.getInt(CHANGE_COUNTER_AT) + 1;
    ByteBuffer copy = ByteBuffer.allocate(BYTES).put(bytes.duplicate().rewind());
    return copy.putInt(CHANGE_COUNTER_AT, changes)
        .putInt(VALID_FOR_AT, changes)
        .putInt(PAGE_COUNT_AT, pages)
        .rewind();
  }
}
