package org.thywill.archive.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a file line by line, as bytes. A line ends in a line feed; only the last may lack it.
 *
 * <p>Not safe for several threads.
 */
public final class LineReader implements Closeable {
  private static final int SMALL_BYTES = 1 << 13;
  private static final int LARGE_BYTES = 1 << 18;

  private final InputStream in;
  private byte[] buffer;
  private int filled;
  private int from;
  private int to;
  private int scanned;
  private boolean ended;
  private boolean terminated;
  private long offset;
  private long number;

  /**
   * A reader that begins within a file.
   *
   * @param offset of the stream's first byte in the file
   * @param number how many lines there are before it
   */
  public LineReader(InputStream in, long offset, long number) {
    this.in = in;
    this.buffer = new byte[SMALL_BYTES];
    this.offset = offset;
    this.number = number;
    this.terminated = false;
    this.to = -1;
  }

  private LineReader(byte[] bytes, int from, int to) {
    this.in = InputStream.nullInputStream();
    this.buffer = bytes;
    this.filled = to;
    this.from = from;
    this.to = from;
    this.ended = true;
  }

  /**
   * A reader of bytes in memory, which are not copied. Offset and number count from the first of
   * them.
   */
  public static LineReader of(byte[] bytes, int from, int to) {
    return new LineReader(bytes, from, to);
  }

  /** Goes to the next line; false at the end of the file. */
  public boolean next() throws IOException {
    int start = to < 0 ? 0 : to + (terminated ? 1 : 0);
    offset += start - from;
    from = start;
    scanned = start;
    while (true) {
      int end = ByteSearch.find((byte) '\n', buffer, scanned, filled);
      if (end < filled) {
        to = end;
        terminated = true;
        number++;
        return true;
      }
      scanned = filled;
      if (ended) {
        to = filled;
        terminated = false;
        if (from == filled) {
          return false;
        }
        number++;
        return true;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    // There are many small files; a large one is read in large pieces.
    boolean grows = filled == buffer.length && buffer.length < LARGE_BYTES;
    if (from > 0 || grows) {
      byte[] target = grows ? new byte[LARGE_BYTES] : buffer;
      System.arraycopy(buffer, from, target, 0, filled - from);
      buffer = target;
      filled -= from;
      scanned -= from;
      from = 0;
    } else if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, filled, buffer.length - filled);
    if (count < 0) {
      ended = true;
    } else {
      filled += count;
    }
  }

  /** The array that has the line; valid until the next call of {@link #next}. */
  public byte[] bytes() {
    return buffer;
  }

  /** The index of the first byte of the line. */
  public int from() {
    return from;
  }

  /** The index after the last byte of the line, without its line feed. */
  public int to() {
    return to;
  }

  /** Whether the line ends in a line feed. */
  public boolean isTerminated() {
    return terminated;
  }

  /** The offset of the line's first byte in the file. */
  public long offset() {
    return offset;
  }

  /** The offset of the byte after the line and its line feed. */
  public long endOffset() {
    return offset + (to - from) + (terminated ? 1 : 0);
  }

  /** The number of the line, from 1. */
  public long number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
