package org.thywill.community.member;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/**
 * A sign after a name that says how a member supports the community. Words and order are those of
 * the original.
 */
public enum Badge {
  SUPPORTER("⭐", "Supporter", "supports this community"),
  FINANCIAL("♥", "Gives", "helps to pay for this place"),
  PRAYER_WARRIOR("🙏", "Prayer warrior", "prays a great deal for others"),
  ADVISOR("🌟", "Advisor", "gives good counsel"),
  COMMUNITY_LEADER("🤝", "Community leader", "leads a part of this community"),
  LOGISTICAL("⚙️", "Helping hand", "sees to it that things get done");

  /** The most badges that are shown after a name. */
  public static final int SHOWN_MAX = 3;

  private final String symbol;
  private final String title;
  private final String meaning;

  Badge(String symbol, String title, String meaning) {
    this.symbol = symbol;
    this.title = title;
    this.meaning = meaning;
  }

  /** The word in the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sign. */
  public String symbol() {
    return symbol;
  }

  /** Its name, for pages. */
  public String title() {
    return title;
  }

  /** What it means, as words that follow the name of the member. */
  public String meaning() {
    return meaning;
  }

  /**
   * All badges of a member. A supporter whose kinds of support are all unknown here has {@link
   * #SUPPORTER}.
   */
  public static Set<Badge> of(Row member) {
    Set<Badge> badges = EnumSet.noneOf(Badge.class);
    if (member.is(Catalog.Members.IS_SUPPORTER)) {
      List<String> words = words(member);
      Arrays.stream(values()).filter(badge -> words.contains(badge.label())).forEach(badges::add);
      if (badges.isEmpty()) {
        badges.add(SUPPORTER);
      }
    }
    return badges;
  }

  /** The badges that are shown after the name of a member, in their order. */
  public static List<Badge> shown(Row member) {
    return of(member).stream().limit(SHOWN_MAX).toList();
  }

  /** The words in the row of a member, also those that are unknown here. */
  static List<String> words(Row member) {
    return Arrays.stream(member.get(Catalog.Members.SUPPORTER_TYPE).orElse("").split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Whether a word is that of a badge. */
  static boolean isKnown(String word) {
    return Arrays.stream(values()).anyMatch(badge -> badge.label().equals(word));
  }
}
