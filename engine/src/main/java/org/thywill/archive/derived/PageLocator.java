package org.thywill.archive.derived;

import java.util.OptionalLong;

/** Knows when a prayer was first written down, and thereby where its page is. The view does. */
@FunctionalInterface
public interface PageLocator {
  /**
   * The time of the change that added the prayer, in microseconds since 1970; empty if that is not
   * known here.
   */
  OptionalLong addedAt(String prayer);

  /**
   * Whether rows that have been as they are since a change, or longer, name a prayer that comes
   * only now, as an import may tell them; true where that is not known. Rows that were changed or
   * removed after it are not looked at: the caller has the lines that did so.
   */
  default boolean isNamedBefore(String prayer, long seq) {
    return true;
  }

  /** Knows nothing: every page is looked up in the logs. */
  PageLocator UNKNOWN = prayer -> OptionalLong.empty();
}
