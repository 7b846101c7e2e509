package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow while lines are written into them. */
public final class LineBuffer {
  private byte[] bytes = new byte[4096];
  private int length;

  public int length() {
    return length;
  }

  public byte[] array() {
    return bytes;
  }

  public void clear() {
    length = 0;
  }

  public LineBuffer put(byte b) {
    reserve(1);
    bytes[length++] = b;
    return this;
  }

  public LineBuffer put(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  public LineBuffer ascii(String text) {
    return put(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
  }

  public LineBuffer utf8(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return put(encoded, 0, encoded.length);
  }

  /**
   * Makes room for a number of bytes, counts them as written, and gives the offset of the first.
   */
  int skip(int count) {
    reserve(count);
    length += count;
    return length - count;
  }

  public byte[] copy(int from) {
    return Arrays.copyOfRange(bytes, from, length);
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
