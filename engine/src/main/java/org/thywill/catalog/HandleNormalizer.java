package org.thywill.catalog;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Makes the handle of a member from a name, once, when the member joins. Names that differ only in
 * case, blanks or compatibility letters have the same canonical form.
 */
public final class HandleNormalizer {
  /** The handle of the program itself; no member can have it. */
  public static final String SYSTEM = "system";

  private static final int LENGTH_MAX = 60;

  private HandleNormalizer() {}

  /**
   * The canonical form: NFKC, case folded, everything but letters and digits as single {@code _};
   * may be empty.
   */
  public static String canonical(String name) {
    String folded = fold(name);
    StringBuilder handle = new StringBuilder();
    boolean gap = false;
    for (int codePoint : folded.codePoints().toArray()) {
      boolean mark =
          Character.getType(codePoint) == Character.NON_SPACING_MARK
              || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK;
      if (Character.isLetterOrDigit(codePoint) || mark && !handle.isEmpty() && !gap) {
        if (gap && !handle.isEmpty()) {
          handle.append('_');
        }
        gap = false;
        if (handle.length() + Character.charCount(codePoint) > LENGTH_MAX) {
          break;
        }
        handle.appendCodePoint(codePoint);
      } else {
        gap = true;
      }
    }
    return handle.toString();
  }

  /**
   * Folds case until nothing changes, because some letters need a second round. The Greek final
   * sigma is the same letter as the other one.
   */
  private static String fold(String name) {
    String before = Normalizer.normalize(name, Normalizer.Form.NFKC);
    while (true) {
      String after = before.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
      after = Normalizer.normalize(after, Normalizer.Form.NFKC);
      if (after.equals(before)) {
        return after;
      }
      before = after;
    }
  }

  /**
   * The handle for a name: its canonical form, with {@code _2}, {@code _3} … added if it is taken.
   * A name without letters and digits gives {@code member_1} ….
   */
  public static String derive(String name, Predicate<String> taken) {
    String canonical = canonical(name);
    boolean nameless = canonical.isEmpty();
    String base = nameless ? "member" : canonical;
    if (!nameless && !canonical.equals(SYSTEM) && !taken.test(canonical)) {
      return canonical;
    }
    for (int n = nameless ? 1 : 2; ; n++) {
      String candidate = base + "_" + n;
      if (!taken.test(candidate)) {
        return candidate;
      }
    }
  }
}
