package org.thywill.community.prayer;

/** The names of what members do with a prayer, as the archive has them. */
public final class ActivityNames {
  /** A member prayed it. */
  public static final String PRAYED = "prayed";

  /** The author changed the request. */
  public static final String EDITED = "edited";

  /** The author changed who may see it. */
  public static final String SET_VISIBILITY = "set_visibility";

  /** The author said that it was answered. */
  public static final String SET_ANSWERED = "set_answered";

  /** The author wrote about the answer. */
  public static final String TESTIMONY = "testimony";

  /** The author took it out of the feeds. */
  public static final String SET_ARCHIVED = "set_archived";

  /** The author put it back into the feeds. */
  public static final String REMOVE_ARCHIVED = "remove_archived";

  /** A member reported it. */
  public static final String FLAGGED = "flagged";

  /** A moderator hid it. */
  public static final String HIDDEN = "hidden";

  /** A moderator showed it again, or found a report to be unfounded. */
  public static final String SHOWN = "shown";

  /** The words were changed after a moderator had looked at them, so a moderator looks again. */
  public static final String REVIEW = "review";

  private ActivityNames() {}
}
