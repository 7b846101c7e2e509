package org.thywill.web.format;

import java.util.Optional;
import org.thywill.community.prayer.PrayerFeeds;

/** The text of an entry in the timeline of a prayer. */
public final class ActivityText {
  private ActivityText() {}

  /**
   * A phrase that follows the name of the member. An action that only the original program knew is
   * shown by the archive's word.
   */
  public static String phrase(PrayerFeeds.TimelineEntry step) {
    return switch (step.action()) {
      case "flagged" -> "reported it";
      case "hidden" -> "hid it";
      case "shown" -> "looked at it, and found that it may be seen";
      case "edited" -> "changed the words";
      case "set_answered" -> "gave thanks: it was answered";
      case "testimony" -> "told what became of it";
      case "set_archived" -> "put it away";
      case "remove_archived" -> "brought it back";
      case "set_visibility" -> "chose who may see it";
      default -> step.action().replace('_', ' ');
    };
  }

  /** The reason or text that belongs to the entry, if it has one. */
  public static Optional<String> text(PrayerFeeds.TimelineEntry step) {
    return step.after().filter(after -> !after.equals("true"));
  }
}
