package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes into which lines are written. Not safe for several threads. */
public final class LineBuffer {
  private byte[] bytes = new byte[4096];
  private int length;

  /** How many bytes have been written. */
  public int length() {
    return length;
  }

  /** The bytes, and room after them; valid until the next call that writes. */
  public byte[] array() {
    return bytes;
  }

  /** Starts over with no bytes. */
  public void clear() {
    length = 0;
  }

  /** Adds a byte. */
  public LineBuffer put(byte b) {
    reserve(1);
    bytes[length++] = b;
    return this;
  }

  /** Adds some bytes of an array. */
  public LineBuffer put(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Adds a text of ASCII characters. */
  public LineBuffer ascii(String text) {
    return put(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
  }

  /** Adds a text in UTF-8. */
  public LineBuffer utf8(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return put(encoded, 0, encoded.length);
  }

  /** Adds bytes that the caller fills in, and returns the offset of the first. */
  int skip(int count) {
    reserve(count);
    length += count;
    return length - count;
  }

  /** A copy of the bytes from an offset on. */
  public byte[] copy(int from) {
    return Arrays.copyOfRange(bytes, from, length);
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
