package org.thywill.community.member;

import com.ibm.icu.text.SpoofChecker;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.catalog.HandleNormalizer;

/**
 * The names that a reader would take for a given one although other letters spell them: {@code
 * Anna} with a Cyrillic A, {@code Wi11} with digits. Two names look alike if their skeletons are
 * the same (Unicode Technical Standard 39, section 4), as they are written or in their canonical
 * form.
 */
public final class ConfusableNames {
  private static final SpoofChecker CHECKER = new SpoofChecker.Builder().build();

  private final Set<String> skeletons;

  public ConfusableNames(String name) {
    skeletons = skeletons(name);
  }

  public boolean include(String name) {
    return !Collections.disjoint(skeletons, skeletons(name));
  }

  /** None for a name without letters: of those, any two would have the same canonical form. */
  private static Set<String> skeletons(String name) {
    String canonical = HandleNormalizer.canonical(name);
    return Stream.of(name, canonical)
        .filter(form -> !canonical.isEmpty())
        .map(CHECKER::getSkeleton)
        .collect(Collectors.toSet());
  }
}
