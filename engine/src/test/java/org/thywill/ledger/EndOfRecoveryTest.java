package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.RecoveryMarker;

/**
 * The power fails while service resumes after a recovery. The pending work is done once, and it
 * stays in the view until then.
 */
class EndOfRecoveryTest {
  private static final String VIEW = "community.db";
  private static final Change.Cause RESUMING =
      Change.Cause.by("system").because("service resumes").withIdempotencyKey("resume-after-2");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private final SimulatedDisk recovered = new SimulatedDisk();

  @BeforeEach
  void recover() throws IOException {
    ArchiveWriter.create(recovered, new ArchiveIdentity("c0ffee", 0));
    Files.createDirectories(folder.resolve("recovered"));
    try (Service service = new Service(recovered, folder.resolve("recovered"))) {
      service.write(
          new LedgerCore.Call(
              Change.Cause.by("anna"),
              tx -> {
                tx.add(done("one"));
                tx.add(done("two"));
              }));
    }
    RecoveryMarker.recovered(folder.resolve("recovered").resolve(VIEW), PendingRecovery.whole(2));
  }

  private static Row done(String id) {
    return Row.in(Catalog.OPERATIONS)
        .set(Catalog.Operations.ID, id)
        .set(Catalog.Operations.KIND, "resume")
        .set(Catalog.Operations.OUTCOME, "done")
        .build();
  }

  /** A ledger that can be abandoned, as by the end of a process. */
  private static final class Service implements AutoCloseable {
    private final LedgerCore core;

    Service(Disk disk, Path runFolder) throws IOException {
      core =
          LedgerCore.open(
              disk,
              new ViewFile(runFolder.resolve(VIEW)),
              () -> Instant.parse("2026-03-06T07:08:09Z"),
              ProgressListener.NONE);
    }

    Receipt write(LedgerCore.Call call) throws IOException {
      return switch (core.commit(List.of(call)).getFirst()) {
        case LedgerCore.Outcome.Done(Receipt receipt) -> receipt;
        case LedgerCore.Outcome.Failed(Throwable cause) -> throw new AssertionError(cause);
      };
    }

    Receipt resume() throws IOException {
      return write(new LedgerCore.Call(RESUMING, tx -> tx.add(done("three")), true));
    }

    void abandon() throws IOException {
      core.abandon();
    }

    @Override
    public void close() throws IOException {
      core.close();
    }
  }

  private static void resumeAndClose(Disk disk, Path runFolder) throws IOException {
    Service service = new Service(disk, runFolder);
    try {
      service.resume();
      service.close();
    } catch (SimulatedCrash e) {
      service.abandon();
      throw e;
    }
  }

  private static boolean isPending(Path runFolder) throws IOException {
    try (SqliteReader view = SqliteReader.open(runFolder.resolve(VIEW))) {
      return view.recovery().isPresent();
    }
  }

  private Path copyOf(Path runFolder, String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    for (String file : List.of(VIEW, VIEW + "-wal")) {
      Files.deleteIfExists(copy.resolve(file));
      if (Files.exists(runFolder.resolve(file))) {
        Files.copy(runFolder.resolve(file), copy.resolve(file));
      }
    }
    return copy;
  }

  @Test
  void crash_atEveryOperationOfAResumption_doesThePendingWorkOnce_andKeepsItUntilThen()
      throws IOException {
    RandomGenerator random = Seeds.random("EndOfRecoveryTest");
    SimulatedDisk whole = recovered.copy();
    resumeAndClose(whole, copyOf(folder.resolve("recovered"), "whole"));
    long operations = whole.operations();
    int done = 0;
    int open = 0;
    for (long operation = 1; operation <= operations; operation++) {
      for (LossPattern pattern : LossPattern.values()) {
        for (boolean isViewOlder : List.of(false, true)) {
          if (isDoneAfterCrash(operation, pattern, isViewOlder, random)) {
            done++;
          } else {
            open++;
          }
        }
      }
    }
    assertThat(done).isPositive();
    assertThat(open).isPositive();
  }

  /**
   * Crashes and continues with what is left.
   *
   * @return whether the pending work had been done before the crash
   */
  private boolean isDoneAfterCrash(
      long operation, LossPattern pattern, boolean isViewOlder, RandomGenerator random)
      throws IOException {
    String crash = pattern + " at operation " + operation + (isViewOlder ? ", view of before" : "");
    SimulatedDisk disk = recovered.copy();
    Path runFolder = copyOf(folder.resolve("recovered"), "crashing");
    disk.crashAt(operation);
    try {
      resumeAndClose(disk, runFolder);
    } catch (SimulatedCrash e) {
      assertThat(disk.crashed()).as(crash).isTrue();
    }
    Path left = copyOf(isViewOlder ? folder.resolve("recovered") : runFolder, "left");
    SimulatedDisk survivor = disk.restart(pattern, random);
    boolean isDone;
    try (Service service = new Service(survivor, left)) {
      isDone = ArchiveProbe.changes(survivor).size() == 3;
      assertThat(isDone || isPending(left)).as(crash).isTrue();
      Receipt receipt = service.resume();
      assertThat(receipt).as(crash).isEqualTo(new Receipt(3, 3, isDone));
      assertThat(isPending(left)).as(crash).isFalse();
    }
    assertThat(ArchiveProbe.changes(survivor))
        .as(crash)
        .extracting(change -> change.row().key())
        .containsExactly("one", "two", "three");
    return isDone;
  }
}
