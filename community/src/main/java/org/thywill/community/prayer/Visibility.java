package org.thywill.community.prayer;

import java.util.Locale;

/** Who may see a prayer; its author's choice. */
public enum Visibility {
  /** Members only. */
  MEMBERS,
  /** Everybody, with the author's name. */
  PUBLIC,
  /** Everybody, without the author's name. */
  ANONYMOUS;

  /**
   * The one of a word. What is unknown is for members only: a doubt never makes a prayer public.
   */
  public static Visibility of(String word) {
    for (Visibility visibility : values()) {
      if (visibility.label().equals(word)) {
        return visibility;
      }
    }
    return MEMBERS;
  }

  /** The word in the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
