package org.thywill.operations.format;

import java.util.Locale;

/** Numbers as people read them. */
public final class NumberText {
  private NumberText() {}

  /** With a comma between thousands, such as {@code 1,200}. */
  public static String of(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  /**
   * A number with its noun, such as {@code 1 file} or {@code 1,200 files}.
   *
   * @param noun in the singular; its plural must be formed by an {@code s}
   */
  public static String count(long number, String noun) {
    return number == 1 ? "1 " + noun : of(number) + " " + noun + "s";
  }
}
