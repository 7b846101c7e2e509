package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Identity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.rebuild.Progress;
import org.thywill.simulation.SimulatedDisk;

/** A month ends with a checkpoint. */
class MonthTest {
  private static final Instant JANUARY_ENDS = Instant.parse("2024-01-31T23:59:59.999999Z");
  private static final Instant FEBRUARY = Instant.parse("2024-02-01T00:00:00Z");

  @TempDir(factory = FastFolder.class) Path folder;
  private final SimulatedDisk disk = new SimulatedDisk();
  private Instant now = JANUARY_ENDS;
  private LedgerCore core;

  @BeforeEach
  void found() throws IOException {
    ArchiveWriter.create(disk, new Identity("c0ffee", Timestamps.micros(now)));
    core = LedgerCore.open(disk, new ViewHome(folder.resolve("community.db")), () -> now, Progress.NONE);
  }

  @AfterEach
  void abandon() throws IOException {
    core.abandon();
  }

  private LedgerCore.Outcome add(String flag) {
    Row row = Row.in(Catalog.FEATURE_FLAGS).set("name", flag).set("enabled", true).build();
    return core.commit(List.of(new LedgerCore.Call(Change.Cause.by("system"), tx -> tx.add(row)))).getFirst();
  }

  @Test
  void firstChangeOfAMonth_findsTheMonthBeforeCheckpointedWithItsDigest() {
    add("one");
    add("two");
    Digest january = core.digest();
    assertThat(core.archive().head().seq()).isZero();
    now = FEBRUARY;
    assertThat(add("three")).isEqualTo(new LedgerCore.Outcome.Done(new Receipt(3, 3, false)));
    assertThat(core.archive().head().seq()).isEqualTo(2);
    assertThat(core.archive().head().digest()).isEqualTo(january);
    assertThat(core.archive().pending()).extracting(Change::seq).containsExactly(3L);
  }

  @Test
  void monthCannotBeEnded_nothingIsChanged_andTheNextTrySucceeds() throws IOException {
    add("one");
    now = FEBRUARY;
    Digest before = core.digest();
    disk.failAt(1, new IOException("Input/output error"), false);
    assertThat(add("two")).isInstanceOfSatisfying(LedgerCore.Outcome.Failed.class, failed -> assertThat(failed.cause()).isInstanceOf(NotSaved.class));
    assertThat(core.digest()).isEqualTo(before);
    assertThat(core.archive().lastSeq()).isEqualTo(1);
    assertThat(add("two")).isEqualTo(new LedgerCore.Outcome.Done(new Receipt(2, 2, false)));
    assertThat(core.archive().head().seq()).isEqualTo(1);
  }

  @Test
  void clockGoesBackOverTheEdge_theMonthGoesOn() {
    now = FEBRUARY;
    add("one");
    now = JANUARY_ENDS;
    add("two");
    assertThat(core.archive().head().seq()).isZero();
    assertThat(core.archive().lastAt()).isEqualTo(Timestamps.micros(FEBRUARY));
  }
}
