package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.ledger.ReferenceModel.Fact;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * A rebuild up to any change gives the rows of a plain map, whatever order the disk lists files in.
 */
class PointInTimeTest {
  private static final int POINTS = Seeds.times(20);

  private static final List<SimulationStep> HISTORY =
      List.of(
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.COMMIT,
          SimulationStep.CHECKPOINT,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.ADVANCE_MONTH,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.CHECKPOINT_DURING_COMMITS,
          SimulationStep.COMMIT,
          SimulationStep.ADVANCE_MONTH,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.CLOSE,
          SimulationStep.OPEN,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.CHECKPOINT,
          SimulationStep.COMMIT_TWELVE,
          SimulationStep.COMMIT,
          SimulationStep.ADVANCE_MONTH,
          SimulationStep.COMMIT_TWELVE);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void rebuildUpToAnyChange_isAPlainMapOfTheChangesUpToIt() throws IOException {
    long seed = Seeds.seed("PointInTimeTest");
    RandomGenerator random = Seeds.random(seed);
    SimulatedDisk disk = new SimulatedDisk();
    LedgerSimulation simulation = new LedgerSimulation(disk, folder.resolve("simulation"), seed);
    simulation.play(List.of(SimulationStep.CREATE, SimulationStep.OPEN));
    for (int i = 0; i < 3; i++) {
      simulation.play(HISTORY);
    }
    simulation.abandon();
    List<Fact> history = simulation.model().history();
    Disk shuffled = shuffled(disk, new Random(seed));
    for (int point = 0; point < POINTS; point++) {
      long seq = random.nextLong(history.size() + 1);
      Path view = folder.resolve("view-" + point + ".db");
      Rebuild.Result result =
          Rebuild.into(
              view, ArchiveReader.open(shuffled, 0), PointInTime.seq(seq), ProgressListener.NONE);
      assertThat(result.digest())
          .as("up to change %s of %s, seed %s", seq, history.size(), seed)
          .isEqualTo(digest(history, seq));
      try (SqliteReader reader = SqliteReader.open(view)) {
        assertThat(reader.computeDigest()).isEqualTo(result.digest());
      }
    }
    Seeds.proved(11, POINTS, "points in a history of " + history.size() + " changes");
  }

  private static Digest digest(List<Fact> history, long seq) {
    TreeMap<String, Row> rows = new TreeMap<>();
    for (Fact fact : history) {
      String key = fact.row().table() + "/" + fact.row().key();
      if (fact.transaction().last() > seq) {
        break;
      } else if (fact.operation() == Operation.REMOVED) {
        rows.remove(key);
      } else {
        rows.put(key, fact.row());
      }
    }
    Digest.Running digest = new Digest.Running();
    rows.values().forEach(digest::add);
    return digest.digest();
  }

  /** The same disk, which lists files in random order. */
  private static Disk shuffled(Disk disk, Random random) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(disk, arguments);
                if (result instanceof List<?> files) {
                  List<Object> mixed = new ArrayList<>(files);
                  Collections.shuffle(mixed, random);
                  return mixed;
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
