package org.thywill.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.thywill.simulation.Seeds;

/**
 * The suite notices defects: each is put into the program by itself, and a test must fail.
 *
 * <p>A build tries six of them, chosen by the seed; {@code ./prove --only 14} tries all.
 */
@Tag("slow")
class SeededDefectsTest {
  private static final int EVERY_BUILD = 6;

  @TempDir Path scratch;

  /**
   * The defects to try: six, chosen by the seed; or all, or some by their names with commas, as the
   * property {@code thywill.defects} says.
   */
  private static List<Mutant> chosen(long seed) {
    String which = System.getProperty("thywill.defects", "");
    List<Mutant> all = new ArrayList<>(Mutants.ALL);
    if (which.isEmpty()) {
      Collections.shuffle(all, new Random(seed));
      return all.subList(0, EVERY_BUILD);
    }
    List<Mutant> wanted =
        all.stream()
            .filter(
                defect -> which.equals("all") || List.of(which.split(",")).contains(defect.name()))
            .toList();
    assertThat(wanted).as("defects called '%s'", which).isNotEmpty();
    return wanted;
  }

  @Test
  void everyDefect_isCaughtByTheSuite_whichPassesWithoutIt()
      throws IOException, InterruptedException {
    long seed = Seeds.seed("SeededDefectsTest");
    List<Mutant> defects = chosen(seed);
    MutantRun run = new MutantRun(Path.of("..").toRealPath(), scratch, seed);
    List<String> missed = new ArrayList<>();
    for (Mutant defect : defects) {
      MutantResult result = run.runWith(defect);
      boolean isCaught = result.isFailedWith(defect.failure());
      System.out.println(
          (isCaught ? "caught: " : "MISSED: ")
              + defect.name()
              + " | "
              + defect.caughtBy()
              + " | "
              + result.kinds()
              + " | "
              + result.message());
      if (!isCaught) {
        missed.add(
            defect.name()
                + ": "
                + defect.harm()
                + ". "
                + defect.caughtBy()
                + " ended with '"
                + result.kinds()
                + "', expected '"
                + defect.failure()
                + "'");
      }
    }
    assertThat(missed).as("defects that the suite does not notice").isEmpty();
    if (!System.getProperty("thywill.defects", "").isEmpty()) {
      // A whole build has already run these tests without a defect.
      requirePassing(run, defects);
    }
    Seeds.proved(
        14,
        defects.size(),
        "defects of " + Mutants.ALL.size() + " put into the program, all of them caught");
  }

  private static void requirePassing(MutantRun run, List<Mutant> defects)
      throws IOException, InterruptedException {
    Set<String> tests =
        defects.stream().map(Mutant::caughtBy).collect(Collectors.toCollection(TreeSet::new));
    Map<String, MutantResult> without = run.runWithout(tests);
    assertThat(without.keySet()).isEqualTo(tests);
    assertThat(without)
        .as("the same tests without any defect")
        .allSatisfy((test, result) -> assertThat(result).as(test).isEqualTo(MutantResult.PASSED));
  }

  @Test
  void everyDefect_changesCodeThatTheProgramHas() throws IOException {
    Path root = Path.of("..").toRealPath();
    assertThat(Mutants.ALL)
        .extracting(Mutant::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThanOrEqualTo(12);
    for (Mutant defect : Mutants.ALL) {
      String content = Files.readString(root.resolve(defect.path()));
      assertThat(defect.putInto(content)).isNotEqualTo(content);
    }
  }

  @Test
  void everyDefect_namesATestAndAnExceptionThatExist() throws IOException {
    Path root = Path.of("..").toRealPath();
    List<Path> sources;
    try (Stream<Path> files = Files.walk(root)) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    for (Mutant defect : Mutants.ALL) {
      String[] test = defect.caughtBy().split("#", 2);
      Path file = Path.of("src/test/java/org/thywill", test[0].replace('.', '/') + ".java");
      assertThat(sources)
          .as(defect.caughtBy())
          .filteredOn(source -> source.endsWith(file))
          .hasSize(1);
      Path source = sources.stream().filter(each -> each.endsWith(file)).findFirst().orElseThrow();
      assertThat(source).content().contains(" " + test[1] + "(");
      if (!defect.failure().equals("AssertionError")) {
        assertThat(sources)
            .as("the exception of '%s'", defect.name())
            .anyMatch(each -> each.endsWith(defect.failure() + ".java"));
      }
    }
  }

  @Test
  void defectWhoseCodeIsMissingOrThereTwice_fails() {
    Mutant defect =
        new Mutant(
            "invented",
            "none",
            "archive/format/Head",
            "head",
            "tail",
            "archive.format.HeadTest#none",
            "AssertionError");
    assertThatThrownBy(() -> defect.putInto("nothing of the kind"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found 0 times in engine/src/main");
    assertThatThrownBy(() -> defect.putInto("head over head"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found 2 times");
  }

  @Test
  void testThatDoesNotRun_orClassesThatDoNotFit_areNoCatch() {
    assertThat(MutantResult.NONE.isFailedWith("AssertionError")).isFalse();
    assertThat(MutantResult.PASSED.isFailedWith("AssertionError")).isFalse();
    assertThat(
            MutantResult.failed(new AssertionError("run 1", new NoSuchMethodError("gone")))
                .isFailedWith("AssertionError"))
        .isFalse();
    assertThat(
            MutantResult.failed(new AssertionFailedError("1 is not 2"))
                .isFailedWith("AssertionError"))
        .isTrue();
    assertThat(
            MutantResult.parse(MutantResult.failed(new AssertionError("a\n b")).format()).message())
        .isEqualTo("a b");
  }
}
