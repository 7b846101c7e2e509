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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.thywill.simulation.Seeds;

/**
 * A suite that passes says little if it would pass anyway. Here the program gets one defect after
 * the other, and a test must fail for each. Every build tries six of them, other ones each time;
 * {@code ./prove --only 14} tries them all.
 */
class SeededDefectsTest {
  private static final int EVERY_BUILD = 6;

  @TempDir Path scratch;

  /**
   * Six, drawn by the seed; all with {@code -Dthywill.defects=all}; some with {@code
   * -Dthywill.defects=} their names and commas between.
   */
  private static List<Defect> chosen(long seed) {
    String which = System.getProperty("thywill.defects", "");
    List<Defect> all = new ArrayList<>(Defects.ALL);
    if (which.isEmpty()) {
      Collections.shuffle(all, new Random(seed));
      return all.subList(0, EVERY_BUILD);
    }
    List<Defect> wanted =
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
    List<Defect> defects = chosen(seed);
    Trial trial = new Trial(Path.of("..").toRealPath(), scratch, seed);
    List<String> missed = new ArrayList<>();
    for (Defect defect : defects) {
      Verdict verdict = trial.of(defect);
      boolean caught = verdict.isFailedWith(defect.failure());
      System.out.println(
          (caught ? "caught: " : "MISSED: ")
              + defect.name()
              + " | "
              + defect.caughtBy()
              + " | "
              + verdict.kinds()
              + " | "
              + verdict.message());
      if (!caught) {
        missed.add(
            defect.name()
                + ": "
                + defect.harm()
                + ". "
                + defect.caughtBy()
                + " ended with '"
                + verdict.kinds()
                + "', expected '"
                + defect.failure()
                + "'");
      }
    }
    assertThat(missed).as("defects that the suite does not notice").isEmpty();
    if (!System.getProperty("thywill.defects", "").isEmpty()) {
      requirePassing(
          trial,
          defects); // a whole build has run these tests without a defect, in the rooms before this
      // one
    }
    Seeds.proved(
        14,
        defects.size(),
        "defects of " + Defects.ALL.size() + " put into the program, all of them caught");
  }

  private static void requirePassing(Trial trial, List<Defect> defects)
      throws IOException, InterruptedException {
    Set<String> tests =
        defects.stream().map(Defect::caughtBy).collect(Collectors.toCollection(TreeSet::new));
    Map<String, Verdict> without = trial.ofNone(tests);
    assertThat(without.keySet()).isEqualTo(tests);
    assertThat(without)
        .as("the same tests without any defect")
        .allSatisfy((test, verdict) -> assertThat(verdict).as(test).isEqualTo(Verdict.PASSED));
  }

  @Test
  void everyDefect_standsInTheProgramAsItIsNow() throws IOException {
    Path root = Path.of("..").toRealPath();
    assertThat(Defects.ALL)
        .extracting(Defect::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThanOrEqualTo(12);
    for (Defect defect : Defects.ALL) {
      String content = Files.readString(root.resolve(defect.path()));
      assertThat(defect.putInto(content)).isNotEqualTo(content);
    }
  }

  @Test
  void defectWhoseTextIsGoneOrStandsTwice_failsLoudly() {
    Defect defect =
        new Defect(
            "invented",
            "none",
            "archive/Head",
            "head",
            "tail",
            "archive.HeadTest#none",
            "AssertionError");
    assertThatThrownBy(() -> defect.putInto("nothing of the kind"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stands nowhere in archive/src/main");
    assertThatThrownBy(() -> defect.putInto("head over head"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more than once");
  }

  @Test
  void testThatIsNotThere_orClassesThatDoNotFit_areNoCatch() {
    assertThat(Verdict.NONE.isFailedWith("AssertionError")).isFalse();
    assertThat(Verdict.PASSED.isFailedWith("AssertionError")).isFalse();
    assertThat(
            Verdict.failed(new AssertionError("run 1", new NoSuchMethodError("gone")))
                .isFailedWith("AssertionError"))
        .isFalse();
    assertThat(
            Verdict.failed(new AssertionFailedError("1 is not 2")).isFailedWith("AssertionError"))
        .isTrue();
    assertThat(Verdict.parse(Verdict.failed(new AssertionError("a\n b")).spell()).message())
        .isEqualTo("a b");
  }
}
