package org.thywill.community;

import java.util.Locale;

/** Who may see a prayer; its author's choice. */
public enum Visibility {
  /** Members only. */
  MEMBERS,
  /** Everybody, with the author's name. */
  PUBLIC,
  /** Everybody, without the author's name. */
  ANONYMOUS;

  /** The word in the archive. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
