package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.thywill.ledger.SimulationStep.ABANDON;
import static org.thywill.ledger.SimulationStep.ADVANCE_MONTH;
import static org.thywill.ledger.SimulationStep.CHECKPOINT;
import static org.thywill.ledger.SimulationStep.CHECKPOINT_DURING_COMMITS;
import static org.thywill.ledger.SimulationStep.CLOSE;
import static org.thywill.ledger.SimulationStep.COMMIT;
import static org.thywill.ledger.SimulationStep.COMMIT_TWELVE;
import static org.thywill.ledger.SimulationStep.CREATE;
import static org.thywill.ledger.SimulationStep.KEEP_VIEW_COPY;
import static org.thywill.ledger.SimulationStep.OPEN;
import static org.thywill.ledger.SimulationStep.SET_CLOCK_BACK;

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
 * The power fails at every operation of the disk, and bytes that were not forced are lost. Nothing
 * that was acknowledged may be lost.
 */
@Tag("slow")
class CrashTest {
  private static final int RUNS_MIN = Seeds.times(5_000);
  private static final int DEEP_RUNS = Seeds.times(1_000);
  private static final int KILLED_RUNS = 140;

  /** How many crashes follow each other, and before which operation each comes at the latest. */
  private static final int DEPTH = 4;

  private static final int FIRST_CRASH_MAX = 110;
  private static final int RECOVERY_CRASH_MAX = 12;
  private static final int LAST_CRASH_MAX = 40;
  private static final List<SimulationStep> SCRIPT =
      List.of(
          CREATE,
          OPEN,
          COMMIT,
          COMMIT,
          CHECKPOINT,
          COMMIT,
          KEEP_VIEW_COPY,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CLOSE,
          OPEN,
          COMMIT,
          COMMIT_TWELVE,
          KEEP_VIEW_COPY,
          ADVANCE_MONTH,
          CHECKPOINT,
          COMMIT,
          COMMIT,
          ABANDON,
          OPEN,
          COMMIT,
          SET_CLOCK_BACK,
          COMMIT,
          KEEP_VIEW_COPY,
          CHECKPOINT_DURING_COMMITS,
          COMMIT,
          CLOSE,
          OPEN,
          ADVANCE_MONTH,
          COMMIT,
          CHECKPOINT_DURING_COMMITS,
          CHECKPOINT,
          COMMIT,
          CLOSE,
          OPEN);

