package org.thywill.archive.derived;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.thywill.archive.format.ControlFile;

/**
 * Puts a control file together from the lines of damaged copies, each of which has some good ones.
 *
 * <p>No line has a check of its own: lines that differ are tried in turn, those that most copies
 * have first, until the check at the end of the file matches. So the result is proven, or there is
 * none.
 */
final class ControlLineVote {
  private static final String CHECK = "check|";
  private static final int TRIES_MAX = 1 << 14;

  private ControlLineVote() {}

  /**
   * The file that damaged copies of one age lead to; empty if there is none.
   *
   * @param damaged copies, in any state
   * @param derived what the file should hold by the rest of the archive, without its check; may be
   *     empty
   * @param isRight whether a file with a matching check says what it must
   */
  static Optional<byte[]> of(List<byte[]> damaged, String derived, Predicate<byte[]> isRight) {
    List<List<String>> all = new ArrayList<>();
    damaged.forEach(bytes -> all.add(lines(new String(bytes, StandardCharsets.ISO_8859_1))));
    List<String> rest =
        lines(
            new String(derived.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                + CHECK
                + "\n");
    for (String age : ages(all)) {
      List<List<String>> copies =
          all.stream().filter(copy -> age.isEmpty() || mayBeOf(copy, age)).toList();
      for (int count : copies.stream().map(List::size).distinct().toList()) {
        List<List<String>> same =
            new ArrayList<>(copies.stream().filter(copy -> copy.size() == count).toList());
        if (rest.size() == count && (age.isEmpty() || rest.contains(age))) {
          same.add(rest);
        }
        Optional<byte[]> found = voted(same, isRight);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> lines(String text) {
    return List.of(text.split("(?<=\n)"));
  }

  /** The different lines that say how new a copy is; one empty text if none does. */
  private static List<String> ages(List<List<String>> copies) {
    TreeSet<String> ages = new TreeSet<>(Comparator.reverseOrder());
    copies.forEach(
        copy -> copy.stream().filter(ControlLineVote::isAge).findFirst().ifPresent(ages::add));
    return ages.isEmpty() ? List.of("") : List.copyOf(ages);
  }

  private static boolean isAge(String line) {
    return line.matches("seq\\|\\d+\n");
  }

  /** Whether a copy is of an age, or its line about that is damaged. */
  private static boolean mayBeOf(List<String> copy, String age) {
    return copy.contains(age) || copy.stream().noneMatch(ControlLineVote::isAge);
  }

  /** Tries the lines in which copies of the same number of lines differ. */
  private static Optional<byte[]> voted(List<List<String>> copies, Predicate<byte[]> isRight) {
    List<List<String>> choices = new ArrayList<>();
    long tries = 1;
    for (int i = 0; i < copies.getFirst().size(); i++) {
      List<String> choice = choice(copies, i);
      tries *= choice.size();
      if (choice.isEmpty() || tries > TRIES_MAX) {
        return Optional.empty();
      }
      choices.add(choice);
    }
    for (long n = 0; n < tries; n++) {
      StringBuilder text = new StringBuilder();
      long which = n;
      for (List<String> choice : choices) {
        text.append(choice.get((int) (which % choice.size())));
        which /= choice.size();
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      if (ControlFile.lines(bytes).isPresent() && isRight.test(bytes)) {
        return Optional.of(bytes);
      }
    }
    return Optional.empty();
  }

  /** The different lines at one position: all of them, or the one that more than half have. */
  private static List<String> choice(List<List<String>> copies, int position) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (List<String> copy : copies) {
      if (!copy.get(position).equals(CHECK + "\n")) {
        counts.merge(copy.get(position), 1, Integer::sum);
      }
    }
    List<String> most =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    boolean isDecided =
        !most.isEmpty()
            && counts.getOrDefault(most.getFirst(), 0) * 2 > copies.size()
            && copies.size() > 2;
    return isDecided ? List.of(most.getFirst()) : most;
  }
}
