package org.thywill.view.btree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The header of a database file: its first hundred bytes.
 *
 * <p>It is described in the file format's "The Database Header".
 */
final class FileHeader {
  private static final int BYTES = 100;
  private static final int PAGE_SIZE_AT = 16;
  private static final int VERSIONS_AT = 18;
  private static final int RESERVED_AT = 20;
  private static final int CHANGE_COUNTER_AT = 24;
  private static final int PAGE_COUNT_AT = 28;
  private static final int VALID_FOR_AT = 92;
  private static final short ROLLBACK_JOURNAL = 0x0101;
  private static final short WRITE_AHEAD_LOG = 0x0202;
  private final ByteBuffer bytes;

  private FileHeader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the header of a file.
   *
   * @throws IOException if it has none, or the database has a write-ahead log, which may hold pages
   *     that the file does not have yet
   */
  static FileHeader read(FileChannel file, Path path) throws IOException {
    return read(file, path, false);
  }

  /**
   * As {@link #read(FileChannel, Path)}.
   *
   * @param isLogEmpty whether the database may have a write-ahead log: the caller knows that it
   *     holds no page
   */
  static FileHeader read(FileChannel file, Path path, boolean isLogEmpty) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, bytes.position()) < 0) {
        throw new IOException(path + " is no database");
      }
    }
    short versions = bytes.getShort(VERSIONS_AT);
    boolean isWhole = versions == ROLLBACK_JOURNAL || isLogEmpty && versions == WRITE_AHEAD_LOG;
    if (!isWhole || bytes.get(RESERVED_AT) != 0) {
      throw new IOException(path + " is no database whose pages can be read from the file itself");
    }
    return new FileHeader(bytes);
  }

  /** The size of a page; 1 in the file means the largest size. */
  int pageBytes() {
    int declared = Short.toUnsignedInt(bytes.getShort(PAGE_SIZE_AT));
    return declared == 1 ? 1 << 16 : declared;
  }

  int pages() {
    return bytes.getInt(PAGE_COUNT_AT);
  }

  /** The header with another number of pages, and with the change counted. */
  ByteBuffer withPages(int pages) {
    int changes = bytes.getInt(CHANGE_COUNTER_AT) + 1;
    ByteBuffer copy = ByteBuffer.allocate(BYTES).put(bytes.duplicate().rewind());
    return copy.putInt(CHANGE_COUNTER_AT, changes)
        .putInt(VALID_FOR_AT, changes)
        .putInt(PAGE_COUNT_AT, pages)
        .rewind();
  }
}
