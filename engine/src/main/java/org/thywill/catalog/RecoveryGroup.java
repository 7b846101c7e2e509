package org.thywill.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Groups of tables that can be recovered separately, with {@code recover --only}. */
public enum RecoveryGroup {
  USERS,
  PRAYERS,
  AUTH,
  ROLES,
  INVITES,
  SYSTEM;

  /** The word on the command line, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The group of a word on the command line; empty if there is none. */
  public static Optional<RecoveryGroup> of(String word) {
    return Arrays.stream(values()).filter(group -> group.label().equals(word)).findFirst();
  }
}
