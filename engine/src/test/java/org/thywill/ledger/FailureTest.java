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
 * The disk says no: an operation fails, a force drops what it should have made safe, there is no
 * room left. Who was not served is told so, the next one is served, and the power may fail at any
 * time after that.
 */
class FailureTest {
  private static final int CHAOS_RUNS = Seeds.times(300);
  private static final int FULL_DISKS = Seeds.times(64);

  /** What happens before the failure, and what is tried from then on. */
  private record Story(String before, String after) {}

  /**
   * The first write of all, an open month, a new month behind a checkpoint and without one, a fresh
   * start behind a crash.
   */
  private static final List<Story> STORIES =
      List.of(
          new Story("FO", "cmc"),
          new Story("FO", "ckcXOck"),
          new Story("FOcckc", "ckcXOck"),
          new Story("FOcckc", "kckcXOc"),
          new Story("FOcckcm", "cmckcXOcck"),
          new Story("FOcckcm", "cmc"),
          new Story("FOccm", "ckcXOck"),
          new Story("FOccm", "XOcmckc"),
          new Story("FOccAO", "ckcXOc"),
          new Story("FOccAO", "cmc"),
          new Story("FOcckc", "KcKXOc"),
          new Story("FOc", "Kcmck"));

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void anyOperationFails_theCallerIsToldAndTheNextWriteIsServed_andAPowerCutLosesNothing()
      throws IOException {
    long seed = Seeds.seed("FailureTest.each");
    AtomicLong runs = new AtomicLong();
    for (Story story : STORIES) {
      long operations = operationsOf(story.before(), story.after(), seed);
      LongStream.rangeClosed(1, operations)
          .parallel()
          .forEach(
              n -> {
                for (boolean effect : List.of(false, true)) {
                  attempt(
                      story
                          + " with operation "
                          + n
                          + (effect ? " done but reported as failed" : " failing")
                          + ", seed "
                          + seed,
                      () -> failAt(story, n, effect, seed));
                  runs.incrementAndGet();
                }
              });
    }
    Seeds.proved(4, runs.get(), "runs, each operation failing in turn");
  }

  private long operationsOf(String before, String after, long seed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path place = folder.resolve("count");
    LedgerSimulation world = new LedgerSimulation(disk, place, seed);
    world.play(before);
    long start = disk.operations();
    world.play(after);
    world.abandon();
    LedgerSimulation.deleteAll(place);
    return disk.operations() - start;
  }

  private void failAt(Story story, long n, boolean effect, long seed) throws IOException {
    Path place = folder.resolve(story.before() + story.after() + n + effect);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("first"), seed);
    world.play(story.before());
    disk.failAt(
        n, new IOException(n % 2 == 0 ? "Input/output error" : "No space left on device"), effect);
    world.expectFailures(true);
    world.play(story.after());
    assertThat(world.hasFailed()).isTrue();
    world.expectFailures(false);
    world.play("c");
    RandomGenerator random = Seeds.random(seed + n);
    losePower(world, disk, LossPattern.ALL_LOST, place.resolve("lost"), seed, random);
    LedgerSimulation.deleteAll(place);
  }

  private static void losePower(
      LedgerSimulation world,
      SimulatedDisk disk,
      LossPattern pattern,
      Path place,
      long seed,
      RandomGenerator random)
      throws IOException {
    if (random.nextBoolean()) {
      world.copyView(place);
    }
    world.abandon();
    LedgerSimulation left = world.after(disk.restart(pattern, random), place, seed + 1);
    left.recover();
    left.goOn();
    left.abandon();
  }

  @Test
  void aCheckpointFailsAtItsEnd_andThePowerFailsWhileItIsTriedAgain_losesNothing()
      throws IOException {
    long seed = Seeds.seed("FailureTest.checkpoint");
    long operations = operationsOf("FOcckcmcc", "k", seed);
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
    Path place = folder.resolve("again" + n + "-" + crash);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("first"), seed);
    world.play("FOcckcmcc");
    disk.failAt(n, new IOException("Input/output error"), crash % 2 == 0);
    world.expectFailures(true);
    world.play("k");
    disk.crashAt(crash);
    try {
      world.play("k");
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    RandomGenerator random = Seeds.random(seed + n + crash);
    losePower(
        world,
        disk,
        crash % 3 == 0 ? LossPattern.ALL_LOST : LossPattern.ALL_KEPT,
        place.resolve("lost"),
        seed,
        random);
    LedgerSimulation.deleteAll(place);
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
    Path place = folder.resolve("chaos" + seed);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("first"), seed);
    world.play("FO");
    world.expectFailures(true);
    for (int i = 0; i < 6; i++) {
      disk.failAt(
          1 + random.nextInt(120), new IOException("Input/output error"), random.nextBoolean());
    }
    disk.crashAt(20 + random.nextInt(200));
    try {
      world.play("ccmckccmcmkkccXOcmcckmccXOcckcmcXO");
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).isTrue();
    }
    LossPattern pattern =
        List.of(LossPattern.values()).get(random.nextInt(LossPattern.values().length));
    losePower(world, disk, pattern, place.resolve("lost"), seed, random);
    LedgerSimulation.deleteAll(place);
  }

  @Test
  void fullDisk_freedWithoutARestart_goesOnAndHasLostNothing() {
    long seed = Seeds.seed("FailureTest.full");
    AtomicLong refused = new AtomicLong();
    LongStream.range(0, FULL_DISKS)
        .parallel()
        .forEach(
            step -> attempt(step + " of seed " + seed, () -> fillUp(step, seed + step, refused)));
    Seeds.proved(6, FULL_DISKS, "full disks, " + refused + " of them in the way of somebody");
    assertThat(refused.get()).isGreaterThan(40);
  }

  private void fillUp(long step, long seed, AtomicLong refused) throws IOException {
    Path place = folder.resolve("full" + step);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation world = new LedgerSimulation(disk, place.resolve("first"), seed);
    world.play(step % 2 == 0 ? "FOcckcm" : "FOccc");
    world.expectFailures(true);
    disk.capacity(used(disk) + step % 64 * (step % 64));
    world.play("ccckcckccX");
    refused.addAndGet(world.hasFailed() ? 1 : 0);
    disk.capacity(Long.MAX_VALUE);
    world.expectFailures(false);
    world.play("Occc");
    losePower(world, disk, LossPattern.ALL_LOST, place.resolve("lost"), seed, Seeds.random(seed));
    LedgerSimulation.deleteAll(place);
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
