package org.thywill.web.format;

import org.thywill.community.prayer.ActivityNames;
import org.thywill.community.prayer.PrayerFeeds;

/** The text of an entry in the timeline of a prayer. */
public final class ActivityText {
  private ActivityText() {}

  /**
   * A phrase that follows the name of the member. An action that only the original program knew is
   * shown by the archive's word.
   */
  public static String phrase(PrayerFeeds.TimelineEntry entry) {
    return switch (entry.action()) {
      case ActivityNames.FLAGGED -> "reported it";
      case ActivityNames.HIDDEN -> "hid it";
      case ActivityNames.SHOWN -> "looked at it, and found that it may be seen";
      case ActivityNames.REVIEW -> "changed it after a moderator had looked; one looks again";
      case ActivityNames.EDITED -> "changed the words";
      case ActivityNames.SET_ANSWERED -> "gave thanks: it was answered";
      case ActivityNames.TESTIMONY -> "told what became of it";
      case ActivityNames.SET_ARCHIVED -> "put it away";
      case ActivityNames.REMOVE_ARCHIVED -> "brought it back";
      case ActivityNames.SET_VISIBILITY -> "chose who may see it";
      default -> entry.action().replace('_', ' ');
    };
  }

  /** The reason or text that belongs to the entry; empty if it has none. */
  public static String text(PrayerFeeds.TimelineEntry entry) {
    String after = entry.after();
    return after == null || after.equals("true") ? "" : after;
  }
}
