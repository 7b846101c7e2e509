package org.thywill.database.pages;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pages of a database file that nobody else has open. Pages are added at its end, in large writes; several threads may add at once. The file is
 * good for nothing until {@link #finish} has returned, and is not forced.
 */
final class PageFile implements Closeable {
  /** No page stands where SQLite keeps its locks. */
  private static final long LOCK_BYTE = 0x4000_0000L;

  private static final int WAITING_BYTES = 1 << 20;

  private final FileChannel channel;
  private final FileHeader header;
  private final int pageBytes;
  private final ByteBuffer waiting = ByteBuffer.allocateDirect(WAITING_BYTES);
  private int firstWaiting;
  private int next;

  private PageFile(FileChannel channel, FileHeader header) {
    this.channel = channel;
    this.header = header;
    this.pageBytes = header.pageBytes();
    this.next = header.pages() + 1;
    this.firstWaiting = next;
  }

  /** Opens a file that SQLite has made and closed, with a journal that is no write-ahead log. */
  static PageFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new PageFile(channel, FileHeader.read(channel, file));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The bytes of a page. */
  int pageBytes() {
    return pageBytes;
  }

  /** Adds a page at the end and gives its number. */
  synchronized int append(byte[] page) throws IOException {
    if (next == LOCK_BYTE / pageBytes + 1) {
      flush();
      next++;
      firstWaiting = next;
    }
    waiting.put(page);
    if (waiting.remaining() < pageBytes) {
      flush();
    }
    return next++;
  }

  /** Writes a page that is there already. */
  void replace(int number, byte[] page) throws IOException {
    write(ByteBuffer.wrap(page), place(number));
  }

  /** The number of the page that will be added next. */
  synchronized int end() {
    return next;
  }

  /** Takes back all pages from a number on. */
  synchronized void cut(int end) throws IOException {
    flush();
    next = end;
    firstWaiting = end;
  }

  /** Writes what waits, and how many pages there are now. */
  synchronized void finish() throws IOException {
    flush();
    channel.truncate(place(next));
    write(header.withPages(next - 1), 0);
  }

  private void flush() throws IOException {
    int pages = waiting.position() / pageBytes;
    write(waiting.flip(), place(firstWaiting));
    waiting.clear();
    firstWaiting += pages;
  }

  private void write(ByteBuffer bytes, long place) throws IOException {
    long at = place;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private long place(int number) {
    return (number - 1L) * pageBytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
