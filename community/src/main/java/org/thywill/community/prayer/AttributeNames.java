package org.thywill.community.prayer;

/** The names of attributes of a prayer, as the archive has them. */
final class AttributeNames {
  /** The author said that the prayer was answered. */
  static final String ANSWERED = "answered";

  /** When that was first said. */
  static final String ANSWER_DATE = "answer_date";

  /** What the author wrote about the answer. */
  static final String ANSWER_TESTIMONY = "answer_testimony";

  /** The author took the prayer out of the feeds. */
  static final String ARCHIVED = "archived";

  private AttributeNames() {}
}
