package org.thywill.view.rebuild;

import org.thywill.catalog.Change;

/**
 * Up to where a rebuild goes: the last transaction that ends at or before a seq and a time.
 *
 * @param seq the last seq that is wanted
 * @param at the last time that is wanted, in microseconds since 1970
 */
public record PointInTime(long seq, long at) {
  /** Everything. */
  public static final PointInTime NOW = new PointInTime(Long.MAX_VALUE, Long.MAX_VALUE);

  public static PointInTime seq(long seq) {
    return new PointInTime(seq, Long.MAX_VALUE);
  }

  public static PointInTime time(long at) {
    return new PointInTime(Long.MAX_VALUE, at);
  }

  /** A transaction is taken whole or not at all. */
  public boolean includes(Change change) {
    return change.stamp().last() <= seq && change.at() <= at;
  }
}
