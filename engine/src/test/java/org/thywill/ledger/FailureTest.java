package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.thywill.ledger.SimulationStep.ABANDON;
import static org.thywill.ledger.SimulationStep.ADVANCE_MONTH;
import static org.thywill.ledger.SimulationStep.CHECKPOINT;
import static org.thywill.ledger.SimulationStep.CHECKPOINT_DURING_COMMITS;
import static org.thywill.ledger.SimulationStep.CLOSE;
import static org.thywill.ledger.SimulationStep.COMMIT;
import static org.thywill.ledger.SimulationStep.CREATE;
import static org.thywill.ledger.SimulationStep.OPEN;

import java.io.IOException;
import java.nio.file.Path;
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
 * An operation of the disk fails, a force loses what it should have made safe, or the disk is full.
 * The call fails, the next one succeeds, and the power may fail at any time after that.
 */
@Tag("slow")
class FailureTest {
  private static final int CHAOS_RUNS = Seeds.times(300);
  private static final int FULL_DISKS = Seeds.times(64);

  /**
   * A failure in some state.
   *
   * @param before the steps that lead to the state
   * @param after the steps during which the failure comes
   */
  private record Scenario(List<SimulationStep> before, List<SimulationStep> after) {}

  /** Before the first write. */
  private static final List<SimulationStep> CREATED = List.of(CREATE, OPEN);

  /** An open month with a checkpoint. */
  private static final List<SimulationStep> CHECKPOINTED =
      List.of(CREATE, OPEN, COMMIT, COMMIT, CHECKPOINT, COMMIT);

  /** A new month, with a checkpoint in the month before. */
  private static final List<SimulationStep> NEW_MONTH_AFTER_CHECKPOINT =
      List.of(CREATE, OPEN, COMMIT, COMMIT, CHECKPOINT, COMMIT, ADVANCE_MONTH);

  /** A new month, without a checkpoint. */
  private static final List<SimulationStep> NEW_MONTH =
      List.of(CREATE, OPEN, COMMIT, COMMIT, ADVANCE_MONTH);

  /** A start after the process was killed. */
  private static final List<SimulationStep> REOPENED_AFTER_CRASH =
      List.of(CREATE, OPEN, COMMIT, COMMIT, ABANDON, OPEN);

  /** After the first write. */
  private static final List<SimulationStep> FIRST_COMMIT = List.of(CREATE, OPEN, COMMIT);

