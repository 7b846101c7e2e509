package org.thywill.community.member;

import com.ibm.icu.text.SpoofChecker;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.community.access.VisibleText;

/**
 * The names that look like a given one: {@code Anna} with a Cyrillic A, {@code Wi11} with digits.
 *
 * <p>Two names look alike if their skeletons are equal (Unicode Technical Standard 39, section 4),
 * as they are written or in their canonical form.
 */
public final class ConfusableNames {
  private static final SpoofChecker CHECKER = new SpoofChecker.Builder().build();

  private final Set<String> skeletons;

  /** The names that look like this one. */
  public ConfusableNames(String name) {
    skeletons = skeletons(name);
  }

  /** Whether a name looks like the given one. */
  public boolean include(String name) {
    return !Collections.disjoint(skeletons, skeletons(name));
  }

  /**
   * The skeletons of a name; none for a name without letters, because all of these have the same
   * canonical form.
   */
  private static Set<String> skeletons(String written) {
    // What is not drawn makes no difference to a reader, but some of it is a letter to Unicode.
    String name = VisibleText.withoutIgnorable(written);
    String canonical = HandleNormalizer.canonical(name);
    return Stream.of(name, canonical)
        .filter(form -> !canonical.isEmpty())
        .map(CHECKER::getSkeleton)
        .collect(Collectors.toSet());
  }
}
