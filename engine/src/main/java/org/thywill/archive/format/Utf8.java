package org.thywill.archive.format;

/**
 * Decodes single characters in UTF-8, only in Unicode's well-formed byte sequences.
 *
 * <p>Overlong forms, surrogates and code points beyond U+10FFFF are not well formed.
 */
final class Utf8 {
  private static final int CONTINUATION = 0x80;
  private static final int CONTINUATION_MASK = 0xc0;

  private Utf8() {}

  /** The number of bytes of the character at an index; 0 if there is no well-formed one. */
  static int width(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int width = widthByFirstByte(first);
    if (at + width > to) {
      return 0;
    }
    for (int i = 1; i < width; i++) {
      if ((bytes[at + i] & CONTINUATION_MASK) != CONTINUATION) {
        return 0;
      }
    }
    int second = width > 2 ? bytes[at + 1] & 0xff : CONTINUATION;
    boolean isMalformed =
        first == 0xe0 && second < 0xa0
            || first == 0xed && second >= 0xa0
            || first == 0xf0 && second < 0x90
            || first == 0xf4 && second >= 0x90;
    return isMalformed ? 0 : width;
  }

  private static int widthByFirstByte(int first) {
    if (first < 0xc2 || first >= 0xf5) {
      return 0;
    }
    if (first < 0xe0) {
      return 2;
    }
    return first < 0xf0 ? 3 : 4;
  }

  /** The character at an index, whose {@link #width} is known. */
  static int codePoint(byte[] bytes, int at, int width) {
    int c = width == 1 ? bytes[at] : bytes[at] & 0x7f >>> width;
    for (int i = 1; i < width; i++) {
      c = c << 6 | bytes[at + i] & 0x3f;
    }
    return c;
  }
}
