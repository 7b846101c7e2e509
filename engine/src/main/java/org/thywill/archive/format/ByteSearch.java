package org.thywill.archive.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes in arrays, eight at a time: line feeds, pipes and characters that need escapes.
 *
 * <p>How: eight bytes are one number. Subtracting 1 from each of its bytes sets the highest bit of
 * a byte only if it was 0 (or had that bit set, which is masked out). So "is there a byte b"
 * becomes "is there a 0" after an exclusive or with eight times b.
 */
final class ByteSearch {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LOWS = ~HIGHS;
  private static final long BACKSLASHES = ONES * '\\';
  private static final long PIPES = ONES * '|';
  private static final long DELETES = ONES * 0x7f;
  private static final long BLANKS = ONES * ' ';

  private ByteSearch() {}

  /** The first index of a byte in a range, or the end of the range if it has none. */
  static int find(byte wanted, byte[] bytes, int from, int to) {
    long pattern = ONES * (wanted & 0xff);
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long hits = zeros((long) LONGS.get(bytes, i) ^ pattern);
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    while (i < to && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  /**
   * Finds all indexes of a byte in a range.
   *
   * @param indexes is filled with the first of them, as many as it has room for
   * @return how many there are
   */
  static int findAll(byte wanted, byte[] bytes, int from, int to, int[] indexes) {
    long pattern = ONES * (wanted & 0xff);
    int found = 0;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i) ^ pattern;
      // Unlike zeros(), this marks exactly the bytes that are 0: no borrow goes from one byte to
      // the next.
      for (long hits = ~((eight & LOWS) + LOWS | eight | LOWS);
          hits != 0;
          hits &= hits - 1, found++) {
        if (found < indexes.length) {
          indexes[found] = i + (Long.numberOfTrailingZeros(hits) >>> 3);
        }
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == wanted && found++ < indexes.length) {
        indexes[found - 1] = i;
      }
    }
    return found;
  }

  /**
   * The first index of a byte that is not plain ASCII text, or the end of the range: a control
   * character, a backslash, a pipe, or a part of a longer character.
   */
  static int findSpecial(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i);
      long special =
          eight & HIGHS
              | zeros(eight ^ BACKSLASHES)
              | zeros(eight ^ PIPES)
              | zeros(eight ^ DELETES)
              | eight - BLANKS & ~eight & HIGHS;
      if (special != 0) {
        // The loop below finds which of the eight it is: a borrow may have marked a byte after it.
        break;
      }
    }
    while (i < to && isPlain(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean isPlain(byte b) {
    // A negative byte is a part of a longer character.
    return b >= ' ' && b != '\\' && b != '|' && b != 0x7f;
  }

  /** The highest bit of the lowest byte that is 0, and perhaps bits above it; 0 if none is. */
  private static long zeros(long eight) {
    return eight - ONES & ~eight & HIGHS;
  }
}
