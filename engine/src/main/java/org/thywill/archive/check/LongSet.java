package org.thywill.archive.check;

import java.util.function.LongConsumer;

/** A hash set of {@linkplain Fingerprint fingerprints}, at 11 to 22 bytes each. Not thread-safe. */
final class LongSet {
  private static final int SLOTS_MIN = 64;

  private long[] slots;
  private int size;

  LongSet() {
    this(0);
  }

  /** A set with room for some keys. */
  LongSet(long expected) {
    int power = Integer.highestOneBit((int) Math.min(expected * 4 / 3, Integer.MAX_VALUE / 4));
    slots = new long[Math.max(SLOTS_MIN, power * 2)];
  }

  int size() {
    return size;
  }

  boolean contains(long key) {
    return slots[slot(slots, key)] == key;
  }

  /** Adds a key, and returns whether it was not there. */
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

  /** Removes a key, and returns whether it was there. */
  boolean remove(long key) {
    int hole = slot(slots, key);
    if (slots[hole] != key) {
      return false;
    }
    size--;
    int mask = slots.length - 1;
    // Linear probing: keys after the hole move into it if they belong before it, so that a search
    // still ends at the first free slot.
    for (int next = (hole + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
      int first = firstSlot(slots, slots[next]);
      if (((next - first) & mask) >= ((next - hole) & mask)) {
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

  /** The slot of a key, or the free slot where it would be put. */
  private static int slot(long[] slots, long key) {
    int slot = firstSlot(slots, key);
    while (slots[slot] != 0 && slots[slot] != key) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static int firstSlot(long[] slots, long key) {
    return (int) (key ^ key >>> 32) & (slots.length - 1);
  }
}
