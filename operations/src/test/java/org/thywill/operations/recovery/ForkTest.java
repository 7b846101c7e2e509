package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.Seeds;

/**
 * However archives are copied, put back, hidden and served, no server gives the number of a change
 * that it could know of to another one, each state is named as it is, and a join drops nothing.
 */
class ForkTest {
  private static final int INTERLEAVINGS = 1_000;
  private static final int STEPS_MAX = 40;
  private static List<JoinDecisions> decisions = List.of();

  @BeforeAll
  static void decide(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("decisions.txt");
    Files.writeString(file, "by|anna\nkeep|feature_flags|*|we go on here\n");
    JoinDecisions keep = JoinDecisions.read(file);
    Files.writeString(file, "by|anna\ntake|feature_flags|*|they know better\n");
    decisions = List.of(keep, JoinDecisions.read(file));
  }

  private static void play(long seed, boolean isGuarded, Map<String, Integer> seen)
      throws IOException {
    var random = Seeds.random(seed);
    ForkWorld world = new ForkWorld(random, isGuarded, decisions, seen);
    int steps = random.nextInt(5, STEPS_MAX);
    for (int i = 0; i < steps; i++) {
      world.step();
    }
    world.end();
  }

  @Test
  void noChangeIsGivenAnothersNumberUnnoticed() throws IOException {
    long seed = Seeds.seed("ForkTest");
    int interleavings = Seeds.times(INTERLEAVINGS);
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < interleavings; i++) {
      try {
        play(seed + i, true, seen);
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("interleaving " + i + " of seed " + seed, e);
      }
    }
    Seeds.proved("fork", interleavings, "interleavings of copies and servers: " + seen);
    assertThat(seen)
        .containsOnlyKeys(
            "Ahead",
            "Behind",
            "Current",
            "Forked",
            "Joined",
            "Unreachable",
            "alone",
            "extended",
            "joined",
            "refused",
            "unreached");
    assertThat(seen.values()).allMatch(times -> times > interleavings / 20);
  }

  @Test
  void withoutTheGuard_theSameInterleavingsFail() {
    long seed = Seeds.seed("ForkTest without the guard");
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < INTERLEAVINGS; i++) {
                play(seed + i, false, new TreeMap<>());
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("what the places have and the writer lacks");
  }
}