  private static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario(CREATED, List.of(COMMIT, ADVANCE_MONTH, COMMIT)),
          new Scenario(
              CREATED, List.of(COMMIT, CHECKPOINT, COMMIT, CLOSE, OPEN, COMMIT, CHECKPOINT)),
          new Scenario(
              CHECKPOINTED, List.of(COMMIT, CHECKPOINT, COMMIT, CLOSE, OPEN, COMMIT, CHECKPOINT)),
          new Scenario(
              CHECKPOINTED, List.of(CHECKPOINT, COMMIT, CHECKPOINT, COMMIT, CLOSE, OPEN, COMMIT)),
          new Scenario(
              NEW_MONTH_AFTER_CHECKPOINT,
              List.of(
                  COMMIT,
                  ADVANCE_MONTH,
                  COMMIT,
                  CHECKPOINT,
                  COMMIT,
                  CLOSE,
                  OPEN,
                  COMMIT,
                  COMMIT,
                  CHECKPOINT)),
          new Scenario(NEW_MONTH_AFTER_CHECKPOINT, List.of(COMMIT, ADVANCE_MONTH, COMMIT)),
          new Scenario(
              NEW_MONTH, List.of(COMMIT, CHECKPOINT, COMMIT, CLOSE, OPEN, COMMIT, CHECKPOINT)),
          new Scenario(
              NEW_MONTH, List.of(CLOSE, OPEN, COMMIT, ADVANCE_MONTH, COMMIT, CHECKPOINT, COMMIT)),
          new Scenario(
              REOPENED_AFTER_CRASH, List.of(COMMIT, CHECKPOINT, COMMIT, CLOSE, OPEN, COMMIT)),
          new Scenario(REOPENED_AFTER_CRASH, List.of(COMMIT, ADVANCE_MONTH, COMMIT)),
          new Scenario(
              CHECKPOINTED,
              List.of(
                  CHECKPOINT_DURING_COMMITS,
                  COMMIT,
                  CHECKPOINT_DURING_COMMITS,
                  CLOSE,
                  OPEN,
                  COMMIT)),
          new Scenario(
              FIRST_COMMIT,
              List.of(CHECKPOINT_DURING_COMMITS, COMMIT, ADVANCE_MONTH, COMMIT, CHECKPOINT)));

  /** Leads to a checkpoint that is due. */
  private static final List<SimulationStep> TO_CHECKPOINT =
      List.of(CREATE, OPEN, COMMIT, COMMIT, CHECKPOINT, COMMIT, ADVANCE_MONTH, COMMIT, COMMIT);

  /** Steps among which operations fail. */
  private static final List<SimulationStep> CHAOS =
      List.of(
          COMMIT,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CHECKPOINT,
          COMMIT,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          ADVANCE_MONTH,
          CHECKPOINT,
          CHECKPOINT,
          COMMIT,
          COMMIT,
          CLOSE,
          OPEN,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          COMMIT,
          CHECKPOINT,
          ADVANCE_MONTH,
          COMMIT,
          COMMIT,
          CLOSE,
          OPEN,
          COMMIT,
          COMMIT,
          CHECKPOINT,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CLOSE,
          OPEN);

  /** An open month without a checkpoint. */
  private static final List<SimulationStep> THREE_COMMITS =
      List.of(CREATE, OPEN, COMMIT, COMMIT, COMMIT);

  /** Steps during which the disk fills up. */
  private static final List<SimulationStep> UNTIL_FULL =
      List.of(
          COMMIT, COMMIT, COMMIT, CHECKPOINT, COMMIT, COMMIT, CHECKPOINT, COMMIT, COMMIT, CLOSE);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void anyOperationFails_theCallFailsAndTheNextSucceeds_andAPowerCutLosesNothing()
      throws IOException {
    long seed = Seeds.seed("FailureTest.each");
    AtomicLong runs = new AtomicLong();
    for (Scenario scenario : SCENARIOS) {
      long operations = operationsOf(scenario.before(), scenario.after(), seed);
      LongStream.rangeClosed(1, operations)
          .parallel()
          .forEach(
              n -> {
                for (boolean effect : List.of(false, true)) {
                  attempt(
                      scenario
                          + " with operation "
                          + n
                          + (effect ? " done but reported as failed" : " failing")
                          + ", seed "
                          + seed,
                      () -> failAt(scenario, n, effect, seed));
                  runs.incrementAndGet();
                }
              });
    }
    Seeds.proved(4, runs.get(), "runs, each operation failing in turn");
  }

  private long operationsOf(List<SimulationStep> before, List<SimulationStep> after, long seed)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path runFolder = folder.resolve("count");
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder, seed);
    simulation.play(before);
    long start = disk.operations();
    simulation.play(after);
    simulation.abandon();
    LedgerSimulation.deleteAll(runFolder);
    return disk.operations() - start;
  }

  private void failAt(Scenario scenario, long n, boolean effect, long seed) throws IOException {
    Path runFolder = folder.resolve(SCENARIOS.indexOf(scenario) + "-" + n + "-" + effect);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(scenario.before());
    disk.failAt(
        n, new IOException(n % 2 == 0 ? "Input/output error" : "No space left on device"), effect);
    simulation.expectFailures(true);
    simulation.play(scenario.after());
    assertThat(simulation.hasFailed()).isTrue();
    simulation.expectFailures(false);
    simulation.play(List.of(COMMIT));
    RandomGenerator random = Seeds.random(seed + n);
    losePower(simulation, disk, LossPattern.ALL_LOST, runFolder.resolve("lost"), seed, random);
    LedgerSimulation.deleteAll(runFolder);
  }

  private static void losePower(
      LedgerSimulation simulation,
      SimulatedDisk disk,
      LossPattern pattern,
      Path runFolder,
      long seed,
      RandomGenerator random)
      throws IOException {
    if (random.nextBoolean()) {
      simulation.copyView(runFolder);
    }
    simulation.abandon();
    LedgerSimulation left = simulation.after(disk.restart(pattern, random), runFolder, seed + 1);
    left.recover();
    left.continueAndCheck();
    left.abandon();
  }

  @Test
  void aCheckpointFailsAtItsEnd_andThePowerFailsWhileItIsTriedAgain_losesNothing()
      throws IOException {
    long seed = Seeds.seed("FailureTest.checkpoint");
    long operations = operationsOf(TO_CHECKPOINT, List.of(CHECKPOINT), seed);
    LongStream.rangeClosed(operations - 10, operations)
        .parallel()
        .forEach(
            n -> {
              for (int crash = 1; crash <= 16; crash++) {
                int m = crash;
                attempt(
                    "operation "
                        + n
                        + " fails, crash at operation "
                        + m
                        + " of the second try, seed "
                        + seed,
                    () -> failThenCrash(n, m, seed));
              }
            });
  }

  private void failThenCrash(long n, long crash, long seed) throws IOException {
    Path runFolder = folder.resolve("again" + n + "-" + crash);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(TO_CHECKPOINT);
    disk.failAt(n, new IOException("Input/output error"), crash % 2 == 0);
    simulation.expectFailures(true);
    simulation.play(List.of(CHECKPOINT));
    disk.crashAt(crash);
    try {
      simulation.play(List.of(CHECKPOINT));
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    RandomGenerator random = Seeds.random(seed + n + crash);
    losePower(
        simulation,
        disk,
        crash % 3 == 0 ? LossPattern.ALL_LOST : LossPattern.ALL_KEPT,
        runFolder.resolve("lost"),
        seed,
        random);
    LedgerSimulation.deleteAll(runFolder);
  }

  @Test
  void severalFailuresAndThenACrash_whereverTheyFall_loseNothing() {
    long seed = Seeds.seed("FailureTest.chaos");
    LongStream.range(0, CHAOS_RUNS)
        .parallel()
        .forEach(run -> attempt("run " + run + " of seed " + seed, () -> chaos(seed + run)));
    Seeds.proved(
        5,
        CHAOS_RUNS,
        "runs with six operations failing somewhere, forces among them, and a crash");
  }

  private void chaos(long seed) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    Path runFolder = folder.resolve("chaos" + seed);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(CREATED);
    simulation.expectFailures(true);
    for (int i = 0; i < 6; i++) {
      disk.failAt(
          1 + random.nextInt(120), new IOException("Input/output error"), random.nextBoolean());
    }
    disk.crashAt(20 + random.nextInt(200));
    try {
      simulation.play(CHAOS);
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    LossPattern pattern =
        List.of(LossPattern.values()).get(random.nextInt(LossPattern.values().length));
    losePower(simulation, disk, pattern, runFolder.resolve("lost"), seed, random);
    LedgerSimulation.deleteAll(runFolder);
  }

  @Test
  void fullDisk_freedWithoutARestart_goesOnAndHasLostNothing() {
    long seed = Seeds.seed("FailureTest.full");
    AtomicLong refused = new AtomicLong();
    LongStream.range(0, FULL_DISKS)
        .parallel()
        .forEach(
            step -> attempt(step + " of seed " + seed, () -> fillUp(step, seed + step, refused)));
    Seeds.proved(6, FULL_DISKS, "full disks, " + refused + " of them while something was written");
    assertThat(refused.get()).isGreaterThan(40);
  }

  private void fillUp(long step, long seed, AtomicLong refused) throws IOException {
    Path runFolder = folder.resolve("full" + step);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(step % 2 == 0 ? NEW_MONTH_AFTER_CHECKPOINT : THREE_COMMITS);
    simulation.expectFailures(true);
    disk.capacity(used(disk) + step % 64 * (step % 64));
    simulation.play(UNTIL_FULL);
    refused.addAndGet(simulation.hasFailed() ? 1 : 0);
    disk.capacity(Long.MAX_VALUE);
    simulation.expectFailures(false);
    simulation.play(List.of(OPEN, COMMIT, COMMIT, COMMIT));
    losePower(
        simulation,
        disk,
        LossPattern.ALL_LOST,
        runFolder.resolve("lost"),
        seed,
        Seeds.random(seed));
    LedgerSimulation.deleteAll(runFolder);
  }

  private static long used(SimulatedDisk disk) throws IOException {
    long used = 0;
    for (String file : disk.list("")) {
      used += disk.size(file);
    }
    return used;
  }

  private interface Run {
    void run() throws IOException;
  }

  private static void attempt(String name, Run run) {
    try {
      run.run();
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError(name, e);
    }
  }
}
