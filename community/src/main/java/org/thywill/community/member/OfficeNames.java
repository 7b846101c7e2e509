package org.thywill.community.member;

import com.ibm.icu.text.SpoofChecker;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.thywill.community.access.VisibleText;

/**
 * The names that look as if their bearer had an office here: {@code Anna (admin)}, {@code Adm1n}.
 *
 * <p>A name does if one of its words begins or ends with the name of an office, or some words that
 * follow each other make one, as {@code A d m i n} does. Letters are compared by how they look.
 */
public final class OfficeNames {
  private static final SpoofChecker CHECKER = new SpoofChecker.Builder().build();
  private static final List<String> OFFICES =
      List.of("admin", "moderator", "operator", "thywill", "system", "everyone", "everybody")
          .stream()
          .map(OfficeNames::folded)
          .toList();

  private OfficeNames() {}

  /** Whether a name looks like that of an office. */
  public static boolean include(String name) {
    List<String> words =
        Arrays.stream(folded(name).split("[^\\p{L}\\p{N}]+", -1))
            .filter(word -> !word.isEmpty())
            .toList();
    return words.stream().anyMatch(OfficeNames::beginsOrEndsWithOne) || isSpelledOut(words);
  }

  private static boolean beginsOrEndsWithOne(String word) {
    return OFFICES.stream().anyMatch(office -> word.startsWith(office) || word.endsWith(office));
  }

  private static boolean isSpelledOut(List<String> words) {
    for (int from = 0; from < words.size(); from++) {
      StringBuilder joined = new StringBuilder();
      for (String word : words.subList(from, words.size())) {
        joined.append(word);
        if (OFFICES.contains(joined.toString())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The same form for all texts that look alike: without case, accents and what is not drawn. */
  private static String folded(String text) {
    String bare = withoutMarks(VisibleText.withoutIgnorable(text)).toLowerCase(Locale.ROOT);
    String alike = withoutMarks(CHECKER.getSkeleton(bare)).toLowerCase(Locale.ROOT);
    // The skeleton of 1 is l, which differs from i, though people read all three as i here.
    return alike.replace('l', 'i');
  }

  private static String withoutMarks(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
  }
}
