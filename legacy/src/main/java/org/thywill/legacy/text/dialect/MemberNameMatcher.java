package org.thywill.legacy.text.dialect;

import java.util.HashSet;
import java.util.Set;

/**
 * Names of members, by which lines are cut where a name holds what usually ends one: matched as
 * wholes, the longest first.
 */
public final class MemberNameMatcher {
  private final Set<String> all = new HashSet<>();
  private int longest;

  public void add(String name) {
    if (!name.isEmpty() && all.add(name)) {
      longest = Math.max(longest, name.length());
    }
  }

  boolean has(String name) {
    return all.contains(name);
  }

  /**
   * The length of the longest known name with which a text begins and which a word then follows, or
   * one that is at most {@code below}; -1 if none.
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
