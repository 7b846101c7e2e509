package org.thywill.community.access;

/** Checks texts that people wrote. The messages of its exceptions are sentences for them. */
public final class TextValidation {
  /** The most characters of a reason. */
  public static final int REASON_MAX = 1_000;

  private TextValidation() {}

  /**
   * The same text, unchanged, if a reader sees something of it and it is not too long.
   *
   * @param what names the text in the message, such as {@code the reason}
   * @throws InvalidInputException otherwise
   */
  public static String require(String text, String what, int codePointsMax) {
    if (!VisibleText.isIn(text)) {
      throw new InvalidInputException("Please write something: " + what + " is empty.");
    }
    return requireShort(text, what, codePointsMax);
  }

  /**
   * The same text, unchanged, if it is not too long.
   *
   * @throws InvalidInputException otherwise
   */
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
