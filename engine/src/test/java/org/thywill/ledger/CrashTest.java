package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/**
 * The power fails at every operation of the disk, and the disk forgets what was not forced. Nothing
 * that was acknowledged may be lost.
 */
class CrashTest {
  private static final int RUNS_MIN = Seeds.times(5_000);
  private static final int DEEP_RUNS = Seeds.times(1_000);
  private static final int KILLED_RUNS = 140;
  private static final String SCRIPT = "FOcckcBcmcXOcbBmkccAOcwcBKcXOmcKkcXO";

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
   * How often each loss is drawn for an operation: once at least, and evenly so often that it comes
   * to the number of runs that is wanted.
   */
  private static int draws(long operation, long operations) {
    long wanted = Math.ceilDiv(RUNS_MIN, LossPattern.values().length);
    return (int)
        Math.max(1, operation * wanted / operations - (operation - 1) * wanted / operations);
  }

  private long operationsOf(long seed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, folder.resolve("whole"), seed);
    world.play(SCRIPT);
    world.abandon();
    return disk.operations();
  }

  private void crashAt(long operation, int draws, long seed, AtomicLong runs) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path place = folder.resolve("crash-" + operation);
    LedgerSimulation world = new LedgerSimulation(disk, place, seed);
    disk.crashAt(operation);
    try {
      world.play(SCRIPT);
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    world.abandon();
    RandomGenerator random = Seeds.random(seed + operation);
    long run = operation * 1_000;
    for (LossPattern pattern : LossPattern.values()) {
      for (int draw = 0; draw < draws; draw++, run++) {
        runs.incrementAndGet();
        Path survivors = place.resolve("survivors");
        try {
          keepView(world, survivors, (int) ((run + operation) % 4));
          LedgerSimulation after =
              world.after(disk.restart(pattern, random), survivors, seed + run);
          after.recover();
          if (run % 3 == 0) {
            after.goOn();
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
    LedgerSimulation.deleteAll(place);
  }

  /** The view has survived the crash whole, has been lost, or is older than the archive. */
  private static void keepView(LedgerSimulation world, Path survivors, int how) throws IOException {
    switch (how) {
      case 0, 1 -> world.copyView(survivors);
      case 2 -> world.copyViewBehind(survivors);
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
    Path place = folder.resolve("deep-" + Long.toHexString(seed));
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("0"), seed);
    disk.crashAt(1 + random.nextInt(110));
    crashes.addAndGet(plays(world, "FOcBKcmcXOck") ? 0 : 1);
    for (int depth = 1; depth <= 4; depth++) {
      LossPattern pattern = anyPattern(random);
      disk = disk.restart(pattern, random);
      Path next = place.resolve(Integer.toString(depth));
      keepView(world, next, random.nextInt(4));
      world = world.after(disk, next, seed + depth);
      disk.crashAt(1 + random.nextInt(depth == 4 ? 40 : 12));
      crashes.addAndGet(recovers(world) ? 0 : 1);
    }
    Path last = place.resolve("last");
    keepView(world, last, random.nextInt(4));
    LedgerSimulation after = world.after(disk.restart(anyPattern(random), random), last, seed + 5);
    after.recover();
    after.goOn();
    after.compareRebuilt();
    after.abandon();
    LedgerSimulation.deleteAll(place);
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
                kill(n, "c", seed, runs);
                kill(n, "mc", seed, runs);
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", killed before write " + n, e);
              }
            });
    Seeds.proved(
        3,
        runs.get(),
        "processes killed in the simulation, and the power cut after the next had gone on");
  }

  /** The next process believes what it reads, and must make it safe before it builds on it. */
  private void kill(long n, String next, long seed, AtomicLong runs) throws IOException {
    Path place = folder.resolve("killed-" + n);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("first"), seed);
    world.play("FOcckc");
    world.copyView(place.resolve("second"));
    world.abandon();
    LedgerSimulation killed =
        world.after(new KillableDisk(disk, n), place.resolve("second"), seed + 1);
    try {
      killed.recover();
      killed.play("cmckmcKmcXO");
    } catch (KillableDisk.Killed e) {
      runs.incrementAndGet();
    }
    killed.abandon();
    killed.copyView(place.resolve("third"));
    LedgerSimulation following = killed.after(disk, place.resolve("third"), seed + 2);
    following.recover();
    following.play(next);
    LossPattern pattern = n % 3 == 0 ? LossPattern.LOST_ENTRY : LossPattern.ALL_LOST;
    following.copyView(place.resolve("last"));
    following.abandon();
    LedgerSimulation after =
        following.after(
            disk.restart(pattern, Seeds.random(seed + n)), place.resolve("last"), seed + 3);
    after.recover();
    after.goOn();
    after.abandon();
    LedgerSimulation.deleteAll(place);
  }

  private static LossPattern anyPattern(RandomGenerator random) {
    return List.of(LossPattern.values()).get(random.nextInt(LossPattern.values().length));
  }

  /** Whether the script came to its end before the crash. */
  private static boolean plays(LedgerSimulation world, String script) throws IOException {
    try {
      world.play(script);
      return true;
    } catch (SimulatedCrash e) {
      return false;
    } finally {
      world.abandon();
    }
  }

  private static boolean recovers(LedgerSimulation world) throws IOException {
    try {
      world.recover();
      world.play("ckBcmcXOcK");
      return true;
    } catch (SimulatedCrash e) {
      return false;
    } finally {
      world.abandon();
    }
  }
}
