package org.thywill.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a change does to its row. A line has the whole row: its new values, or, for a removal, its
 * last.
 */
public enum Operation {
  ADDED,
  CHANGED,
  REMOVED;

  /** The word in a line of the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The operation of a word in a line; empty if there is none. */
  public static Optional<Operation> of(String word) {
    return Arrays.stream(values()).filter(operation -> operation.label().equals(word)).findFirst();
  }
}
