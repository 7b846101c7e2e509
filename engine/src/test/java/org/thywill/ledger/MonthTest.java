package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/** A month ends with a checkpoint and a seal. */
class MonthTest {
  private static final Instant JANUARY_ENDS = Instant.parse("2024-01-31T23:59:59.999999Z");
  private static final Instant FEBRUARY = Instant.parse("2024-02-01T00:00:00Z");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private final SimulatedDisk disk = new SimulatedDisk();
  private Instant now = JANUARY_ENDS;
  private LedgerCore core;

  @BeforeEach
  void create() throws IOException {
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", Timestamps.micros(now)));
    core =
        LedgerCore.open(
            disk, new ViewFile(folder.resolve("community.db")), () -> now, ProgressListener.NONE);
  }

  @AfterEach
  void abandon() throws IOException {
    core.abandon();
  }

  private LedgerCore.Outcome add(String flag) {
    Row row =
        Row.in(Catalog.FEATURE_FLAGS)
            .set(Catalog.FeatureFlags.NAME, flag)
            .set(Catalog.FeatureFlags.ENABLED, true)
            .build();
    return core.commit(List.of(new LedgerCore.Call(Change.Cause.by("system"), tx -> tx.add(row))))
        .getFirst();
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
    assertThat(add("two"))
        .isInstanceOfSatisfying(
            LedgerCore.Outcome.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOf(WriteFailedException.class));
    assertThat(core.digest()).isEqualTo(before);
    assertThat(core.archive().lastSeq()).isEqualTo(1);
    assertThat(add("two")).isEqualTo(new LedgerCore.Outcome.Done(new Receipt(2, 2, false)));
    assertThat(core.archive().head().seq()).isEqualTo(1);
  }

  private List<String> seals() throws IOException {
    return disk.files("seals");
  }

  private CheckReport check() throws IOException {
    return new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, ProgressListener.NONE);
  }

  private void reopen() throws IOException {
    core.abandon();
    core =
        LedgerCore.open(
            disk, new ViewFile(folder.resolve("community.db")), () -> now, ProgressListener.NONE);
  }

  /** What the ledger does a moment after the last write. */
  private void idle() throws IOException {
    core.beginCheckpoint().run();
    core.endCheckpoint();
  }

  @Test
  void monthThatHasEnded_isSealedWithoutALaterChange_once() throws IOException {
    add("one");
    assertThat(core.isMonthToBeSealed()).isFalse();
    idle();
    assertThat(seals()).isEmpty();
    now = FEBRUARY;
    assertThat(core.isMonthToBeSealed()).isTrue();
    idle();
    assertThat(seals()).containsExactly("seals/2024_01.txt", "seals/2024_01_parity.txt");
    assertThat(core.isMonthToBeSealed()).isFalse();
    assertThat(check().findings()).isEmpty();
    reopen();
    assertThat(core.isMonthToBeSealed()).isFalse();
    add("two");
    assertThat(check().sound()).isTrue();
    core.checkpoint();
    assertThat(seals()).hasSize(2);
    assertThat(check().findings()).isEmpty();
  }

  @Test
  void clockGoesBackBeforeASeal_nothingIsFiledInTheSealedMonth() throws IOException {
    add("one");
    now = FEBRUARY;
    idle();
    now = JANUARY_ENDS;
    add("two");
    assertThat(core.archive().lastAt()).isEqualTo(Timestamps.micros(FEBRUARY));
    reopen();
    core.checkpoint();
    assertThat(check().findings()).isEmpty();
    now = Instant.parse("2024-03-01T00:00:00Z");
    idle();
    now = JANUARY_ENDS;
    reopen();
    add("three");
    assertThat(core.archive().lastAt())
        .isEqualTo(Timestamps.micros(Instant.parse("2024-03-01T00:00:00Z")));
    core.checkpoint();
    assertThat(check().findings()).isEmpty();
    assertThat(seals()).hasSize(4);
  }

  @Test
  void crashWhileAMonthIsSealed_isSound_andTheNextStartSealsIt() throws IOException {
    add("one");
    core.checkpoint();
    now = FEBRUARY;
    SimulatedDisk before = disk.copy();
    idle();
    List<String> sealed = seals();
    int crashes = 0;
    for (int operation = 1; ; operation++, crashes++) {
      SimulatedDisk crashing = before.copy();
      crashing.crashAt(operation);
      ArchiveWriter writer = ArchiveWriter.open(crashing, 0);
      try {
        writer.beginMonthEnd(core.digest()).run(PageLocator.UNKNOWN);
        break;
      } catch (SimulatedCrash e) {
        for (LossPattern pattern : LossPattern.values()) {
          SimulatedDisk after = crashing.restart(pattern, Seeds.random(operation));
          assertThat(
                  new ArchiveChecker(after)
                      .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE)
                      .sound())
              .as("crash at %s, %s", operation, pattern)
              .isTrue();
          ArchiveWriter again = ArchiveWriter.open(after, 0);
          if (again.isMonthToBeSealed(now)) {
            again.beginMonthEnd(core.digest()).run(PageLocator.UNKNOWN);
          }
          again.close();
          assertThat(after.files("seals"))
              .filteredOn(file -> !file.endsWith(".partial"))
              .isEqualTo(sealed);
          assertThat(
                  new ArchiveChecker(after)
                      .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE)
                      .sound())
              .isTrue();
        }
      } finally {
        writer.close();
      }
    }
    assertThat(crashes).isGreaterThan(5);
  }

  @Test
  void monthWhoseLogIsDamaged_isNotSealed_andTheLedgerGoesOn() throws IOException {
    add("one");
    core.checkpoint();
    String log = "system/2024_01_feature_flags.txt";
    disk.replaceByPrefix(log, disk.size(log) - 1);
    now = FEBRUARY;
    core.beginCheckpoint().run();
    assertThatThrownBy(core::endCheckpoint)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(log);
    assertThat(seals()).isEmpty();
    assertThat(core.isMonthToBeSealed()).as("not tried again and again").isFalse();
    assertThat(add("two")).isInstanceOf(LedgerCore.Outcome.Done.class);
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
