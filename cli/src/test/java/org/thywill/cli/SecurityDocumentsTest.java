package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents about security name only classes and files that exist. */
class SecurityDocumentsTest {
  private static final Path ROOT = Path.of("..");

  /** A name of a class with two capitals at least, such as {@code LedgerTest}. */
  private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+)`");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+\\.md)(?:#([^)]+))?\\)");

  @ParameterizedTest
  @CsvSource({"docs/SECURITY-MODEL.md, 35", "docs/ASVS.md, 40"})
  void classesInADocument_exist(String document, int atLeast) throws IOException {
    Set<String> named = found(CLASS, Files.readString(ROOT.resolve(document)));
    assertThat(named).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(unknown(named)).as("classes in " + document + " that do not exist").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"docs/SECURITY-MODEL.md", "docs/ASVS.md", "SECURITY.md"})
  void linksInADocument_leadToHeadings(String document) throws IOException {
    Path file = ROOT.resolve(document);
    String text = Files.readString(file);
    List<MatchResult> links = LINK.matcher(text).results().toList();
    assertThat(links).isNotEmpty();
    for (MatchResult link : links) {
      Path target = file.resolveSibling(link.group(1));
      assertThat(target).exists();
      if (link.group(2) != null) {
        assertThat(anchors(Files.readString(target))).contains(link.group(2));
      }
    }
  }

  @Test
  void classThatDoesNotExist_isNoticed() throws IOException {
    Set<String> named = found(CLASS, "`SecurityDocumentsTest` and `NeverWrittenTest`");
    assertThat(unknown(named)).containsExactly("NeverWrittenTest");
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> unknown(Set<String> classes) throws IOException {
    Set<String> unknown = new TreeSet<>(classes);
    try (Stream<Path> files = Files.find(ROOT, 20, (path, what) -> isSource(path))) {
      files.forEach(path -> unknown.remove(path.getFileName().toString().replace(".java", "")));
    }
    return unknown;
  }

  private static boolean isSource(Path path) {
    return path.toString().endsWith(".java") && path.toString().contains("/src/");
  }

  private static Set<String> anchors(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
