package org.thywill.community.access;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/** What a reader can see of a text: letters, digits and signs, but no blanks and nothing unseen. */
public final class VisibleText {
  /** An empty pattern of dots; Unicode counts it as a sign. */
  private static final int BRAILLE_BLANK = 0x2800;

  /** A head of a note that is not drawn; Unicode counts it as a sign. */
  private static final int NULL_NOTEHEAD = 0x1D159;

  private VisibleText() {}

  /**
   * Whether a reader sees anything of a text. A combining mark needs a letter to be on. What this
   * program's Unicode does not know yet, such as the next emoji, counts as visible.
   */
  public static boolean isIn(String text) {
    return text.codePoints().anyMatch(VisibleText::isVisible);
  }

  /** The text without the characters that are never drawn, such as joiners and Hangul fillers. */
  public static String withoutIgnorable(String text) {
    return text.codePoints()
        .filter(codePoint -> !isIgnorable(codePoint))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Whether a character is never drawn ({@code Default_Ignorable_Code_Point} of Unicode). */
  private static boolean isIgnorable(int codePoint) {
    return UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
  }

  /** Whether a character that is not a space looks like nothing. */
  public static boolean isUnseen(int codePoint) {
    return codePoint == BRAILLE_BLANK || codePoint == NULL_NOTEHEAD || isIgnorable(codePoint);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> !isUnseen(codePoint);
    };
  }
}
