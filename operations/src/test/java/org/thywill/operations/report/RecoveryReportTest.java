package org.thywill.operations.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.thywill.operations.SmallCommunity.copy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.SmallCommunity;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.recovery.Recovery;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;

/**
 * Can this community be rebuilt today? The report says yes only if it can, and otherwise what is in
 * the way.
 */
class RecoveryReportTest {
  private static final Instant NOW = Instant.parse("2026-11-20T03:00:00Z");
  private static final Path OTHER_DISK = Path.of("/dev/shm");
  private static Path played = Path.of("");
  private final Path folder;
  private final Path archive;
  private final Path database;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Path> elsewhere = new ArrayList<>();
  private Optional<Boolean> clockIsKept = Optional.of(true);
  private int drills;

  RecoveryReportTest(@TempDir Path folder) {
    this.folder = folder;
    archive = folder.resolve("text_archives");
    database = folder.resolve("community.db");
  }

  @BeforeAll
  static void play(@TempDir Path once) throws IOException {
    played = once;
    SmallCommunity.play(once.resolve("text_archives"), once.resolve("community.db"));
  }

  @BeforeEach
  void live() throws IOException {
    copy(played.resolve("text_archives"), archive);
    copy(played.resolve("community.db"), database);
  }

  @AfterEach
  void leaveTheOtherDisk() throws IOException {
    for (Path copy : elsewhere) {
      ArchiveFolders.delete(copy);
    }
  }

  private RecoveryReport report(Instant now) throws IOException {
    return new RecoveryReporter(
            archive, database, new Configuration(environment, Map.of()), () -> clockIsKept, now)
        .make(ProgressListener.NONE);
  }

  private RecoveryReport report() throws IOException {
    return report(NOW);
  }

  private Drill.Result drill(@Nullable Path from) throws IOException {
    long[] nanos = {0};
    return new Drill(
            archive,
            database,
            InstantSource.fixed(NOW),
            () -> nanos[0] += 1_500_000_000L,
            ProgressListener.NONE)
        .run(from, "drill" + drills++);
  }

  private static RecoveryReport.Contents contents(RecoveryReport report) {
    return Objects.requireNonNull(report.contents());
  }

  private static List<String> codes(RecoveryReport report) {
    return report.findings().stream().map(Finding::code).toList();
  }

