package org.thywill.view.rebuild;

import org.thywill.catalog.Change;

/**
 * Up to where a rebuild goes: the last transaction that ends at or before a seq and a time.
 *
 * @param seq the last seq that is wanted
 * @param at the last time that is wanted, in microseconds since 1970
 */
public record Until(long seq, long at) {
  /** Everything. */
  public static final Until NOW = new Until(Long.MAX_VALUE, Long.MAX_VALUE);

  public static Until seq(long seq) {
    return new Until(seq, Long.MAX_VALUE);
  }

  public static Until time(long at) {
    return new Until(Long.MAX_VALUE, at);
  }

  /** A transaction is taken whole or not at all. */
  public boolean includes(Change change) {
    return change.stamp().last() <= seq && change.at() <= at;
  }
}
