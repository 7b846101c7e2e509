package org.thywill.archive.check;

/**
 * A number for each of many {@link Fingerprint} fingerprints, at 21 to 43 bytes each. Not safe for
 * several threads that write.
 *
 * <p>A fingerprint and its number lie side by side: most of the time of a look-up is spent on
 * waiting for memory, and so it is waited for once.
 */
final class LongLongMap {
  /** What there is for a fingerprint that has nothing. */
  static final long NOTHING = Long.MIN_VALUE;

  private long[] pairs = new long[128];
  private int size;

  long get(long key) {
    int at = find(pairs, key);
    return pairs[at] == key ? pairs[at + 1] : NOTHING;
  }

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

  /** Is told of a fingerprint and its number. */
  @FunctionalInterface
  interface Each {
    void accept(long key, long value);
  }

  void forEach(Each each) {
    for (int at = 0; at < pairs.length; at += 2) {
      if (pairs[at] != 0) {
        each.accept(pairs[at], pairs[at + 1]);
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

  /** Where a fingerprint stands, or the free place where it would. */
  private static int find(long[] pairs, long key) {
    int mask = pairs.length - 2;
    int at = (int) (key ^ key >>> 32) << 1 & mask;
    while (pairs[at] != 0 && pairs[at] != key) {
      at = at + 2 & mask;
    }
    return at;
  }
}
