package org.thywill.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Walks through the lines of a file without making strings of them. A line ends in a line feed, and only the last may lack one. */
final class Lines implements Closeable {
  private final InputStream in;
  private byte[] buffer = new byte[1 << 18];
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
  Lines(InputStream in, long offset, long number) {
    this.in = in;
    this.offset = offset;
    this.number = number;
    this.terminated = false;
    this.to = -1;
  }

  /** Goes to the next line; false at the end of the file. */
  boolean next() throws IOException {
    int start = to < 0 ? 0 : to + (terminated ? 1 : 0);
    offset += start - from;
    from = start;
    scanned = start;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          to = i;
          terminated = true;
          number++;
          return true;
        }
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
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, filled - from);
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

  byte[] bytes() {
    return buffer;
  }

  int from() {
    return from;
  }

  /** Behind the last byte of the line, its line feed left out. */
  int to() {
    return to;
  }

  boolean isTerminated() {
    return terminated;
  }

  /** Of the line's first byte in the file. */
  long offset() {
    return offset;
  }

  /** Of the byte behind the line and its line feed. */
  long endOffset() {
    return offset + (to - from) + (terminated ? 1 : 0);
  }

  /** From 1 on. */
  long number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
