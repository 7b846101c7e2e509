package org.thywill.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.thywill.ledger.SimulationStep.ADVANCE_MONTH;
import static org.thywill.ledger.SimulationStep.CHECKPOINT;
import static org.thywill.ledger.SimulationStep.CHECKPOINT_DURING_COMMITS;
import static org.thywill.ledger.SimulationStep.CLOSE;
import static org.thywill.ledger.SimulationStep.COMMIT;
import static org.thywill.ledger.SimulationStep.CREATE;
import static org.thywill.ledger.SimulationStep.OPEN;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.format.JournalFile;
import org.thywill.catalog.Timestamps;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * Other programs replace, delete, move or change the journal file, or move the whole archive, while
 * the ledger writes. What could not be found later is refused, and nothing acknowledged is lost.
 */
@Tag("slow")
class DisplacedJournalTest {
  private static final int RUNS = Seeds.times(1_000);
  private static final int ROUNDS = 4;

  /** The operations of a batch: one write and one force, and some of what follows. */
  private static final int BATCH_OPERATIONS = 3;

  private static final List<List<SimulationStep>> BEFORE =
      List.of(
          List.of(),
          List.of(CHECKPOINT),
          List.of(CHECKPOINT_DURING_COMMITS),
          List.of(ADVANCE_MONTH),
          List.of(CLOSE, OPEN));

  private enum Harm {
    SWAPPED,
    UNLINKED,
    MOVED,
    ADDED_TO,
    ALL_MOVED
  }

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void journalSwappedUnlinkedMovedOrChanged_atRandomPoints_losesNothingAcknowledged() {
    long seed = Seeds.seed("DisplacedJournalTest");
    AtomicLong refusals = new AtomicLong();
    LongStream.range(0, RUNS)
        .parallel()
        .forEach(
            run -> {
              try {
                attempt(seed + run, refusals);
              } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("run " + run + " of seed " + seed, e);
              }
            });
    System.out.println(RUNS + " runs, with " + refusals + " in which changes were refused");
    assertThat(refusals.get()).isGreaterThan(RUNS / 2);
  }

  private void attempt(long seed, AtomicLong refusals) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    Path runFolder = folder.resolve(Long.toHexString(seed));
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder.resolve("first"), seed);
    simulation.play(List.of(CREATE, OPEN));
    for (int round = 0; round < ROUNDS; round++) {
      simulation.play(BEFORE.get(random.nextInt(BEFORE.size())));
      harm(simulation, disk, random);
      simulation.expectFailures(false);
      simulation.play(List.of(COMMIT));
    }
    refusals.addAndGet(simulation.hasFailed() ? 1 : 0);
    LossPattern pattern =
        List.of(LossPattern.values()).get(random.nextInt(LossPattern.values().length));
    if (random.nextBoolean()) {
      simulation.copyView(runFolder.resolve("left"));
    }
    simulation.abandon();
    LedgerSimulation left =
        simulation.after(disk.restart(pattern, random), runFolder.resolve("left"), seed + 1);
    left.recover();
    left.continueAndCheck();
    left.compareRebuilt();
    left.abandon();
    LedgerSimulation.deleteAll(runFolder);
  }

  /** Does harm in the middle of a batch if the batch writes to the open file, or before one. */
  private static void harm(LedgerSimulation simulation, SimulatedDisk disk, RandomGenerator random)
      throws IOException {
    String journal = openJournal(simulation, disk);
    Harm harm = Harm.values()[random.nextInt(Harm.values().length)];
    simulation.expectFailures(true);
    boolean[] isDone = {false};
    SimulatedDisk.Interference interference =
        () -> {
          isDone[0] = true;
          inflict(harm, journal, disk, random);
        };
    if (goesOn(journal, simulation)) {
      disk.interfereAt(1 + random.nextInt(BATCH_OPERATIONS), interference);
      simulation.play(List.of(random.nextBoolean() ? COMMIT : CHECKPOINT, COMMIT));
    }
    disk.interfereNoMore();
    if (!isDone[0]) {
      interference.run();
    }
    long lastSeq = simulation.model().lastSeq();
    int failures = simulation.failures();
    simulation.play(List.of(random.nextInt(4) == 0 ? CHECKPOINT : COMMIT, COMMIT));
    // A batch in which all is refused or repeated writes nothing, and so notices nothing.
    while (simulation.model().lastSeq() == lastSeq && simulation.failures() == failures) {
      simulation.play(List.of(COMMIT));
    }
    if (harm == Harm.ALL_MOVED) {
      disk.moveAllBack();
    }
  }

  /** Commits until the ledger has the journal open, and returns the path of the file. */
  private static String openJournal(LedgerSimulation simulation, SimulatedDisk disk)
      throws IOException {
    long before = simulation.model().lastSeq();
    while (simulation.model().lastSeq() == before) {
      simulation.play(List.of(COMMIT));
    }
    return JournalFile.list(disk).getLast();
  }

  /** Whether the next batches still go to a file, and not to that of another month. */
  private static boolean goesOn(String journal, LedgerSimulation simulation) {
    long soonMicros = Timestamps.micros(simulation.clock().plus(Duration.ofMinutes(30)));
    return JournalFile.name(soonMicros, JournalFile.firstSeq(journal)).equals(journal);
  }

  private static void inflict(Harm harm, String journal, SimulatedDisk disk, RandomGenerator random)
      throws IOException {
    switch (harm) {
      case SWAPPED -> disk.swapForCopy(journal);
      case UNLINKED -> disk.unlink(journal);
      case MOVED -> disk.moveAside(journal, "kept/" + random.nextInt(1_000_000) + ".txt");
      case ADDED_TO -> disk.addTo(journal, "something else\n".getBytes(UTF_8));
      case ALL_MOVED -> disk.moveAllAway();
    }
  }
}
