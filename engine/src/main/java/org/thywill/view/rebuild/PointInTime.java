package org.thywill.view.rebuild;

import org.thywill.catalog.Change;

/**
 * Where a rebuild ends: with the last transaction at or before a seq and a time.
 *
 * @param seq the last seq to include
 * @param atMicros the last time to include, in microseconds since 1970
 */
public record PointInTime(long seq, long atMicros) {
  /** Everything. */
  public static final PointInTime NOW = new PointInTime(Long.MAX_VALUE, Long.MAX_VALUE);

  /** The last transaction that ends at or before a seq. */
  public static PointInTime seq(long seq) {
    return new PointInTime(seq, Long.MAX_VALUE);
  }

  /** The last transaction at or before a time, in microseconds since 1970. */
  public static PointInTime time(long atMicros) {
    return new PointInTime(Long.MAX_VALUE, atMicros);
  }

  /** Whether a change is included; a transaction is included whole or not at all. */
  public boolean includes(Change change) {
    return change.stamp().last() <= seq && change.at() <= atMicros;
  }
}