  private static final List<SimulationStep> DEEP_SCRIPT =
      List.of(
          CREATE,
          OPEN,
          COMMIT,
          KEEP_VIEW_COPY,
          CHECKPOINT_DURING_COMMITS,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CLOSE,
          OPEN,
          COMMIT,
          CHECKPOINT);
  private static final List<SimulationStep> AFTER_RECOVERY =
      List.of(
          COMMIT,
          CHECKPOINT,
          KEEP_VIEW_COPY,
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CLOSE,
          OPEN,
          COMMIT,
          CHECKPOINT_DURING_COMMITS);
  private static final List<SimulationStep> KILLED_SCRIPT =
      List.of(
          COMMIT,
          ADVANCE_MONTH,
          COMMIT,
          CHECKPOINT,
          ADVANCE_MONTH,
          COMMIT,
          CHECKPOINT_DURING_COMMITS,
          ADVANCE_MONTH,
          COMMIT,
          CLOSE,
          OPEN);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void crash_atEveryOperationWithEveryLoss_losesNothingAcknowledgedAndInventsNothing()
      throws IOException {
    long seed = Seeds.seed("CrashTest");
    long operations = operationsOf(seed);
    AtomicLong runs = new AtomicLong();
    LongStream.rangeClosed(1, operations)
        .parallel()
        .forEach(
            operation -> {
              try {
                crashAt(operation, draws(operation, operations), seed, runs);
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", crash at operation " + operation, e);
              }
            });
    Seeds.proved(1, runs.get(), "crashes at " + operations + " operations");
    assertThat(runs.get()).isGreaterThanOrEqualTo(RUNS_MIN);
  }

  /**
   * How often each loss pattern is tried for an operation: at least once, and evenly, so that it
   * comes to the wanted number of runs.
   */
  private static int draws(long operation, long operations) {
    long wanted = Math.ceilDiv(RUNS_MIN, LossPattern.values().length);
    return (int)
        Math.max(1, operation * wanted / operations - (operation - 1) * wanted / operations);
  }

  private long operationsOf(long seed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, folder.resolve("whole"), seed);
    simulation.play(SCRIPT);
    simulation.abandon();
    return disk.operations();
  }

  private void crashAt(long operation, int draws, long seed, AtomicLong runs) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path runFolder = folder.resolve("crash-" + operation);
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder, seed);
    disk.crashAt(operation);
    try {
      simulation.play(SCRIPT);
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    simulation.abandon();
    RandomGenerator random = Seeds.random(seed + operation);
    long run = operation * 1_000;
    for (LossPattern pattern : LossPattern.values()) {
      for (int draw = 0; draw < draws; draw++, run++) {
        runs.incrementAndGet();
        Path survivors = runFolder.resolve("survivors");
        try {
          keepView(simulation, survivors, (int) ((run + operation) % 4));
          LedgerSimulation after =
              simulation.after(disk.restart(pattern, random), survivors, seed + run);
          after.recover();
          if (run % 3 == 0) {
            after.continueAndCheck();
          }
          if (run % 10 == 0) {
            after.compareRebuilt();
          }
          after.abandon();
        } catch (IOException | RuntimeException | Error e) {
          throw new AssertionError(pattern + ", draw " + draw, e);
        } finally {
          LedgerSimulation.deleteAll(survivors);
        }
      }
    }
    LedgerSimulation.deleteAll(runFolder);
  }

  /** After the crash the view is complete, older than the archive, or lost. */
  private static void keepView(LedgerSimulation simulation, Path survivors, int how)
      throws IOException {
    switch (how) {
      case 0, 1 -> simulation.copyView(survivors);
      case 2 -> simulation.copyOldView(survivors);
      default -> {}
    }
  }

  @Test
  void crash_withinTheRecoveryFromACrash_fourDeep_losesNothing() throws IOException {
    long seed = Seeds.seed("CrashTest.deep");
    AtomicLong crashes = new AtomicLong();
    LongStream.range(0, DEEP_RUNS)
        .parallel()
        .forEach(
            run -> {
              try {
                crashDeep(seed + run, crashes);
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", run " + run, e);
              }
            });
    Seeds.proved(
        2, DEEP_RUNS, "runs with " + crashes + " crashes, one within the recovery from the other");
    assertThat(crashes.get()).isGreaterThan(DEEP_RUNS * 2L);
  }

  private void crashDeep(long seed, AtomicLong crashes) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    Path runFolder = folder.resolve("deep-" + Long.toHexString(seed));
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("0"), seed);
    disk.crashAt(1 + random.nextInt(FIRST_CRASH_MAX));
    crashes.addAndGet(plays(simulation, DEEP_SCRIPT) ? 0 : 1);
    for (int depth = 1; depth <= DEPTH; depth++) {
      LossPattern pattern = anyPattern(random);
      disk = disk.restart(pattern, random);
      Path next = runFolder.resolve(Integer.toString(depth));
      keepView(simulation, next, random.nextInt(4));
      simulation = simulation.after(disk, next, seed + depth);
      disk.crashAt(1 + random.nextInt(depth == DEPTH ? LAST_CRASH_MAX : RECOVERY_CRASH_MAX));
      crashes.addAndGet(recovers(simulation) ? 0 : 1);
    }
    Path last = runFolder.resolve("last");
    keepView(simulation, last, random.nextInt(4));
    LedgerSimulation after =
        simulation.after(disk.restart(anyPattern(random), random), last, seed + 5);
    after.recover();
    after.continueAndCheck();
    after.compareRebuilt();
    after.abandon();
    LedgerSimulation.deleteAll(runFolder);
  }

  @Test
  void processKilledAnywhere_thenGoneOn_thenPowerCut_losesNothing() {
    long seed = Seeds.seed("CrashTest.killed");
    AtomicLong runs = new AtomicLong();
    LongStream.rangeClosed(1, KILLED_RUNS)
        .parallel()
        .forEach(
            n -> {
              try {
                kill(n, List.of(COMMIT), seed, runs);
                kill(n, List.of(ADVANCE_MONTH, COMMIT), seed, runs);
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", killed before write " + n, e);
              }
            });
    Seeds.proved(
        3,
        runs.get(),
        "processes killed in the simulation, and the power cut after the next had gone on");
  }

  /** The next process reads lines that were not forced, and must force them before it goes on. */
  private void kill(long n, List<SimulationStep> next, long seed, AtomicLong runs)
      throws IOException {
    Path runFolder = folder.resolve("killed-" + n);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(List.of(CREATE, OPEN, COMMIT, COMMIT, CHECKPOINT, COMMIT));
    simulation.copyView(runFolder.resolve("second"));
    simulation.abandon();
    LedgerSimulation killed =
        simulation.after(new KillableDisk(disk, n), runFolder.resolve("second"), seed + 1);
    try {
      killed.recover();
      killed.play(KILLED_SCRIPT);
    } catch (KillableDisk.Killed e) {
      runs.incrementAndGet();
    }
    killed.abandon();
    killed.copyView(runFolder.resolve("third"));
    LedgerSimulation following = killed.after(disk, runFolder.resolve("third"), seed + 2);
    following.recover();
    following.play(next);
    LossPattern pattern = n % 3 == 0 ? LossPattern.LOST_ENTRY : LossPattern.ALL_LOST;
    following.copyView(runFolder.resolve("last"));
    following.abandon();
    LedgerSimulation after =
        following.after(
            disk.restart(pattern, Seeds.random(seed + n)), runFolder.resolve("last"), seed + 3);
    after.recover();
    after.continueAndCheck();
    after.abandon();
    LedgerSimulation.deleteAll(runFolder);
  }

  private static LossPattern anyPattern(RandomGenerator random) {
    return List.of(LossPattern.values()).get(random.nextInt(LossPattern.values().length));
  }

  /** Whether the script came to its end before the crash. */
  private static boolean plays(LedgerSimulation simulation, List<SimulationStep> script)
      throws IOException {
    try {
      simulation.play(script);
      return true;
    } catch (SimulatedCrash e) {
      return false;
    } finally {
      simulation.abandon();
    }
  }

  private static boolean recovers(LedgerSimulation simulation) throws IOException {
    try {
      simulation.recover();
      simulation.play(AFTER_RECOVERY);
      return true;
    } catch (SimulatedCrash e) {
      return false;
    } finally {
      simulation.abandon();
    }
  }
}