  private static Finding finding(RecoveryReport report, String code) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + code + " in " + report.findings()));
  }

  private static boolean isMet(RecoveryReport report, ReadinessRequirement need) {
    return report.requirements().stream()
        .filter(each -> each.requirement() == need)
        .findFirst()
        .orElseThrow()
        .met();
  }

  private static ArchiveCopies.Location second(RecoveryReport report) {
    assertThat(report.locations()).hasSize(2);
    return report.locations().get(1);
  }

  private Path copyTo(Path parent) throws IOException {
    Path copy = Files.createTempDirectory(parent, "thywill-copy-").resolve("text_archives");
    elsewhere.add(copy.getParent());
    copy(archive, copy);
    environment.put(Configuration.LOCATIONS, copy.toString());
    return copy;
  }

  /**
   * A copy counts as safe only on another disk than the archive; that can be seen only on a machine
   * that has two.
   */
  private static void requireAnotherDisk(Path folder) throws IOException {
    assumeTrue(
        Files.isWritable(OTHER_DISK)
            && !Files.getFileStore(OTHER_DISK).equals(Files.getFileStore(folder)),
        "this machine has no second disk");
  }

  @Test
  void soundArchive_neverDrilledNorCopied_isReadyAndSaysWhatIsMissingForProduction()
      throws IOException {
    RecoveryReport report = report();
    assertThat(report.ready()).isTrue();
    assertThat(report.obstacle()).isEmpty();
    assertThat(codes(report)).containsExactly("drill-missing", "copies-few", "secret-missing");
    assertThat(finding(report, "drill-missing").next()).isEqualTo("thywill test-recovery");
    assertThat(finding(report, "secret-missing").message()).contains("THYWILL_SERVER_KEY");
    assertThat(
            report.requirements().stream()
                .filter(RecoveryReport.Requirement::met)
                .map(RecoveryReport.Requirement::requirement))
        .containsExactly(ReadinessRequirement.OWNER_ONLY, ReadinessRequirement.CLOCK);
    assertThat(report.readyForMembers()).isFalse();
    assertThat(report.measured()).isFalse();
    assertThat(report.estimateSeconds().orElseThrow()).isBetween(1.0, 2.0);
    assertThat(report.locations())
        .singleElement()
        .satisfies(own -> assertThat(own.state()).isEqualTo(ArchiveCopies.State.OWN));
  }

  @Test
  void everyTable_isCoveredWithItsRows() throws IOException {
    RecoveryReport report = report();
    assertThat(
            report.groups().stream()
                .flatMap(group -> group.tables().stream())
                .map(RecoveryReport.Covered::table))
        .containsExactlyInAnyOrderElementsOf(Catalog.TABLES);
    Recovery.Result recovered =
        new Recovery(archive, folder.resolve("new.db"), ProgressListener.NONE, "now")
            .run(new Recovery.Plan(PointInTime.NOW, Set.of(), false, true));
    for (RecoveryReport.Group group : report.groups()) {
      for (RecoveryReport.Covered covered : group.tables()) {
        assertThat(covered.rows())
            .as(covered.table().name())
            .isEqualTo(recovered.tables().get(covered.table().name()));
        assertThat(covered.logs() > 0).as(covered.table().name()).isEqualTo(covered.bytes() > 0);
      }
    }
    assertThat(contents(report).changes()).isEqualTo(recovered.changes());
    assertThat(contents(report).gaps()).isEmpty();
  }

  @Test
  void lastDrill_givesTheEstimate_andIsAFindingWhenItIsOld() throws IOException {
    assertThat(drill(null).report().green()).isTrue();
    RecoveryReport fresh = report();
    assertThat(codes(fresh)).doesNotContain("drill-missing", "drill-old");
    assertThat(isMet(fresh, ReadinessRequirement.DRILL)).isTrue();
    assertThat(fresh.measured()).isTrue();
    assertThat(fresh.estimateSeconds().orElseThrow()).isBetween(1.5, 1.51);
    assertThat(fresh.drill().orElseThrow().at()).isEqualTo(NOW);

    RecoveryReport afterAMonth = report(NOW.plus(Duration.ofDays(31)));
    assertThat(finding(afterAMonth, "drill-old").severity()).isEqualTo(Finding.Severity.NOTE);
    assertThat(isMet(afterAMonth, ReadinessRequirement.DRILL)).isTrue();
    RecoveryReport afterAQuarter = report(NOW.plus(Duration.ofDays(93)));
    assertThat(finding(afterAQuarter, "drill-old").severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(finding(afterAQuarter, "drill-old").message())
        .isEqualTo("the last drill was made 93 days ago; expected within 92, better within 30");
    assertThat(isMet(afterAQuarter, ReadinessRequirement.DRILL)).isFalse();
    assertThat(afterAQuarter.ready())
        .as("an old drill is a reason to drill, not to doubt a sound archive")
        .isTrue();
  }

  @Test
  void redDrill_isInTheWay_untilAGreenOneFollows() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate("DELETE FROM marks WHERE id = (SELECT min(id) FROM marks)"))
          .isEqualTo(1);
    }
    Drill.Result red = drill(null);
    assertThat(red.report().green()).isFalse();
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(report.obstacle()).contains("the last drill was red: " + red.report().causes());
    assertThat(isMet(report, ReadinessRequirement.DRILL)).isFalse();

    new Recovery(archive, database, ProgressListener.NONE, "now")
        .run(new Recovery.Plan(PointInTime.NOW, Set.of(), true, false));
    assertThat(drill(null).report().green()).isTrue();
    assertThat(report().ready()).isTrue();
  }

  @Test
  void damagedLog_isNamedWithFileAndLine() throws IOException {
    Path log;
    try (var files = Files.list(archive.resolve("users"))) {
      log = files.sorted().findFirst().orElseThrow();
    }
    String line = Files.readAllLines(log).get(5);
    Files.writeString(log, Files.readString(log).replace(line, line.replace("|added|", "|addde|")));
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(report.obstacle().orElseThrow()).startsWith(archive.relativize(log) + ":6: ");
    assertThat(report.groups()).as("what is covered is known all the same").hasSize(6);
    assertThat(finding(report, "drill-missing").next()).isEqualTo("thywill repair-archives");
  }

  @Test
  void archiveThatCannotBeOpened_isAReportAndNoError() throws IOException {
    List<Path> names;
    try (Stream<Path> files = Files.walk(archive)) {
      names = files.filter(Files::isRegularFile).map(archive::relativize).toList();
    }
    for (Path name : names) {
      Files.writeString(archive.resolve(name), "rubbish\n");
    }
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(report.obstacle().orElseThrow()).contains("archive.copy.txt");
    assertThat(report.contents()).isNull();
    assertThat(report.groups()).isEmpty();
    assertThat(report.estimateSeconds()).isEmpty();
    assertThat(report.findings().getFirst().next()).isEqualTo("thywill repair-archives");
    Path copy = copyTo(folder);
    for (Path name : names) {
      Files.copy(
          played.resolve("text_archives").resolve(name),
          copy.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(report().findings().getFirst().next())
        .isEqualTo("thywill repair-archives --from " + copy);
    assertThat(report.locations().getFirst().state()).isEqualTo(ArchiveCopies.State.OWN_BROKEN);
    assertThat(RecoveryReportPage.of(report)).contains("Not as it stands.", "archive.copy.txt");
  }

  @Test
  void archiveThatIsGone_isAReportThatNamesTheBestCopy() throws IOException {
    Path copy = copyTo(folder);
    ArchiveFolders.delete(archive);
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(report.obstacle())
        .contains("the archive cannot be opened: " + archive + ": no archive there");
    assertThat(finding(report, "copy-helps").next()).isEqualTo("cp -a " + copy + " " + archive);
    assertThat(second(report).sameDisk()).as("the disk of the folder that it was in").isTrue();
    assertThat(isMet(report, ReadinessRequirement.SECOND_LOCATION)).isFalse();
    assertThat(second(report).state()).isEqualTo(ArchiveCopies.State.READABLE);
    assertThat(second(report).seq()).isPositive();
    copy(copy, archive);
    assertThat(report().ready()).isTrue();
  }

  @Test
  void archiveOfANewerFormat_isAReport() throws IOException {
    for (String name : List.of("archive.txt", "archive.copy.txt")) {
      Path file = archive.resolve(name);
      String text = Files.readString(file).replace("format|1-draft", "format|7");
      String body = text.substring(0, text.lastIndexOf("check|") + 6);
      CRC32 crc = new CRC32();
      crc.update(body.getBytes(StandardCharsets.UTF_8));
      Files.writeString(file, body + "%08x\n".formatted(crc.getValue()));
    }
    assertThat(report().obstacle().orElseThrow())
        .startsWith("the archive cannot be opened: ")
        .contains("format 7");
  }

  @Test
  void copy_onAnotherDisk_counts_andOneOnTheSameDiskDoesNot() throws IOException {
    copyTo(folder);
    RecoveryReport same = report();
    assertThat(second(same).state()).isEqualTo(ArchiveCopies.State.CURRENT);
    assertThat(second(same).sameDisk()).isTrue();
    assertThat(finding(same, "copies-few").message())
        .startsWith("every usable copy of the archive is on the archive's own disk");
    assertThat(isMet(same, ReadinessRequirement.SECOND_LOCATION)).isFalse();

    requireAnotherDisk(folder);
    copyTo(OTHER_DISK);
    RecoveryReport other = report();
    assertThat(second(other).state()).isEqualTo(ArchiveCopies.State.CURRENT);
    assertThat(codes(other)).doesNotContain("copies-few", "copy-old");
    assertThat(isMet(other, ReadinessRequirement.SECOND_LOCATION)).isTrue();
  }

  @Test
  void copy_thatLacksChanges_isAsOldAsTheFirstThatItLacks() throws IOException {
    copyTo(folder);
    long copied = contents(report()).changes();
    drill(null); // a change at NOW, weeks after the one before it
    ArchiveCopies.Location behind = second(report(NOW.plus(Duration.ofHours(5))));
    assertThat(behind.state()).isEqualTo(ArchiveCopies.State.BEHIND);
    assertThat(behind.seq()).isEqualTo(copied);
    assertThat(behind.age()).isEqualTo(Duration.ofHours(5));
    assertThat(codes(report(NOW.plus(Duration.ofHours(5))))).doesNotContain("copy-old");
    RecoveryReport later = report(NOW.plus(Duration.ofDays(3)));
    assertThat(finding(later, "copy-old").message())
        .contains(
            "ends with change " + copied + " and has lacked newer ones, 1 by now, for 3 days");
    assertThat(isMet(later, ReadinessRequirement.SECOND_LOCATION)).isFalse();
  }

  @Test
  void copies_thatAreNone_areSaidToBeUnusable() throws IOException {
    Path copy = copyTo(folder);
    try (var files = Files.list(copy.resolve("users"))) {
      Files.delete(files.sorted().findFirst().orElseThrow());
    }
    Path other = folder.resolve("other");
    SmallCommunity.play(other, folder.resolve("other.db"), 5);
    environment.put(
        Configuration.LOCATIONS,
        copy + ", " + other + "," + archive + ", " + folder.resolve("nowhere") + ",");
    RecoveryReport report = report();
    assertThat(report.locations()).hasSize(5);
    List<String> remarks =
        report.locations().stream().skip(1).map(ArchiveCopies.Location::remark).toList();
    assertThat(remarks.get(0)).startsWith("is damaged: users/");
    assertThat(remarks.subList(1, 4))
        .containsExactly(
            "is the archive of another community",
            "is the archive itself, not a copy of it",
            "is not there");
    assertThat(report.locations().get(4).state()).isEqualTo(ArchiveCopies.State.UNREACHABLE);
    assertThat(codes(report))
        .containsSubsequence(
            "copy-unusable", "copy-unusable", "copy-unusable", "copy-unusable", "copies-few");
    assertThat(report.ready()).as("the archive itself is sound").isTrue();
  }

  @Test
  void archiveThatIsOlderThanItsCopyAndItsDatabase_isNotReady() throws IOException {
    Path old = folder.resolve("old");
    copy(archive, old);
    drill(null);
    Path copy = copyTo(folder);
    ArchiveFolders.delete(archive);
    copy(old, archive);
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(codes(report)).contains("copy-ahead", Drill.ARCHIVE_BEHIND);
    assertThat(second(report).state()).isEqualTo(ArchiveCopies.State.AHEAD);
    assertThat(finding(report, "copy-ahead").next())
        .isEqualTo("thywill repair-archives --from " + copy);
  }

  /** A copy that got changes of its own has lower numbers, and yet is not an older copy. */
  @Test
  void copyThatWentOnByItself_isAnotherHistory_andNoCopy() throws IOException {
    Path copy = copyTo(folder);
    Path copiedDatabase = folder.resolve("copy.db");
    copy(database, copiedDatabase);
    long common = contents(report()).changes();
    new Drill(copy, copiedDatabase, InstantSource.fixed(NOW), () -> 0, ProgressListener.NONE)
        .run(null, "there");
    drill(null);
    drill(null);
    RecoveryReport report = report();
    assertThat(report.ready()).isFalse();
    assertThat(second(report).state()).isEqualTo(ArchiveCopies.State.FORKED);
    assertThat(second(report).isUsable()).isFalse();
    assertThat(finding(report, "copy-forked").message())
        .contains("another history from change " + (common + 1) + " on");
    assertThat(finding(report, "copy-forked").next())
        .isEqualTo("thywill join --from " + copy + " --dry-run");
    assertThat(isMet(report, ReadinessRequirement.SECOND_LOCATION)).isFalse();
  }

  @Test
  void redDrillOfACopy_isAWarning() throws IOException {
    Path copy = copyTo(folder);
    try (var files = Files.list(copy.resolve("users"))) {
      Path log = files.sorted().findFirst().orElseThrow();
      Files.writeString(log, Files.readString(log).replace("|added|", "|addde|"));
    }
    assertThat(drill(copy).report().green()).isFalse();
    RecoveryReport report = report();
    assertThat(finding(report, "drill-red").severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(finding(report, "drill-red").next())
        .isEqualTo("thywill test-recovery --from " + copy);
    assertThat(report.ready()).isTrue();
  }

  @Test
  void filesThatOthersMayRead_areNamed_withTheCommandThatMendsIt()
      throws IOException, InterruptedException {
    assumeTrue(
        Files.getFileStore(archive).supportsFileAttributeView("posix"),
        "this file system has no permissions for owner, group and others");
    Files.setPosixFilePermissions(
        archive.resolve("README.txt"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));
    RecoveryReport report = report();
    assertThat(finding(report, "owner-only").file()).isEqualTo("README.txt");
    assertThat(finding(report, "owner-only").message())
        .startsWith("1 file of the archive can be read");
    assertThat(isMet(report, ReadinessRequirement.OWNER_ONLY)).isFalse();
    for (String code : List.of("owner-only", "owner-only-database")) {
      assertThat(new ProcessBuilder("sh", "-c", finding(report, code).next()).start().waitFor())
          .isZero();
    }
    assertThat(isMet(report(), ReadinessRequirement.OWNER_ONLY)).isTrue();
  }

  @Test
  void clock_isRight_behindTheLastChange_adrift_orUnproven() throws IOException {
    assertThat(isMet(report(), ReadinessRequirement.CLOCK)).isTrue();
    RecoveryReport behind = report(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(finding(behind, "clock-behind").message())
        .startsWith("the clock says 2020-01-01T00:00:00Z, but the last change was made at 2026-");
    assertThat(isMet(behind, ReadinessRequirement.CLOCK)).isFalse();
    clockIsKept = Optional.of(false);
    assertThat(isMet(report(), ReadinessRequirement.CLOCK)).isFalse();
    assertThat(codes(report())).contains("clock-adrift");
    clockIsKept = Optional.empty();
    assertThat(finding(report(), "clock-unproven").severity()).isEqualTo(Finding.Severity.NOTE);
  }

  @Test
  void brokenDatabase_isAWarning_sinceTheArchiveIsTheTruth() throws IOException {
    Files.writeString(database, "not a database at all, ".repeat(50));
    RecoveryReport report = report();
    assertThat(report.ready()).isTrue();
    assertThat(finding(report, "database-unreadable").next())
        .isEqualTo("thywill recover --replace");
    Files.delete(database);
    assertThat(finding(report(), "database-missing").next()).isEqualTo("thywill recover");
  }

  @Test
  void goLive_ofANewCommunity_isReadyWhenEverythingThatIsNamedIsDone() throws IOException {
    requireAnotherDisk(folder);
    ArchiveFolders.delete(archive);
    Files.delete(database);
    Ledger.found(archive, "c0ffee", InstantSource.fixed(NOW.minusSeconds(60)));
    Ledger.open(archive, database, InstantSource.fixed(NOW.minusSeconds(30)), ProgressListener.NONE)
        .close();
    RecoveryReport before = report();
    assertThat(codes(before))
        .containsExactly("drill-missing", "copies-few", "secret-missing", "not-open-yet");
    assertThat(before.readyForMembers()).isFalse();

    assertThat(drill(null).report().green()).isTrue();
    copyTo(OTHER_DISK);
    environment.put("THYWILL_SERVER_KEY", "an invented one");
    RecoveryReport after = report();
    assertThat(codes(after)).containsExactly("not-open-yet");
    assertThat(after.readyForMembers()).isTrue();
  }

  @Test
  void secretsAndWhatElsePeopleMustDo_areNamed_butNoValueOfThem() throws IOException {
    environment.put("AI_PROVIDER", "anthropic");
    environment.put("THYWILL_SERVER_KEY", "hunter2");
    RecoveryReport report = report();
    assertThat(report.afterwards())
        .contains(
            "Set the secret ANTHROPIC_API_KEY in the environment of the server: needed with"
                + " AI_PROVIDER=anthropic; from the account there.");
    assertThat(report.toString() + RecoveryReportPage.of(report)).doesNotContain("hunter2");
  }
}
