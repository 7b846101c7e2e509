package org.thywill.archive.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a file line by line, as bytes. A line ends in a line feed; only the last may lack it.
 *
 * <p>A line of more than {@value #LINE_BYTES_MAX} bytes is passed over without being kept: it
 * counts as a line, and has no bytes here. So a file with gigabytes of anything needs no more
 * memory than one with a single line of the largest length.
 *
 * <p>Not safe for several threads.
 */
public final class LineReader implements Closeable {
  /** The largest length of a line, without its line feed (FORMAT.md, section 3). */
  public static final int LINE_BYTES_MAX = 1 << 24;

  private static final int SMALL_BYTES = 1 << 13;
  private static final int LARGE_BYTES = 1 << 18;

  private final InputStream in;
  private final int lineBytesMax;
  private byte[] buffer;
  private int filled;
  private int from;
  private int to;
  private int scanned;
  private boolean ended;
  private boolean hasLineFeed;
  private long passedOver;
  private long offset;
  private long number;

  /**
   * A reader that begins within a file.
   *
   * @param offset of the stream's first byte in the file
   * @param number how many lines there are before it
   */
  public LineReader(InputStream in, long offset, long number) {
    this(in, offset, number, LINE_BYTES_MAX);
  }

  /** A reader with another largest length of a line. */
  LineReader(InputStream in, long offset, long number, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
    this.buffer = new byte[SMALL_BYTES];
    this.offset = offset;
    this.number = number;
    this.to = -1;
  }

  private LineReader(byte[] bytes, int from, int to) {
    this.in = InputStream.nullInputStream();
    this.lineBytesMax = LINE_BYTES_MAX;
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
    if (to >= 0) {
      offset = endOffset();
      from = to + (hasLineFeed ? 1 : 0);
    }
    scanned = from;
    passedOver = 0;
    while (true) {
      int end = ByteSearch.find((byte) '\n', buffer, scanned, filled);
      if (end < filled || ended) {
        passOver(end);
        to = end;
        hasLineFeed = end < filled;
        boolean isLine = hasLineFeed || from < to || isTooLong();
        number += isLine ? 1 : 0;
        return isLine;
      }
      scanned = filled;
      passOver(filled);
      fill();
    }
  }

  /** Drops the bytes of the present line up to an index, if there are too many of them to keep. */
  private void passOver(int end) {
    if (isTooLong() || end - from > lineBytesMax) {
      passedOver += end - from;
      from = end;
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
      buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, lineBytesMax + LARGE_BYTES));
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

  /** Whether the line is here as a whole: it ends in a line feed, and is not too long. */
  public boolean isTerminated() {
    return hasLineFeed && !isTooLong();
  }

  /** Whether the line is longer than any may be; then none of its bytes is here. */
  public boolean isTooLong() {
    return passedOver > 0;
  }

  /**
   * Requires that the line is here as a whole.
   *
   * @throws MalformedLineException if it does not end in a line feed, or is too long
   */
  public void requireWhole() throws MalformedLineException {
    if (isTooLong()) {
      throw new MalformedLineException(
          passedOver + " bytes without a line feed; expected at most " + lineBytesMax);
    }
    if (!hasLineFeed) {
      throw new MalformedLineException("the line does not end in a newline");
    }
  }

  /** The offset of the line's first byte in the file. */
  public long offset() {
    return offset;
  }

  /** The offset of the byte after the line and its line feed. */
  public long endOffset() {
    return offset + passedOver + (to - from) + (hasLineFeed ? 1 : 0);
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
