package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;

/** A clock that cannot be right is refused before anything is written by it. */
class MachineClockTest {
  private static final Instant BUILT = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-04-05T06:07:08Z");

  @TempDir Path folder;

  private Path archive() {
    return folder.resolve("archive");
  }

  private static MachineClock at(Instant now, boolean isRight) {
    return new MachineClock(() -> now, BUILT, isRight);
  }

  private void found(Instant now, boolean isRight) throws IOException {
    Ledger.found(archive(), "c0ffee", at(now, isRight));
  }

  private Ledger open(InstantSource clock) throws IOException {
    return Ledger.open(archive(), folder.resolve("view.db"), clock, ProgressListener.NONE);
  }

  private void write(Instant now, boolean isRight, String name) throws IOException {
    try (Ledger ledger = open(at(now, isRight))) {
      ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.add(
                  Row.in(Catalog.FEATURE_FLAGS)
                      .set(Catalog.FeatureFlags.NAME, name)
                      .set(Catalog.FeatureFlags.ENABLED, true)
                      .build()));
    }
  }

  /** All files of the archive with their content, but for the lock, which names the process. */
  private String files() throws IOException {
    TreeMap<String, String> all = new TreeMap<>();
    try (var paths = Files.walk(archive())) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (!path.endsWith(".lock")) {
          all.put(path.toString(), Files.readString(path));
        }
      }
    }
    return all.toString();
  }

  @Test
  void founding_beforeTheProgramWasBuilt_orManyYearsAfter_isRefused_andWritesNothing()
      throws IOException {
    assertThatThrownBy(() -> found(Instant.EPOCH, false))
        .isInstanceOf(StartRefusedException.class)
        .hasMessage(
            "the clock of this machine shows 1970-01-01T00:00:00Z, before this program was built"
                + " (2026-03-01T00:00:00Z). Set the clock; or, if it is right, run the same"
                + " command with --clock-is-right");
    assertThatThrownBy(() -> found(Instant.parse("2061-01-01T00:00:00Z"), false))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("many years after this program was built");
    assertThat(archive()).doesNotExist();
    found(NOW, false);
    write(NOW, false, "one");
  }

  @Test
  void founding_withTheOperatorsWord_isDone() throws IOException {
    found(Instant.EPOCH, true);
    write(Instant.EPOCH, true, "one");
  }

  @Test
  void start_farFromTheLastChange_isRefused_andChangesNothing() throws IOException {
    found(NOW, false);
    write(NOW, false, "one");
    String before = files();
    assertThatThrownBy(() -> open(at(NOW.minus(Duration.ofHours(7)), false)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessage(
            "the clock of this machine shows 2026-04-04T23:07:08Z, 7 hours before the last change"
                + " (2026-04-05T06:07:08Z). Set the clock. If it is right, the last change has a"
                + " wrong time, which thywill correct-times sets right. Run: thywill"
                + " recovery-report");
    assertThatThrownBy(() -> open(at(Instant.parse("2061-04-05T06:07:08Z"), false)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessage(
            "the clock of this machine shows 2061-04-05T06:07:08Z, 12784 days after the last change"
                + " (2026-04-05T06:07:08Z). Set the clock; or, if it is right, run the same command"
                + " with --clock-is-right");
    assertThatThrownBy(() -> open(at(Instant.EPOCH, false)))
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("before this program was built");
    assertThat(files()).isEqualTo(before);
    assertThat(Files.exists(folder.resolve("view.db"))).isTrue();
  }

  @Test
  void start_withinHoursOrAYear_orWithTheOperatorsWord_isDone() throws IOException {
    found(NOW, false);
    write(NOW, false, "one");
    write(NOW.minus(MachineClock.BEHIND_MAX), false, "hours behind");
    write(NOW.plus(MachineClock.PAUSE_MAX), false, "a year later");
    write(Instant.parse("2061-04-05T06:07:08Z"), true, "decades later");
    assertThatThrownBy(() -> write(NOW, false, "clock is right again"))
        .isInstanceOf(StartRefusedException.class);
    write(NOW, true, "with the operator's word");
  }

  @Test
  void clockOfWhichNothingElseIsKnown_isJudgedByTheLastChange() throws IOException {
    Ledger.found(archive(), "c0ffee", InstantSource.fixed(NOW));
    assertThatCode(() -> open(InstantSource.fixed(NOW)).close()).doesNotThrowAnyException();
    assertThatThrownBy(() -> open(InstantSource.fixed(NOW.plus(Duration.ofDays(367)))))
        .isInstanceOf(StartRefusedException.class);
  }
}
