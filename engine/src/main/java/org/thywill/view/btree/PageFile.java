package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds pages at the end of a database file, and replaces some that were there. Safe for several
 * threads. No other program may have the file open.
 *
 * <p>The file cannot be used until {@link #finish} has returned, and is not forced. Pages that were
 * there before stay as they are until then.
 */
final class PageFile implements Closeable {
  /** The offset of the bytes that SQLite locks; the page that contains them is left out. */
  private static final long LOCK_BYTE = 0x4000_0000L;

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final FileHeader header;
  private final int pageBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Map<Integer, byte[]> replaced = new HashMap<>();
  private int firstBuffered;
  private int next;

  private PageFile(FileChannel channel, FileHeader header) {
    this.channel = channel;
    this.header = header;
    this.pageBytes = header.pageBytes();
    this.next = header.pages() + 1;
    this.firstBuffered = next;
  }

  /**
   * Opens a file that SQLite has made and closed.
   *
   * @throws IOException if it is no database, or has a write-ahead log
   */
  static PageFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new PageFile(channel, FileHeader.read(channel, file));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The size of a page. */
  int pageBytes() {
    return pageBytes;
  }

  /**
   * Adds a page at the end.
   *
   * @return its number
   */
  synchronized int append(byte[] page) throws IOException {
    if (next == LOCK_BYTE / pageBytes + 1) {
      flush();
      next++;
      firstBuffered = next;
    }
    buffer.put(page);
    if (buffer.remaining() < pageBytes) {
      flush();
    }
    return next++;
  }

  /** Replaces the content of a page that was there before, when the file is finished. */
  synchronized void replace(int number, byte[] page) {
    replaced.put(number, page.clone());
  }

  /** Forgets all pages that were added or replaced. */
  synchronized void restart() {
    buffer.clear();
    replaced.clear();
    next = header.pages() + 1;
    firstBuffered = next;
  }

  /** Writes the remaining pages, and their number into the file header. */
  synchronized void finish() throws IOException {
    flush();
    channel.truncate(offset(next));
    for (Map.Entry<Integer, byte[]> page : replaced.entrySet()) {
      write(ByteBuffer.wrap(page.getValue()), offset(page.getKey()));
    }
    write(header.withPages(next - 1), 0);
  }

  private void flush() throws IOException {
    int pages = buffer.position() / pageBytes;
    write(buffer.flip(), offset(firstBuffered));
    buffer.clear();
    firstBuffered += pages;
  }

  private void write(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private long offset(int number) {
    return (number - 1L) * pageBytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
