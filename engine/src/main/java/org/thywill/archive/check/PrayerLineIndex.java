package org.thywill.archive.check;

import java.util.function.LongConsumer;

/**
 * Counts the log lines that name each prayer and sums their fingerprints, in 21 bytes a prayer.
 *
 * <p>A page with the same number and sum has exactly these lines, so pages are compared with logs
 * without keeping either. The index also knows whether a prayer was ever added.
 *
 * <p>Safe for several threads.
 */
final class PrayerLineIndex {
  private static final byte ADDED = 1;
  private static final byte SEEN = 2;
  private long[] keys = new long[64];
  private long[] sums = new long[64];
  private int[] counts = new int[64];
  private byte[] states = new byte[64];
  private int size;

  /** How many lines name a prayer, and the sum of their fingerprints. */
  record Sum(int count, long sum) {
    static final Sum NOTHING = new Sum(0, 0);

    Sum plus(long line) {
      return new Sum(count + 1, sum + line);
    }
  }

  /**
   * Collects lines of one table, so that threads do not wait for each other at every line. For one
   * thread.
   */
  final class Batch {
    private static final int LINES = 1024;
    private final long[] prayers = new long[LINES];
    private final long[] lines = new long[LINES];
    private final boolean isPrayers;
    private int filled;

    /**
     * A batch for the lines of a table.
     *
     * @param isPrayers whether it is the table of the prayers themselves
     */
    Batch(boolean isPrayers) {
      this.isPrayers = isPrayers;
    }

    void add(long prayer, long line) {
      prayers[filled] = prayer;
      lines[filled] = line;
      if (++filled == LINES) {
        flush();
      }
    }

    void flush() {
      addAll(prayers, lines, filled, isPrayers ? ADDED : 0);
      filled = 0;
    }
  }

  private synchronized void addAll(long[] prayers, long[] lines, int count, byte state) {
    for (int i = 0; i < count; i++) {
      if (size * 3L >= keys.length * 2L) {
        grow();
      }
      int slot = slot(prayers[i]);
      size += keys[slot] == 0 ? 1 : 0;
      keys[slot] = prayers[i];
      counts[slot]++;
      sums[slot] += lines[i];
      states[slot] |= state;
    }
  }

  /** What the logs have of a prayer; marks its page as seen. */
  synchronized Sum markSeen(long prayer) {
    int slot = slot(prayer);
    if (keys[slot] == 0) {
      return Sum.NOTHING;
    }
    states[slot] |= SEEN;
    return new Sum(counts[slot], sums[slot]);
  }

  /** Gives the prayers that were added and whose page was not seen. */
  synchronized void forEachUnseen(LongConsumer each) {
    for (int i = 0; i < keys.length; i++) {
      if (states[i] == ADDED) {
        each.accept(keys[i]);
      }
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldSums = sums;
    int[] oldCounts = counts;
    byte[] oldStates = states;
    keys = new long[oldKeys.length * 2];
    sums = new long[keys.length];
    counts = new int[keys.length];
    states = new byte[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        sums[slot] = oldSums[i];
        counts[slot] = oldCounts[i];
        states[slot] = oldStates[i];
      }
    }
  }

  private int slot(long prayer) {
    int slot = (int) (prayer ^ prayer >>> 32) & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != prayer) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
