package org.thywill.archive.check;

/**
 * A hash map from {@linkplain Fingerprint fingerprints} to numbers, at 21 to 43 bytes an entry.
 *
 * <p>Safe for several threads while none writes. A key and its value are adjacent, so that a
 * look-up waits for memory only once.
 */
final class LongLongMap {
  /** The value of a key that is not in the map. */
  static final long NOTHING = Long.MIN_VALUE;

  private long[] pairs = new long[128];
  private int size;

  /** The value of a key, or {@link #NOTHING}. */
  long get(long key) {
    int at = find(pairs, key);
    return pairs[at] == key ? pairs[at + 1] : NOTHING;
  }

  /** Gives a key a value. */
  void put(long key, long value) {
    int at = find(pairs, key);
    if (pairs[at] == 0) {
      size++;
    }
    pairs[at] = key;
    pairs[at + 1] = value;
    if (size * 8L > pairs.length * 3L) {
      grow();
    }
  }

  /** Receives the entries of a map. */
  @FunctionalInterface
  interface EntryConsumer {
    void accept(long key, long value);
  }

  /** Gives all entries to a consumer, in no particular order. */
  void forEach(EntryConsumer consumer) {
    for (int at = 0; at < pairs.length; at += 2) {
      if (pairs[at] != 0) {
        consumer.accept(pairs[at], pairs[at + 1]);
      }
    }
  }

  private void grow() {
    long[] larger = new long[pairs.length * 2];
    forEach(
        (key, value) -> {
          int at = find(larger, key);
          larger[at] = key;
          larger[at + 1] = value;
        });
    pairs = larger;
  }

  /** The index of a key, or of the free pair where it would be put. */
  private static int find(long[] pairs, long key) {
    int mask = pairs.length - 2;
    int at = (int) (key ^ key >>> 32) << 1 & mask;
    while (pairs[at] != 0 && pairs[at] != key) {
      at = at + 2 & mask;
    }
    return at;
  }
}
