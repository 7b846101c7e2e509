package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.thywill.ledger.SimulationStep.ABANDON;
import static org.thywill.ledger.SimulationStep.ADVANCE_MONTH;
import static org.thywill.ledger.SimulationStep.CHANGE_VIEW;
import static org.thywill.ledger.SimulationStep.CHECKPOINT;
import static org.thywill.ledger.SimulationStep.CHECKPOINT_DURING_COMMITS;
import static org.thywill.ledger.SimulationStep.CLOSE;
import static org.thywill.ledger.SimulationStep.COMMIT;
import static org.thywill.ledger.SimulationStep.CREATE;
import static org.thywill.ledger.SimulationStep.KEEP_VIEW_COPY;
import static org.thywill.ledger.SimulationStep.OPEN;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/**
 * The view changes by itself, anywhere among commits, checkpoints, starts and crashes. Nothing that
 * was acknowledged may be lost, and nothing of the changed view may enter the text.
 */
@Tag("slow")
class ChangedViewTest {
  private static final int RUNS = Seeds.times(1_000);
  private static final int STEPS = 8;
  private static final int CRASH_MAX = 110;
  private static final List<SimulationStep> WHILE_OPEN =
      List.of(
          COMMIT,
          COMMIT,
          CHECKPOINT,
          CHECKPOINT_DURING_COMMITS,
          ADVANCE_MONTH,
          KEEP_VIEW_COPY,
          CHANGE_VIEW,
          CHANGE_VIEW,
          CLOSE,
          ABANDON);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void view_changesByItself_withAndWithoutACrash_theTextStaysRight() {
    long seed = Seeds.seed("ChangedViewTest");
    AtomicLong changes = new AtomicLong();
    LongStream.range(0, RUNS)
        .parallel()
        .forEach(
            run -> {
              try {
                changes.addAndGet(play(seed + run));
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + (seed + run), e);
              }
            });
    assertThat(changes.get()).isGreaterThan(RUNS);
    Seeds.proved("view", RUNS, "runs in which the view changed by itself " + changes + " times");
  }

  private static List<SimulationStep> script(RandomGenerator random) {
    List<SimulationStep> steps = new ArrayList<>(List.of(CREATE, OPEN, COMMIT));
    boolean isOpen = true;
    for (int i = 0; i < STEPS; i++) {
      SimulationStep step =
          isOpen || random.nextInt(3) > 0
              ? WHILE_OPEN.get(random.nextInt(WHILE_OPEN.size()))
              : CHANGE_VIEW;
      if (!isOpen && step != CHANGE_VIEW) {
        steps.add(OPEN);
      }
      steps.add(step);
      isOpen = step != CLOSE && step != ABANDON && (isOpen || step != CHANGE_VIEW);
    }
    return steps;
  }

  private int play(long seed) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    Path runFolder = folder.resolve(Long.toHexString(seed));
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation =
        new LedgerSimulation(disk, runFolder.resolve("first"), seed).scanningView();
    List<SimulationStep> script = script(random);
    boolean isCrash = random.nextBoolean();
    if (isCrash) {
      disk.crashAt(1 + random.nextInt(CRASH_MAX));
    }
    try {
      simulation.play(script);
    } catch (SimulatedCrash e) {
      assertThat(isCrash).isTrue();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(script + ", " + simulation.viewChanges(), e);
    }
    simulation.abandon();
    Path survivors = runFolder.resolve("survivors");
    simulation.copyView(survivors);
    List<LossPattern> patterns = List.of(LossPattern.values());
    LedgerSimulation after =
        simulation
            .after(
                disk.restart(patterns.get(random.nextInt(patterns.size())), random),
                survivors,
                seed + 1)
            .scanningView();
    try {
      after.recover();
      after.play(List.of(COMMIT, CHANGE_VIEW, COMMIT));
      after.continueAndCheck();
      after.compareRebuilt();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(
          script + ", " + simulation.viewChanges() + ", then " + after.viewChanges(), e);
    } finally {
      after.abandon();
    }
    LedgerSimulation.deleteAll(runFolder);
    return simulation.viewChanges().size() + after.viewChanges().size();
  }
}
