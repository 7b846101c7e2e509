package org.thywill.community.join;

import org.thywill.catalog.HandleNormalizer;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.TextValidation;
import org.thywill.community.access.VisibleText;
import org.thywill.community.member.ConfusableNames;
import org.thywill.community.member.OfficeNames;

/**
 * The rules for the name of a new member. They do not concern members who came by an import.
 *
 * <p>Whether another member has the name is not decided here.
 */
final class DisplayName {
  private static final int LENGTH_MAX = 50;
  private static final int JOINERS_FROM = 0x200C;
  private static final int JOINERS_TO = 0x200D;

  private DisplayName() {}

  /**
   * The name as it will be shown: without blanks around it.
   *
   * @throws InvalidInputException if nothing of it can be seen, it is too long, it is the program's
   *     own or that of an office, or has characters that are invisible, struck through or change
   *     how a page reads
   */
  static String of(String name) {
    String display = name.strip();
    TextValidation.require(display, "the name", LENGTH_MAX);
    if (display.codePoints().anyMatch(DisplayName::confusesReaders)) {
      throw new InvalidInputException(
          "A name has no line breaks, nothing struck through and no signs that cannot be seen.");
    }
    if (new ConfusableNames(HandleNormalizer.SYSTEM).include(display)) {
      throw new InvalidInputException(
          "The name " + display + " is the program's own. Please choose another.");
    }
    if (OfficeNames.include(display)) {
      throw new InvalidInputException(
          "The name "
              + display
              + " looks as if you had an office here. Please choose another, without such a"
              + " word.");
    }
    return display;
  }

  /** Whether a character is invisible, moves text, or strikes the letter before it through. */
  private static boolean confusesReaders(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      // Names of many languages need the joiners.
      case Character.FORMAT -> codePoint < JOINERS_FROM || codePoint > JOINERS_TO;
      default ->
          VisibleText.isUnseen(codePoint) && !isVariationSelector(codePoint)
              || isStrikingThrough(codePoint);
    };
  }

  /** Whether a character chooses how the one before it is drawn, as with many emoji. */
  private static boolean isVariationSelector(int codePoint) {
    return codePoint >= 0xFE00 && codePoint <= 0xFE0F
        || codePoint >= 0x180B && codePoint <= 0x180D
        || codePoint >= 0xE0100 && codePoint <= 0xE01EF;
  }

  private static boolean isStrikingThrough(int codePoint) {
    return codePoint >= 0x0334 && codePoint <= 0x0338
        || codePoint == 0x20D2
        || codePoint == 0x20D3
        || codePoint >= 0x20E5 && codePoint <= 0x20EB;
  }
}
