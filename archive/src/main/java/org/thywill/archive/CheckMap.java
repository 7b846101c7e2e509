package org.thywill.archive;

/** A number for each of many {@link CheckHash} fingerprints, at 21 to 43 bytes each. Not safe for several threads that write. */
final class CheckMap {
  /** What there is for a fingerprint that has nothing. */
  static final long NOTHING = Long.MIN_VALUE;

  private long[] keys = new long[64];
  private long[] values = new long[64];
  private int size;

  long get(long key) {
    int slot = slot(keys, key);
    return keys[slot] == key ? values[slot] : NOTHING;
  }

  void put(long key, long value) {
    int slot = slot(keys, key);
    if (keys[slot] == 0) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value;
    if (size * 4L > keys.length * 3L) {
      grow();
    }
  }

  /** Is told of a fingerprint and its number. */
  @FunctionalInterface
  interface Each {
    void accept(long key, long value);
  }

  void forEach(Each each) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        each.accept(keys[i], values[i]);
      }
    }
  }

  private void grow() {
    long[] largerKeys = new long[keys.length * 2];
    long[] largerValues = new long[keys.length * 2];
    forEach((key, value) -> {
      int slot = slot(largerKeys, key);
      largerKeys[slot] = key;
      largerValues[slot] = value;
    });
    keys = largerKeys;
    values = largerValues;
  }

  private static int slot(long[] keys, long key) {
    int slot = (int) (key ^ key >>> 32) & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
