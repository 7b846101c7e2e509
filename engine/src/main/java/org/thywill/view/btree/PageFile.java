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
 * The pages of a database file that nobody else has open. Pages are added at its end, in large
 * writes; several threads may add at once. The file is good for nothing until {@link #finish} has
 * returned, and is not forced; pages that were there before stay as they are until then.
 */
final class PageFile implements Closeable {
  /** No page stands where SQLite keeps its locks. */
  private static final long LOCK_BYTE = 0x4000_0000L;

  private static final int WAITING_BYTES = 1 << 20;

  private final FileChannel channel;
  private final FileHeader header;
  private final int pageBytes;
  private final ByteBuffer waiting = ByteBuffer.allocateDirect(WAITING_BYTES);
  private final Map<Integer, byte[]> replaced = new HashMap<>();
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

  /** Gives a page that was there before other content. */
  synchronized void replace(int number, byte[] page) {
    replaced.put(number, page.clone());
  }

  /** Takes back all that was added and replaced. */
  synchronized void restart() {
    waiting.clear();
    replaced.clear();
    next = header.pages() + 1;
    firstWaiting = next;
  }

  /** Writes what waits, and how many pages there are now. */
  synchronized void finish() throws IOException {
    flush();
    channel.truncate(place(next));
    for (Map.Entry<Integer, byte[]> page : replaced.entrySet()) {
      write(ByteBuffer.wrap(page.getValue()), place(page.getKey()));
    }
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
