package org.thywill.archive.derived;

import java.util.OptionalLong;

/**
 * Finds the page of a prayer by the time at which the prayer was added; implemented by the view.
 */
@FunctionalInterface
public interface PageLocator {
  /**
   * The time of the change that added the prayer, in microseconds since 1970; empty if it is not
   * known.
   */
  OptionalLong addedAt(String prayer);

  /**
   * Whether any row last changed at or before a seq already names a prayer that is added only now,
   * as an import may do. Rows that were changed or removed later do not count: the caller has the
   * lines of those changes.
   *
   * @return true also if it is not known
   */
  default boolean isNamedBefore(String prayer, long seq) {
    return true;
  }

  /** A locator that knows nothing, so that every page is looked up in the logs. */
  PageLocator UNKNOWN = prayer -> OptionalLong.empty();
}
