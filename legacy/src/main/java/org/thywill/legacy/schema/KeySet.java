package org.thywill.legacy.schema;

import java.nio.ByteBuffer;
import org.thywill.catalog.Sha256;

/** A set of texts that keeps 128 bits of the SHA-256 of each: 32 to 64 bytes for each text. */
public final class KeySet {
  private long[] slots = new long[64];
  private int size;

  /** Adds a text; returns whether the set did not have it. */
  public boolean add(String text) {
    if (size * 4 >= slots.length) {
      grow();
    }
    ByteBuffer hash = hash(text);
    long high = hash.getLong(0);
    long low = hash.getLong(8);
    int slot = slot(slots, high, low);
    if (slots[slot] != 0 || slots[slot + 1] != 0) {
      return false;
    }
    slots[slot] = high;
    slots[slot + 1] = low;
    size++;
    return true;
  }

  /** Whether the set has a text. */
  public boolean contains(String text) {
    if (size == 0) {
      return false;
    }
    ByteBuffer hash = hash(text);
    int slot = slot(slots, hash.getLong(0), hash.getLong(8));
    return slots[slot] != 0 || slots[slot + 1] != 0;
  }

  /** Whether the set has no text. */
  public boolean isEmpty() {
    return size == 0;
  }

  private static ByteBuffer hash(String text) {
    return ByteBuffer.wrap(Sha256.digest(text));
  }

  /** The slot that holds the pair, or the free one where it belongs. */
  private static int slot(long[] slots, long high, long low) {
    int mask = slots.length - 1;
    int slot = (int) (high << 1) & mask;
    while ((slots[slot] != 0 || slots[slot + 1] != 0)
        && (slots[slot] != high || slots[slot + 1] != low)) {
      slot = slot + 2 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] wider = new long[slots.length * 2];
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i] != 0 || slots[i + 1] != 0) {
        int slot = slot(wider, slots[i], slots[i + 1]);
        wider[slot] = slots[i];
        wider[slot + 1] = slots[i + 1];
      }
    }
    slots = wider;
  }
}
