package org.thywill.web.format;

import java.util.Optional;
import org.thywill.community.prayer.PrayerFeeds;

/** What happened to a prayer, in words that follow the name of who did it. */
public final class ActivityText {
  private ActivityText() {}

  /**
   * The words for it; those of the archive where something was imported that this program never
   * does.
   */
  public static String words(PrayerFeeds.TimelineEntry step) {
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

  /** What was said with it, if that says more than the deed. */
  public static Optional<String> said(PrayerFeeds.TimelineEntry step) {
    return Optional.ofNullable(step.after()).filter(after -> !after.equals("true"));
  }
}
