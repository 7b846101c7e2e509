package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.text.merge.TextReport;
import org.thywill.simulation.Seeds;

/** Damage to text archives never stops an import, and no line is lost without a finding. */
class TextFuzzTest {
  private static final String PRAYERS =
      "SELECT id, author_username, replace(text, char(13), ''), replace(ifnull(generated_prayer,"
          + " ''), char(13), '') FROM prayer";

  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{32}");

  @TempDir Path folder;

  /**
   * Files have changed bytes or are truncated, and are still imported.
   *
   * <p>Each word that only a damaged file has is imported or in a finding, and what was not damaged
   * is imported as without damage.
   */
  @Test
  void damagedFiles_areImportedAsFarAsPossible_andNothingIsLostWithoutAFinding() throws Exception {
    long seed = Seeds.seed("TextFuzzTest.damagedFiles");
    List<Path> files = copy();
    Set<String> sound = new HashSet<>();
    for (Path file : files) {
      sound.addAll(words(Files.readString(file)));
    }
    for (int round = 0; round < Seeds.times(8); round++) {
      RandomGenerator random = Seeds.random(seed + round);
      Map<Path, byte[]> before = new LinkedHashMap<>();
      List<Word> words = new ArrayList<>();
      for (int j = 0; j < 20; j++) {
        Path file = files.get(random.nextInt(files.size()));
        if (before.putIfAbsent(file, Files.readAllBytes(file)) == null) {
          Files.write(file, damaged(Files.readAllBytes(file), random));
          words.addAll(fresh(file, sound));
        }
      }
      TextSample sample = new TextSample();
      ImportReport report =
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(60), () -> sample.importTexts(folder.resolve("tree")));
      assertThat(lost(words, sample, report)).as("round %s of seed %s", round, seed).isEmpty();
      Set<String> changed =
          before.values().stream()
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
              .filter(text -> text.startsWith("Prayer "))
              .map(text -> text.split(" ", 3)[1])
              .collect(Collectors.toSet());
      assertThat(sample.differences(folder, PRAYERS))
          .as("round %s of seed %s: prayers whose files were not touched", round, seed)
          .allMatch(
              row ->
                  row.startsWith("+ ") || changed.contains(row.substring(2, row.indexOf(" | "))));
      restore(before);
    }
  }

  /**
   * The words that only a damaged file has, without those of its title.
   *
   * <p>Times and numbers are left out.
   */
  private List<Word> fresh(Path file, Set<String> sound) throws IOException {
    List<Word> fresh = new ArrayList<>();
    String[] lines = lines(Files.readAllBytes(file), file.endsWith("user_attributes.txt"));
    for (int i = isPrayer(file) ? 0 : 1; i < lines.length; i++) {
      for (String word : words(lines[i])) {
        boolean isEscape =
            lines[i].contains("\\" + word); // in JSON, a letter after a backslash is another one
        if (!sound.contains(word) && !word.matches("[0-9.T+-]*") && !isEscape) {
          fresh.add(
              new Word(word, "tree/" + folder.resolve("tree").relativize(file), i + 1, lines[i]));
        }
      }
    }
    return fresh;
  }

  /**
   * The lines of a file, each decoded by itself as the importer does it.
   *
   * <p>A damaged byte makes one line invalid, and says nothing of how the other lines are encoded.
   */
  private static String[] lines(byte[] bytes, boolean hasLinesInWindows1252) {
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      byte[] line = lines[i].getBytes(StandardCharsets.ISO_8859_1);
      lines[i] =
          new String(
              line,
              hasLinesInWindows1252 && !isUtf8(line)
                  ? Charset.forName("windows-1252")
                  : StandardCharsets.UTF_8);
    }
    return lines;
  }

  private static boolean isUtf8(byte[] bytes) {
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static Set<String> words(String text) {
    return new LinkedHashSet<>(List.of(text.split("[^\\p{L}\\p{N}.+-]+")));
  }

  /**
   * New words are put into lines, or between them: each must be in a row, or its line in a finding.
   */
  @Test
  void nothingThatALineStates_isLostWithoutAFinding() throws Exception {
    long seed = Seeds.seed("TextFuzzTest.nothingThatALineSays");
    List<Path> files = copy();
    for (int round = 0; round < Seeds.times(6); round++) {
      RandomGenerator random = Seeds.random(seed + round);
      Map<Path, byte[]> sound = new LinkedHashMap<>();
      List<Word> words = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Path file = files.get(random.nextInt(files.size()));
        if (!sound.containsKey(file)) {
          sound.put(file, Files.readAllBytes(file));
          words.add(word(file, "zq" + i + "x" + random.nextInt(1 << 20) + "qz", random));
        }
      }
      TextSample sample = new TextSample();
      ImportReport report = sample.importTexts(folder.resolve("tree"));
      assertThat(lost(words, sample, report)).as("round %s of seed %s", round, seed).isEmpty();
      restore(sound);
    }
  }

  /** The words that are neither in a row nor in a finding. */
  private static List<Word> lost(List<Word> words, TextSample sample, ImportReport report) {
    String carried = everything(sample);
    List<Word> lost = new ArrayList<>();
    for (Word word : words) {
      if (!isCarried(carried, word) && !isReported(report.texts().orElseThrow(), word)) {
        lost.add(word);
      }
    }
    return lost;
  }

  private static void restore(Map<Path, byte[]> files) throws IOException {
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  /** A word in a line of a file. */
  private record Word(String text, String file, int line, String whole) {}

  /**
   * Puts a word somewhere into a file, except into its title.
   *
   * <p>It goes before a line, after it, within it, or into a line of its own.
   */
  private Word word(Path file, String word, RandomGenerator random) throws IOException {
    List<String> lines = new ArrayList<>(List.of(Files.readString(file).split("\n", -1)));
    int at = Math.min(lines.size() - 1, (isPrayer(file) ? 0 : 1) + random.nextInt(lines.size()));
    String line = lines.get(at);
    // Not within a surrogate pair, half of which could not be encoded.
    int within =
        line.offsetByCodePoints(0, random.nextInt(line.codePointCount(0, line.length()) + 1));
    switch (random.nextInt(4)) {
      case 0 -> lines.add(at, word);
      case 1 -> lines.set(at, line + word);
      case 2 -> lines.set(at, word + line);
      default -> lines.set(at, line.substring(0, within) + word + line.substring(within));
    }
    Files.writeString(file, String.join("\n", lines));
    return new Word(word, "tree/" + folder.resolve("tree").relativize(file), at + 1, lines.get(at));
  }

  private static boolean isPrayer(Path file) {
    return file.toString().contains("/prayers/20");
  }

  /** Whether a row has the word, or the hash of the session id that the word is part of. */
  private static boolean isCarried(String carried, Word word) {
    boolean isId =
        Stream.of("[| :]", "[|]", "[, =]")
            .flatMap(ends -> Stream.of(word.whole().split(ends, -1)))
            .filter(part -> part.contains(word.text()))
            .anyMatch(id -> carried.contains(hash(id)));
    return isId
        || carried.contains(word.text())
        || carried.contains(SESSION.matcher(word.text()).replaceAll(found -> hash(found.group())));
  }

  private static String hash(String id) {
    return ContentHash.ofSecret(new SqliteValue.Text(id));
  }

  private static boolean isReported(TextReport report, Word word) {
    return Stream.concat(
                report.unread().stream().map(line -> line.file() + ":" + line.line()),
                report.findings().stream().map(finding -> finding.file() + ":" + finding.line()))
            .anyMatch((word.file() + ":" + word.line())::equals)
        || isWholeFileReported(report, word);
  }

  /**
   * Whether a finding covers the line of a word without naming it.
   *
   * <p>A file of an unknown layout has one finding for all lines; a value that differs from another
   * file has a finding for the first line of its row.
   */
  private static boolean isWholeFileReported(TextReport report, Word word) {
    return report.unread().stream()
            .anyMatch(line -> line.file().equals(word.file()) && line.why().contains("lines 1 to "))
        || report.findings().stream()
            .anyMatch(
                finding ->
                    finding.file().equals(word.file())
                        && (finding.code().equals("no-rows")
                            || finding.code().equals("sources-differ")
                                && finding.line() <= word.line()));
  }

  private static String everything(TextSample sample) {
    StringBuilder all = new StringBuilder(String.join("\n", sample.community.reasons));
    Catalog.TABLES.forEach(
        table ->
            sample
                .community
                .rows(table)
                .values()
                .forEach(
                    row -> {
                      for (int i = 0; i < table.columns().size(); i++) {
                        all.append(row.value(i)).append('\n');
                      }
                    }));
    return all.toString();
  }

  private static byte[] damaged(byte[] bytes, RandomGenerator random) {
    byte[] damaged =
        random.nextInt(4) == 0
            ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
            : bytes.clone();
    for (int i = 0; i < 3 && damaged.length > 0; i++) {
      byte[] signs = {'|', '\n', '\\', 0, (byte) 0xff, ':', ' ', '\''};
      damaged[random.nextInt(damaged.length)] =
          random.nextBoolean() ? signs[random.nextInt(signs.length)] : (byte) random.nextInt();
    }
    return damaged;
  }

  private List<Path> copy() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path source : List.of(TextSample.LIVE, TextSample.EXPORT)) {
      try (Stream<Path> all = Files.walk(source)) {
        for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
          Path target =
              folder.resolve("tree").resolve(TextSample.ARCHIVES.relativize(path).toString());
          Files.createDirectories(target.getParent());
          Files.copy(path, target);
          files.add(target);
        }
      }
    }
    return files;
  }
}
