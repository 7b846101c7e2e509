package org.thywill.operations.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.thywill.operations.SmallCommunity.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.SmallCommunity;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.Rebuild;

/**
 * A drill is green when a recovery would give back what is there, and red with the right cause
 * otherwise.
 */
class DrillTest {
  private static final InstantSource CLOCK = () -> Instant.parse("2026-11-20T03:00:00Z");
  private static Path played = Path.of("");
  private final Path archive;
  private final Path database;
  private long nanos;

  DrillTest(@TempDir Path folder) {
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

  private Drill drill(Drill.Rebuilder rebuilder) {
    return new Drill(
        archive, database, CLOCK, () -> nanos += 1_500_000_000L, ProgressListener.NONE, rebuilder);
  }

  private Drill.Result run() throws IOException {
    return drill(Rebuild::into).run(null, "drill1");
  }

  private static List<String> causes(Drill.Result result) {
    return result.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .map(Finding::code)
        .toList();
  }

  private Optional<DrillReport> kept() throws IOException {
    try (SqliteReader view = SqliteReader.open(database)) {
      return view.find(Catalog.OPERATIONS, "drill1").flatMap(DrillReport::of);
    }
  }

  private static void sql(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  @Test
  void drill_ofASoundCommunity_isGreenAndKeptInTheArchive() throws IOException {
    Drill.Result result = run();
    assertThat(result.findings()).isEmpty();
    assertThat(result.equal()).isTrue();
    assertThat(result.digestRebuilt()).isEqualTo(result.digestLive()).hasSize(64);
    assertThat(result.recorded()).isPresent();
    assertThat(kept()).contains(result.report());
    assertThat(result.report().green()).isTrue();
    assertThat(result.report().seconds()).isEqualTo(1.5);
    assertThat(run2().report().green())
        .as("and a drill after it compares also what the first one wrote")
        .isTrue();
  }

  private Drill.Result run2() throws IOException {
    return drill(Rebuild::into).run(null, "drill2");
  }

  @Test
  void drill_afterARowOfTheLiveDatabaseWasChangedByHand_isRedAndNamesTheCell()
      throws IOException, SQLException {
    sql(
        database,
        "UPDATE members SET display_name = 'Mallory' WHERE handle = (SELECT min(handle) FROM"
            + " members)");
    Drill.Result result = run();
    assertThat(causes(result)).containsExactly(Drill.CHANGED_BY_HAND);
    assertThat(result.findings().getFirst().message()).contains("table members");
    assertThat(result.findings().getFirst().next()).isEqualTo("thywill recover --only users");
    assertThat(result.equal()).isFalse();
    assertThat(result.differences().differences()).hasSize(1);
    assertThat(result.differences().differences().getFirst().column()).isEqualTo("display_name");
    assertThat(result.differences().differences().getFirst().a()).contains("Mallory");
    assertThat(kept().orElseThrow().causes()).isEqualTo(Drill.CHANGED_BY_HAND);
    assertThat(kept().orElseThrow().green()).isFalse();
  }

  @Test
  void drill_afterATableWasDropped_isRedAndSaysWhich() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DROP TABLE role_assignments");
    }
    Drill.Result result = run();
    assertThat(causes(result)).containsExactly(Drill.CHANGED_BY_HAND);
    assertThat(result.findings().getFirst().message()).contains("no table role_assignments");
  }

  @Test
  void drill_afterALogLostALine_isRedAndNamesTheLogThoughTheJournalStillHasIt() throws IOException {
    Path log = aLog(archive);
    String line = Files.readAllLines(log).get(2);
    Files.writeString(log, Files.readString(log).replace(line + "\n", ""));
    byte[] damaged = Files.readAllBytes(log);
    Drill.Result result = run();
    assertThat(result.report().green()).isFalse();
    List<Finding> errors =
        result.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .toList();
    assertThat(errors)
        .isNotEmpty()
        .allSatisfy(
            finding -> assertThat(finding.file()).isEqualTo(archive.relativize(log).toString()));
    assertThat(errors).noneMatch(finding -> finding.code().equals(Drill.CHANGED_BY_HAND));
    assertThat(result.recorded()).as("nothing is added to a damaged archive").isEmpty();
    assertThat(result.findings())
        .anyMatch(
            finding ->
                finding.code().equals(Drill.UNRECORDED)
                    && finding.next().equals("thywill repair-archives"));
    assertThat(Files.readAllBytes(log)).isEqualTo(damaged);
  }

  @Test
  void drill_whoseRebuildDropsARow_isRedAndBlamesTheRebuild() throws IOException {
    Drill.Result result =
        drill(
                (scratch, reader, until, progress) -> {
                  Rebuild.Result built = Rebuild.into(scratch, reader, until, progress);
                  try {
                    sql(scratch, "DELETE FROM marks WHERE id = (SELECT min(id) FROM marks)");
                  } catch (SQLException e) {
                    throw new IOException(e);
                  }
                  return built;
                })
            .run(null, "drill1");
    assertThat(causes(result)).containsExactly(Drill.REBUILD_DIFFERS);
    assertThat(result.findings().getFirst().message()).contains("table marks");
    assertThat(result.differences().counts()).containsExactly(Map.entry("marks", 1L));
    assertThat(kept().orElseThrow().causes()).isEqualTo(Drill.REBUILD_DIFFERS);
  }

  @Test
  void drill_fromACopy_comparesUpToWhereTheCopyGoes_andNamesItsDamage(@TempDir Path elsewhere)
      throws IOException {
    Path copy = elsewhere.resolve("copy");
    copy(archive, copy);
    assertThat(run().report().green()).isTrue(); // one change that the copy does not have
    Drill.Result behind = drill(Rebuild::into).run(copy, "drill2");
    assertThat(behind.report().green()).isTrue();
    assertThat(behind.findings()).extracting(Finding::code).containsExactly(Drill.COPY_BEHIND);
    assertThat(behind.equal()).isTrue();
    for (Path journal : files(copy.resolve("journal"))) {
      if (!journal.getFileName().toString().startsWith("head")) {
        Files.delete(journal);
      }
    }
    Path log = aLog(copy);
    Files.writeString(log, Files.readString(log).replace("|", "/"));
    Drill.Result red = drill(Rebuild::into).run(copy, "drill3");
    assertThat(red.report().green()).isFalse();
    assertThat(red.recorded()).as("the archive itself is sound, so the report is kept").isPresent();
  }

  @Test
  void drill_whileAnotherHoldsTheArchive_comparesAndSaysThatItsReportCouldNotBeKept()
      throws IOException {
    try (ArchiveLock _ = ArchiveLock.acquire(archive, "now")) {
      Drill.Result result = run();
      assertThat(result.report().green()).isTrue();
      assertThat(result.recorded()).isEmpty();
      assertThat(result.findings()).extracting(Finding::code).containsExactly(Drill.UNRECORDED);
      assertThat(result.findings().getFirst().message())
          .contains("another process holds the archive", "Stop it and drill again");
    }
  }

  @Test
  void drill_withoutALiveDatabase_isRefused() throws IOException {
    Files.delete(database);
    assertThatThrownBy(this::run)
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("Run: thywill recover");
  }

  private static Path aLog(Path archive) throws IOException {
    return files(archive.resolve("users")).getFirst();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
