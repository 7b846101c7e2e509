package org.thywill.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The parts of a database that can be recovered by themselves with {@code recover --only}. */
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

  public static Optional<RecoveryGroup> of(String word) {
    return Arrays.stream(values()).filter(group -> group.label().equals(word)).findFirst();
  }
}
