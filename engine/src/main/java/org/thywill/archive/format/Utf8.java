package org.thywill.archive.format;

/**
 * Characters in UTF-8, well formed as Unicode's table of byte sequences has it: no detours, no
 * halves of pairs, nothing beyond U+10FFFF.
 */
final class Utf8 {
  private static final int CONTINUATION = 0x80;
  private static final int CONTINUATION_MASK = 0xc0;

  private Utf8() {}

  /** How many bytes the character at a place takes; 0 if no character in UTF-8 stands there. */
  static int width(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (at + width > to) {
      return 0;
    }
    for (int i = 1; i < width; i++) {
      if ((bytes[at + i] & CONTINUATION_MASK) != CONTINUATION) {
        return 0;
      }
    }
    int second = width > 2 ? bytes[at + 1] & 0xff : CONTINUATION;
    boolean astray =
        first == 0xe0 && second < 0xa0
            || first == 0xed && second >= 0xa0
            || first == 0xf0 && second < 0x90
            || first == 0xf4 && second >= 0x90;
    return astray ? 0 : width;
  }

  /** The character at a place, which has a {@link #width}. */
  static int codePoint(byte[] bytes, int at, int width) {
    int c = width == 1 ? bytes[at] : bytes[at] & 0x7f >>> width;
    for (int i = 1; i < width; i++) {
      c = c << 6 | bytes[at + i] & 0x3f;
    }
    return c;
  }
}
