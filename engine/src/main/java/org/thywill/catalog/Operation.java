package org.thywill.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a change does to its row. A line always carries the whole row: as it became, or, when
 * removed, as it was.
 */
public enum Operation {
  ADDED,
  CHANGED,
  REMOVED;

  /** The word in a line of the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Operation> of(String word) {
    return Arrays.stream(values()).filter(operation -> operation.label().equals(word)).findFirst();
  }
}
