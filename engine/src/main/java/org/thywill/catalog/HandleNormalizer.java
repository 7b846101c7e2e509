package org.thywill.catalog;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * How a member's handle is made from a name: once, when the member joins (architecture, Identity).
 * Two names that a reader would take for one (other case, other blanks, compatibility letters) have
 * the same canonical form.
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
   * Folds case until nothing changes: some letters need a second round, and the Greek sigma at the
   * end of a word is the same letter as within.
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
   * The handle for a name: its canonical form, or with {@code _2}, {@code _3} … if that is taken;
   * {@code member_1} … for a name without letters.
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
