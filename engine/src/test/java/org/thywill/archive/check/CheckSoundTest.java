package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

class CheckSoundTest {

  @Test
  void check_archiveAsItWasWritten_findsNothing() throws Exception {
    SimulatedDisk disk = ArchiveFixture.rich(Seeds.random("CheckSoundTest"));
    CheckReport report = ArchiveFixture.check(disk);
    assertThat(ArchiveFixture.damage(report)).isEmpty();
    assertThat(report.sound()).isTrue();
    assertThat(report.changes()).isEqualTo(Head.read(disk).seq());
    assertThat(report.files()).isEqualTo(disk.list("").size());
    assertThat(report.bytes())
        .isEqualTo(
            ArchiveFixture.files(disk).values().stream().mapToLong(file -> file.length).sum());
    assertThat(
            new ArchiveChecker(disk)
                .check(ArchiveChecker.Mode.QUICK, ProgressListener.NONE)
                .findings())
        .isEmpty();
  }

  @Test
  void check_emptyArchive_findsNothing() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", 1));
    assertThat(ArchiveFixture.check(disk))
        .isEqualTo(
            new CheckReport(0, 5, ArchiveFixture.check(disk).bytes(), List.of(), Map.of(), true));
  }

  @Test
  void check_noArchive_saysSo() {
    assertThatThrownBy(() -> ArchiveFixture.check(new SimulatedDisk()))
        .isInstanceOf(NotAnArchiveException.class);
  }

  @Test
  void check_changesAfterTheCheckpoint_areCountedAndFine() throws Exception {
    ArchiveFixture fixture =
        new ArchiveFixture(new SimulatedDisk(), Seeds.random("CheckSoundTest"));
    fixture.history(10, 100);
    SimulatedDisk disk;
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 20, 100);
      disk = fixture.disk();
      CheckReport report = ArchiveFixture.check(disk);
      assertThat(ArchiveFixture.damage(report)).isEmpty();
      assertThat(report.changes()).isEqualTo(writer.lastSeq());
    }
  }

  /**
   * A checkpoint that stops at any step, on a disk that may forget unforced bytes, damages nothing
   * up to the last head.
   */
  @Test
  void check_checkpointStoppedAnywhere_findsNoDamage() throws Exception {
    long seed = Seeds.seed("CheckSoundTest");
    for (LossPattern pattern : LossPattern.values()) {
      boolean crashed = true;
      for (int at = 1; crashed; at += 1 + at / 8) {
        RandomGenerator random = Seeds.random(seed);
        ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), random);
        fixture.history(3, 400);
        try (ArchiveWriter writer = fixture.open()) {
          fixture.live(writer, 4, 200);
          fixture.checkpoint(writer);
          fixture.live(writer, 4, 200);
          fixture.disk().crashAt(at);
          fixture.live(writer, 2, 200);
          fixture.checkpoint(writer);
        } catch (SimulatedCrash e) {
          // The planned crash.
        }
        crashed = fixture.disk().crashed();
        SimulatedDisk after = fixture.disk().restart(pattern, random);
        String where = pattern + " at operation " + at;
        assertThat(ArchiveFixture.damage(ArchiveFixture.check(after)))
            .as(where)
            .filteredOn(finding -> finding.severity() != Finding.Severity.NOTE)
            .allMatch(
                finding ->
                    finding.code().startsWith("control-")
                        && finding.file().equals(Head.FILE.copy())
                        && finding.repairable());
        ArchiveWriter.open(after, 0).close();
        assertThat(ArchiveFixture.damage(ArchiveFixture.check(after)))
            .as("opened again after " + where)
            .filteredOn(finding -> finding.severity() != Finding.Severity.NOTE)
            .allMatch(
                finding ->
                    finding.code().startsWith("control-")
                        && finding.file().equals(Head.FILE.copy())
                        && finding.repairable());
      }
    }
  }

  @Test
  void check_whileTheArchiveIsWritten_findsNoDamage() throws Exception {
    ArchiveFixture fixture =
        new ArchiveFixture(new SimulatedDisk(), Seeds.random("CheckSoundTest"));
    fixture.history(20, 100);
    try (ArchiveWriter writer = fixture.open()) {
      Thread community =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 150; i++) {
                        fixture.live(writer, 3, 5);
                        fixture.checkpoint(writer);
                      }
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      while (community.isAlive()) {
        assertThat(ArchiveFixture.check(fixture.disk()).findings())
            .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
            .isEmpty();
      }
      community.join();
    }
    assertThat(ArchiveFixture.damage(ArchiveFixture.check(fixture.disk()))).isEmpty();
  }

  /** The first copy is read before the last checkpoint is written, and the second after it. */
  @Test
  void check_whileTheLastCheckpointIsWritten_findsNoDamage() throws Exception {
    ArchiveFixture fixture =
        new ArchiveFixture(new SimulatedDisk(), Seeds.random("CheckSoundTest"));
    fixture.history(20, 100);
    byte[] before =
        Objects.requireNonNull(ArchiveFixture.files(fixture.disk()).get(Head.FILE.file()));
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 3, 5);
      fixture.checkpoint(writer);
    }
    AtomicInteger reads = new AtomicInteger();
    Disk disk =
        (Disk)
            Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (self, method, arguments) -> {
                  if (method.isDefault()) {
                    return InvocationHandler.invokeDefault(self, method, arguments);
                  }
                  boolean isFirstRead =
                      method.getName().equals("read")
                          && Head.FILE.file().equals(arguments[0])
                          && reads.getAndIncrement() == 0;
                  if (isFirstRead) {
                    return new ByteArrayInputStream(before);
                  }
                  try {
                    return method.invoke(fixture.disk(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getTargetException(); // such as that there is no such file
                  }
                });
    assertThat(ArchiveFixture.check(disk).findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
        .isEmpty();
    assertThat(reads).hasValueGreaterThan(1);
  }

  @Test
  void check_referencesThatLeadNowhere_areWarningsAtTheirLines() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveFixture fixture = new ArchiveFixture(disk, RandomGenerator.getDefault());
    fixture.history(1, 1);
    try (ArchiveWriter writer = fixture.open()) {
      Row mark =
          Row.in(Catalog.MARKS)
              .set(Catalog.Marks.ID, "m1")
              .set(Catalog.Marks.PRAYER, "nowhere")
              .set(Catalog.Marks.MEMBER, "nobody")
              .set(Catalog.Marks.CREATED_AT, 0L)
              .build();
      fixture.add(writer, mark);
      fixture.add(
          writer, mark.with(Values.of(Catalog.Marks.ID, "m2").and(Catalog.Marks.MEMBER, "system")));
      fixture.add(writer, mark.with(Values.of(Catalog.Marks.ID, "m3")));
      fixture.remove(writer, Catalog.MARKS, "m3");
      fixture.checkpoint(writer);
    }
    CheckReport report = ArchiveFixture.check(disk);
    assertThat(report.sound()).isTrue();
    assertThat(report.findings())
        .filteredOn(finding -> finding.code().equals("dangling-reference"))
        .extracting(Finding::toString)
        .containsExactly(
            "prayers/marks/2023_11_marks.txt:6: marks/m1 names in member nobody, which is not in"
                + " members; expected a row that is there",
            "prayers/marks/2023_11_marks.txt:6: marks/m1 names in prayer nowhere, which is not in"
                + " prayers; expected a row that is there",
            "prayers/marks/2023_11_marks.txt:7: marks/m2 names in prayer nowhere, which is not in"
                + " prayers; expected a row that is there");
  }

  @Test
  void check_filesOfOthers_areNamed() throws Exception {
    SimulatedDisk disk = ArchiveFixture.tiny();
    disk.replace("notes.txt", new byte[] {1});
    disk.replace("quarantine/old.txt", new byte[] {1});
    disk.replace("users/2023_11_users.txt.partial", new byte[] {1});
    disk.replace(".lock", new byte[] {1});
    disk.delete("README.txt");
    CheckReport report = ArchiveFixture.check(disk);
    assertThat(report.sound()).isTrue();
    assertThat(report.findings())
        .extracting(finding -> finding.severity() + " " + finding.code() + " " + finding.file())
        .containsExactly(
            "WARNING unknown-file notes.txt",
            "NOTE readme-missing README.txt",
            "NOTE quarantined quarantine/old.txt",
            "NOTE unfinished-file users/2023_11_users.txt.partial");
    assertThat(report.files()).isEqualTo(disk.list("").size() - 1);
  }

  @Test
  void check_filesThatAReaderWouldUse_areErrors() throws Exception {
    Map<String, byte[]> files = ArchiveFixture.files(ArchiveFixture.tiny());
    for (String name :
        List.of(
            "users/2031_01_users.txt",
            "journal/2031_01_000000000002.txt",
            "prayers/2031/01/2031_01_01_prayer_at_0000_p9.txt",
            "roles/role_definitions.txt")) {
      for (byte[] content :
          List.of(new byte[0], Objects.requireNonNull(files.get("users/2023_11_users.txt")))) {
        if (content.length > 0 || !name.startsWith("journal")) {
          assertThat(ArchiveFixture.check(ArchiveFixture.with(files, name, content)))
              .as(name)
              .matches(report -> ArchiveFixture.names(report, name));
        }
      }
    }
  }

  @Test
  void check_rowsThatDoNotFitTheOnesBefore_areErrors() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveFixture fixture = new ArchiveFixture(disk, RandomGenerator.getDefault());
    fixture.history(1, 1);
    Row mark = Row.in(Catalog.MARKS).set(Catalog.Marks.ID, "m1").build();
    try (ArchiveWriter writer = fixture.open()) {
      fixture.append(writer, List.of(Map.entry(Operation.CHANGED, mark)), Change.Cause.by("mary"));
      fixture.append(writer, List.of(Map.entry(Operation.ADDED, mark)), Change.Cause.by("mary"));
      fixture.append(writer, List.of(Map.entry(Operation.ADDED, mark)), Change.Cause.by("mary"));
      fixture.append(writer, List.of(Map.entry(Operation.REMOVED, mark)), Change.Cause.by("mary"));
      fixture.append(writer, List.of(Map.entry(Operation.REMOVED, mark)), Change.Cause.by("mary"));
      fixture.checkpoint(writer);
    }
    assertThat(ArchiveFixture.damage(ArchiveFixture.check(disk)))
        .extracting(finding -> finding.code() + " " + finding.line())
        .containsExactly("row-absent 6", "row-added-twice 8", "row-absent 10");
  }

  @Test
  void check_snapshotWithKeysThatLookLikeItsOwnLines_isRight() throws Exception {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), RandomGenerator.getDefault());
    fixture.history(1, 1);
    try (ArchiveWriter writer = fixture.open()) {
      for (String name : List.of("# comment", "as_of", "check", "#|", "last")) {
        fixture.add(
            writer,
            Row.in(Catalog.FEATURE_FLAGS)
                .set(Catalog.FeatureFlags.NAME, name)
                .set(Catalog.FeatureFlags.ENABLED, true)
                .build());
        fixture.checkpoint(writer);
      }
    }
    assertThat(ArchiveFixture.damage(ArchiveFixture.check(fixture.disk()))).isEmpty();
  }

  @Test
  void check_linesThatAreSoundOneByOneButNotTogether_areErrors() throws Exception {
    Map<String, byte[]> files = ArchiveFixture.files(ArchiveFixture.tiny());
    String mark = "prayers/marks/2023_11_marks.txt";
    Map<String, byte[]> earlier =
        ArchiveFixture.rewritten(files, mark, Catalog.MARKS, "T11:00", "T09:00");
    assertThat(ArchiveFixture.check(earlier).findings())
        .extracting(finding -> finding.code() + " " + finding.file() + ":" + finding.line())
        .contains(
            "time-backwards " + mark + ":6", "transaction-cut system/2023_11_feature_flags.txt:7");
    Map<String, byte[]> cut =
        ArchiveFixture.rewritten(files, mark, Catalog.MARKS, "|4-5|", "|4-4|");
    assertThat(ArchiveFixture.check(cut).findings())
        .extracting(finding -> finding.code() + " " + finding.file() + ":" + finding.line())
        .contains(
            "transaction-cut system/2023_11_feature_flags.txt:7",
            "journal-differs journal/2023_11_000000000001.txt:9");
    Map<String, byte[]> strayed =
        ArchiveFixture.rewritten(files, mark, Catalog.MARKS, "2023-11-20", "2023-12-20");
    assertThat(ArchiveFixture.check(strayed).findings())
        .extracting(finding -> finding.code() + " " + finding.file() + ":" + finding.line())
        .contains("wrong-period " + mark + ":6");
    Map<String, byte[]> other =
        ArchiveFixture.rewritten(files, mark, Catalog.MARKS, "|added|4|", "|added|5|");
    assertThat(ArchiveFixture.check(other).findings())
        .extracting(finding -> finding.code() + " " + finding.file() + ":" + finding.line())
        .contains(
            "seq-doubled system/2023_11_feature_flags.txt:7",
            "seq-doubled " + mark + ":6",
            "seq-gap " + mark + ":0");
  }
}
