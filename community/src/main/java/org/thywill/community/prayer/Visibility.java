package org.thywill.community.prayer;

import java.util.Locale;

/** Who may see a prayer, as its author chose. */
public enum Visibility {
  /** Members only. */
  MEMBERS,
  /** Everybody, with the author's name. */
  PUBLIC,
  /** Everybody, without the author's name. */
  ANONYMOUS;

  /**
   * The visibility of a word in the archive. An unknown word is {@link #MEMBERS}, so that no prayer
   * becomes public by mistake.
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
