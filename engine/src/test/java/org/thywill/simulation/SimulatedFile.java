package org.thywill.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The bytes of a file on a simulated disk, regardless of its names.
 *
 * <p>Bytes before {@code clean} count as written to disk. They are safe, except for those that a
 * failed force gave up. Bytes after it are unforced.
 */
final class SimulatedFile {
  private static final int SECTOR_BYTES = 512;

  /** The patterns of a single file under {@link LossPattern#REORDERED}. */
  private static final List<LossPattern> REORDERED_FILES =
      List.of(
          LossPattern.ALL_KEPT,
          LossPattern.ALL_LOST,
          LossPattern.PREFIX,
          LossPattern.ZEROED,
          LossPattern.GARBAGE,
          LossPattern.SECTORS);

  private record Range(int from, int to) {}

  byte[] bytes = {};
  int length;
  int clean;
  private boolean borrowed;
  private final List<Range> givenUp = new ArrayList<>();

  static SimulatedFile settled(byte[] bytes, int length, boolean borrowed) {
    SimulatedFile content = new SimulatedFile();
    content.bytes = bytes;
    content.length = length;
    content.clean = length;
    content.borrowed = borrowed;
    return content;
  }

  void append(byte[] from, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, from.length);
    int needed = Math.addExact(length, count);
    if (borrowed || needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * length, Integer.MAX_VALUE - 8)));
      borrowed = false;
    }
    System.arraycopy(from, offset, bytes, length, count);
    length = needed;
  }

  void force() {
    clean = length;
  }

  void giveUpUnforced() {
    if (clean < length) {
      boolean adjoins = !givenUp.isEmpty() && givenUp.getLast().to == clean;
      givenUp.add(new Range(adjoins ? givenUp.removeLast().from : clean, length));
      clean = length;
    }
  }

  /**
   * The same bytes, all of them safe. The array is shared: only this file may write into it, and
   * only after the length of the copy.
   */
  SimulatedFile copy() {
    return settled(bytes, length, true);
  }

  SimulatedFile survivor(LossPattern pattern, RandomGenerator random) {
    if (clean == length && givenUp.isEmpty()) {
      return copy();
    }
    if (pattern == LossPattern.REORDERED) {
      return survivor(REORDERED_FILES.get(random.nextInt(REORDERED_FILES.size())), random);
    }
    byte[] left = Arrays.copyOf(bytes, length);
    for (Range range : givenUp) {
      Arrays.fill(left, range.from, range.to, (byte) 0);
    }
    int end =
        switch (pattern) {
          case ALL_LOST -> clean;
          case PREFIX, LOST_ENTRY -> random.nextInt(clean, length + 1);
          case ALL_KEPT, ZEROED, GARBAGE, SECTORS, REORDERED -> length;
        };
    harm(left, pattern, random);
    // Bytes that were given up are zeros if anything after them reached the disk, and missing
    // otherwise.
    boolean holeAtEnd = end == clean && !givenUp.isEmpty() && givenUp.getLast().to == clean;
    return settled(left, holeAtEnd && !pattern.keepsLength() ? givenUp.getLast().from : end, false);
  }

  private void harm(byte[] left, LossPattern pattern, RandomGenerator random) {
    if (pattern == LossPattern.ZEROED) {
      Arrays.fill(left, clean, length, (byte) 0);
    } else if (pattern == LossPattern.GARBAGE) {
      byte[] garbage = new byte[length - clean];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, left, clean, garbage.length);
    } else if (pattern == LossPattern.SECTORS) {
      for (int from = clean;
          from < length;
          from = from / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES) {
        if (random.nextBoolean()) {
          Arrays.fill(
              left,
              from,
              Math.min(length, from / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES),
              (byte) 0);
        }
      }
    }
  }
}
