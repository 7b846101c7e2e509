package org.thywill.archive.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for bytes in arrays, eight at a time: every line of an archive is looked through for its
 * end, its pipes and its escapes.
 *
 * <p>How: eight bytes are one number. Taking 1 from each byte of a number borrows from its highest
 * bit only where the byte was 0 (or had that bit set, which is masked out), so "is there a byte b"
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

  /** The first place from one to another where a byte stands; the end if there is none. */
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
   * Finds all places from one to another where a byte stands.
   *
   * @param places takes the places, as many of them as it has room for
   * @return how many there are
   */
  static int findAll(byte wanted, byte[] bytes, int from, int to, int[] places) {
    long pattern = ONES * (wanted & 0xff);
    int found = 0;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, i) ^ pattern;
      // Unlike zeros, this marks no byte but those that are 0: nothing is carried from one byte to
      // the next.
      for (long hits = ~((eight & LOWS) + LOWS | eight | LOWS);
          hits != 0;
          hits &= hits - 1, found++) {
        if (found < places.length) {
          places[found] = i + (Long.numberOfTrailingZeros(hits) >>> 3);
        }
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == wanted && found++ < places.length) {
        places[found - 1] = i;
      }
    }
    return found;
  }

  /**
   * The first place of a byte that is not plain ASCII text: a control character, a backslash, a
   * pipe, or a part of a longer character; else the end.
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
        break; // which of the eight it is, is not worth a trick: a borrow may have marked a byte
        // behind it
      }
    }
    while (i < to && isPlain(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b != '\\' && b != '|'
        && b != 0x7f; // negative ones are parts of longer characters
  }

  /** The highest bit of the lowest byte that is 0, and perhaps bits above it; 0 if none is. */
  private static long zeros(long eight) {
    return eight - ONES & ~eight & HIGHS;
  }
}
