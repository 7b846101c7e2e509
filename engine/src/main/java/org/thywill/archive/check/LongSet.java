package org.thywill.archive.check;

import java.util.function.LongConsumer;

/**
 * A set of {@link Fingerprint} fingerprints, at 11 to 22 bytes each. Not safe for several threads.
 */
final class LongSet {
  private static final int SLOTS_MIN = 64;

  private long[] slots;
  private int size;

  LongSet() {
    this(0);
  }

  /** With room for some keys, so that it need not grow until there are more. */
  LongSet(long expected) {
    slots =
        new long
            [Math.max(
                SLOTS_MIN,
                Integer.highestOneBit((int) Math.min(expected * 4 / 3, Integer.MAX_VALUE / 4))
                    * 2)];
  }

  int size() {
    return size;
  }

  boolean contains(long key) {
    return slots[slot(slots, key)] == key;
  }

  /** Whether the key was not there before. */
  boolean add(long key) {
    int slot = slot(slots, key);
    if (slots[slot] == key) {
      return false;
    }
    slots[slot] = key;
    size++;
    if (size * 4L > slots.length * 3L) {
      grow();
    }
    return true;
  }

  /** Whether the key was there. */
  boolean remove(long key) {
    int hole = slot(slots, key);
    if (slots[hole] != key) {
      return false;
    }
    size--;
    int mask = slots.length - 1;
    // Keys behind the hole that had been pushed on by it move up, so that a search still ends at
    // the first free slot.
    for (int next = (hole + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
      int home = home(slots, slots[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole] = slots[next];
        hole = next;
      }
    }
    slots[hole] = 0;
    return true;
  }

  void forEach(LongConsumer each) {
    for (long key : slots) {
      if (key != 0) {
        each.accept(key);
      }
    }
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    forEach(key -> larger[slot(larger, key)] = key);
    slots = larger;
  }

  /** Where a key is, or the free slot where it would be. */
  private static int slot(long[] slots, long key) {
    int slot = home(slots, key);
    while (slots[slot] != 0 && slots[slot] != key) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static int home(long[] slots, long key) {
    return (int) (key ^ key >>> 32) & (slots.length - 1);
  }
}
