package org.thywill.archive.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Walks through the lines of a file without making strings of them. A line ends in a line feed, and
 * only the last may lack one.
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
   * Reads on from a place in a file.
   *
   * @param offset of the stream's first byte in the file
   * @param number of lines before it
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
   * Walks through bytes in memory, which are not copied. Offset and number count from the first of
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
    // Most files are small, and there are many; one that is not is read in large pieces.
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

  public byte[] bytes() {
    return buffer;
  }

  public int from() {
    return from;
  }

  /** Behind the last byte of the line, its line feed left out. */
  public int to() {
    return to;
  }

  public boolean isTerminated() {
    return terminated;
  }

  /** Of the line's first byte in the file. */
  public long offset() {
    return offset;
  }

  /** Of the byte behind the line and its line feed. */
  public long endOffset() {
    return offset + (to - from) + (terminated ? 1 : 0);
  }

  /** From 1 on. */
  public long number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
