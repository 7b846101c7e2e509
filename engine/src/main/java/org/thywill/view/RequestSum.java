package org.thywill.view;

/**
 * A sum over the requests that a view knows, which shows that none is lost or added.
 *
 * <p>The digest covers the rows of the community alone. A view that lacks a request would let it be
 * done twice. The order does not matter, so a request is added to the sum, or taken from it.
 */
final class RequestSum {
  /** The sum of no requests. */
  static final long EMPTY = 0;

  /** Two such numbers can be added without an overflow, also by SQLite. */
  static final long MASK = (1L << 62) - 1;

  private static final long PRIME = 0x100000001b3L; // FNV-1a, 64 bits
  private static final long BASIS = 0xcbf29ce484222325L;

  private RequestSum() {}

  /** What a request adds to the sum. */
  static long of(String idempotencyKey, SeqRange seqs) {
    long hash = BASIS;
    for (int i = 0; i < idempotencyKey.length(); i++) {
      hash = (hash ^ idempotencyKey.charAt(i)) * PRIME;
    }
    hash = (hash ^ seqs.first()) * PRIME;
    hash = (hash ^ seqs.last()) * PRIME;
    return (hash ^ hash >>> 32) & MASK;
  }

  /** The sum of two sums. */
  static long plus(long sum, long other) {
    return sum + other & MASK;
  }

  /** A sum without what another one added to it. */
  static long minus(long sum, long other) {
    return sum - other & MASK;
  }
}
