package org.thywill.community.access;

/** Checks of what people wrote, with a sentence for them where it cannot be taken. */
public final class TextValidation {
  /** Characters of a reason. */
  public static final int REASON_MAX = 1_000;

  private TextValidation() {}

  /**
   * A text that says something and is not endless; returned as it is, since the words are the
   * author's.
   */
  public static String require(String text, String what, int codePointsMax) {
    if (text.isBlank()) {
      throw new InvalidInputException("Please write something: " + what + " is empty.");
    }
    return requireShort(text, what, codePointsMax);
  }

  public static String requireShort(String text, String what, int codePointsMax) {
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints > codePointsMax) {
      throw new InvalidInputException(
          "Please shorten it: "
              + what
              + " has "
              + codePoints
              + " characters, and "
              + codePointsMax
              + " fit.");
    }
    return text;
  }
}
