package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * The clock jumps, stops and crosses the ends of months. Times never decrease, every line is in the
 * file of its month, and every month is sealed.
 */
class MonotonicClockCheckTest {
  private static final int MONTHS = 300;
  private static final int HISTORIES = Seeds.times(1);
  private static final Instant BEFORE_2038 = Instant.parse("2038-01-18T20:00:00Z");
  private static final Change.Cause SYSTEM = Change.Cause.by("system");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private final Set<YearMonth> months = new TreeSet<>();
  private SimulatedDisk disk = new SimulatedDisk();
  private Instant now = BEFORE_2038;
  private int rows;

  private LedgerCore open() throws IOException {
    return LedgerCore.open(
        disk, new ViewFile(folder.resolve("community.db")), () -> now, ProgressListener.NONE);
  }

  private void jump(RandomGenerator random) {
    YearMonth month = YearMonth.from(now.atZone(ZoneOffset.UTC));
    Instant next = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    switch (random.nextInt(8)) {
      case 0 -> now = next.minusNanos(1);
      case 1 -> now = next;
      case 2 -> now = next.plus(Duration.ofDays(random.nextInt(70)));
      case 3 -> now = now.minus(Duration.ofHours(random.nextInt(1, 2_000)));
      case 4 -> now = now.plus(Duration.ofHours(random.nextInt(1, 200)));
      case 5 -> now = now.plusNanos(random.nextInt(1_500));
      case 6 ->
          now =
              YearMonth.of(month.getYear() + 1, 1)
                  .atDay(1)
                  .atStartOfDay()
                  .toInstant(ZoneOffset.UTC)
                  .minusNanos(1_000);
      default -> {} // the clock stops
    }
  }

  private void write(LedgerCore core) {
    long before = core.archive().lastAt();
    long seq = core.archive().lastSeq();
    String name = "n" + rows++;
    Row row =
        rows % 2 == 0
            ? Row.in(Catalog.FEATURE_FLAGS)
                .set(Catalog.FeatureFlags.NAME, name)
                .set(Catalog.FeatureFlags.ENABLED, true)
                .build()
            : Row.in(Catalog.NOTIFICATIONS)
                .set(Catalog.Notifications.ID, name)
                .set(Catalog.Notifications.MEMBER, "system")
                .set(Catalog.Notifications.KIND, "test")
                .set(Catalog.Notifications.IS_READ, false)
                .set(Catalog.Notifications.CREATED_AT, 1L)
                .build();
    assertThat(core.commit(List.of(new LedgerCore.Call(SYSTEM, tx -> tx.add(row)))))
        .containsExactly(new LedgerCore.Outcome.Done(new Receipt(seq + 1, seq + 1, false)));
    assertThat(core.archive().lastAt()).isEqualTo(Math.max(before, Timestamps.micros(now)));
    months.add(Timestamps.month(core.archive().lastAt()));
  }

  @Test
  void clockThatJumps_timesNeverFall_everyLineInItsMonth_everyMonthSealed() throws IOException {
    RandomGenerator random = Seeds.random("MonotonicClockCheckTest");
    for (int history = 0; history < HISTORIES; history++) {
      runHistory(random);
      LedgerSimulation.deleteAll(folder);
    }
    Seeds.proved(10, HISTORIES * (long) MONTHS, "months under a clock that jumps");
  }

  private void runHistory(RandomGenerator random) throws IOException {
    Files.createDirectories(folder);
    disk = new SimulatedDisk();
    months.clear();
    now = BEFORE_2038;
    rows = 0;
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", Timestamps.micros(now)));
    LedgerCore core = open();
    while (months.size() < MONTHS) {
      jump(random);
      write(core);
      if (random.nextInt(40) == 0) {
        core.abandon();
        core = open();
      }
    }
    core.checkpoint();
    requireSound(core);
    core.close();
  }

  private void requireSound(LedgerCore core) throws IOException {
    List<Change> changes = ArchiveProbe.changes(disk);
    assertThat(changes).hasSize(rows).extracting(Change::at).isSorted();
    Set<String> logs = new HashSet<>();
    changes.forEach(change -> logs.add(change.table().logLocation().file(change.at())));
    assertThat(core.archive().head().logs().keySet()).containsExactlyInAnyOrderElementsOf(logs);
    assertThat(disk.files("seals"))
        .as("a seal and a parity for each month that has ended")
        .hasSize(2 * (months.size() - 1));
    assertThat(
            new ArchiveChecker(disk)
                .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE)
                .findings())
        .isEmpty();
    assertThat(
            Rebuild.into(
                    folder.resolve("rebuilt.db"),
                    ArchiveReader.open(disk, 0),
                    PointInTime.NOW,
                    ProgressListener.NONE)
                .digest())
        .isEqualTo(core.digest());
  }

  @Test
  void clockSetAheadWhileTheProgramRuns_isRefused_untilItIsSetBackOrStartedAgain() {
    AtomicReference<Instant> clock = new AtomicReference<>(BEFORE_2038);
    AtomicLong nanos = new AtomicLong();
    InstantSource checked = new MonotonicClockCheck(clock::get, nanos::get);
    clock.set(BEFORE_2038.plus(Duration.ofHours(1)));
    assertThat(checked.instant()).isEqualTo(clock.get());
    clock.set(BEFORE_2038.plus(Duration.ofHours(1)).plusNanos(1));
    assertThatThrownBy(checked::instant)
        .isInstanceOf(ConstraintViolationException.class)
        .hasMessageContaining("60 minutes");
    assertThat(new MonotonicClockCheck(clock::get, nanos::get).instant()).isEqualTo(clock.get());
    nanos.set(Duration.ofHours(8).toNanos());
    assertThat(checked.instant()).as("time that has really passed").isEqualTo(clock.get());
    clock.set(BEFORE_2038.minus(Duration.ofDays(700)));
    assertThat(checked.instant()).as("a clock that was set back").isEqualTo(clock.get());
  }

  @Test
  void writeWhileTheClockIsAhead_isRefusedAndNothingIsChanged() throws IOException {
    AtomicReference<Instant> clock = new AtomicReference<>(BEFORE_2038);
    Ledger.found(folder.resolve("archive"), "c0ffee", clock::get);
    try (Ledger ledger =
        Ledger.open(
            folder.resolve("archive"),
            folder.resolve("view.db"),
            clock::get,
            ProgressListener.NONE)) {
      Row row =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "one")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      clock.set(BEFORE_2038.plus(Duration.ofDays(30)));
      String before = ledger.digest().hex();
      Await.until(() -> ledger.obstacle().isPresent());
      assertThat(ledger.obstacle().orElseThrow())
          .as("known before anybody tries to write")
          .matches(
              "the clock leapt ahead by 43\\d{3} minutes while the program ran\\. Check it, .*");
      assertThatThrownBy(() -> ledger.write(SYSTEM, tx -> tx.add(row)))
          .isInstanceOf(WriteFailedException.class)
          .hasMessageContaining("leapt ahead");
      assertThat(ledger.obstacle().orElseThrow()).contains("leapt ahead");
      assertThat(ledger.digest().hex()).isEqualTo(before);
      clock.set(BEFORE_2038.minus(Duration.ofDays(3)));
      assertThat(ledger.write(SYSTEM, tx -> tx.add(row))).isEqualTo(new Receipt(1, 1, false));
    }
  }
}
