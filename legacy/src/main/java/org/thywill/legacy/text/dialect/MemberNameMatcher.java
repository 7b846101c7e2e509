package org.thywill.legacy.text.dialect;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds the names of members in lines, the longest first.
 *
 * <p>A name may hold the words or signs that usually follow a name, so only a list of names shows
 * where it ends.
 */
public final class MemberNameMatcher {
  private final Set<String> all = new HashSet<>();
  private int longest;

  /** Adds a name, unless it is empty. */
  public void add(String name) {
    if (!name.isEmpty() && all.add(name)) {
      longest = Math.max(longest, name.length());
    }
  }

  /** Whether a name is known. */
  boolean has(String name) {
    return all.contains(name);
  }

  /**
   * The length of the longest known name that begins the text and is followed by a blank.
   *
   * @param below the largest length to return
   * @return -1 if there is no such name
   */
  int prefix(String text, int below) {
    for (int end = Math.min(Math.min(text.length() - 1, longest), below); end > 0; end--) {
      if (text.charAt(end) == ' ' && all.contains(text.substring(0, end))) {
        return end;
      }
    }
    return -1;
  }
}
