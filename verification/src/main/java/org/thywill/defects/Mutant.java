package org.thywill.defects;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A defect that a programmer could make: a change of one source file, and the test that must
 * notice.
 *
 * @param name of the defect, for people
 * @param harm what it would do to a community, as a sentence
 * @param source the source file, as {@code archive/ArchiveWriter}: the path of the class below
 *     {@code org.thywill}
 * @param find code that this file has exactly once, whatever its white space
 * @param replace what is put in its place
 * @param caughtBy the narrowest test that notices, as {@code ledger.CrashTest#crash_at…}: the
 *     package below {@code org.thywill}, class, method
 * @param failure the simple name of the exception that fails the test: an {@link AssertionError},
 *     or one of the program
 */
record Mutant(
    String name,
    String harm,
    String source,
    String find,
    String replace,
    String caughtBy,
    String failure) {
  private static final Set<String> MODULES =
      Set.of("operations", "community", "legacy", "web", "cli");
  private static final Pattern TOKEN = Pattern.compile("\\w+|\\S");

  /** The path of the source file from the root of the project. */
  String path() {
    String concept = source.substring(0, source.indexOf('/'));
    String module = MODULES.contains(concept) ? concept : "engine";
    return module + "/src/main/java/org/thywill/" + source + ".java";
  }

  /**
   * Puts the defect into the content of its source file.
   *
   * <p>White space does not count in the search, so that the formatter may wrap the code in any
   * way.
   *
   * @throws IllegalStateException if the code is not found exactly once; then the defect has to be
   *     changed as the program was
   */
  String putInto(String content) {
    List<MatchResult> matches = withAnySpace(find).matcher(content).results().toList();
    if (matches.size() != 1) {
      throw new IllegalStateException(
          "defect '"
              + name
              + "': its code was found "
              + matches.size()
              + " times in "
              + path()
              + "; expected exactly once. Change the defect as the program has changed:\n"
              + find);
    }
    MatchResult match = matches.getFirst();
    return content.substring(0, match.start()) + replace + content.substring(match.end());
  }

  private static Pattern withAnySpace(String code) {
    StringBuilder pattern = new StringBuilder();
    String before = "";
    Matcher tokens = TOKEN.matcher(code);
    while (tokens.find()) {
      boolean areWords = isWord(before) && isWord(tokens.group());
      if (!before.isEmpty()) {
        pattern.append(areWords ? "\\s+" : "\\s*");
      }
      before = tokens.group();
      pattern.append(Pattern.quote(before));
    }
    return Pattern.compile(pattern.toString());
  }

  private static boolean isWord(String token) {
    return !token.isEmpty() && Character.isLetterOrDigit(token.charAt(0));
  }
}
