package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Digest;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.SmallCommunity;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * What a recovery says of a database that was changed by hand is what is in the file, whichever
 * groups it brings back; and changes that only the database has are not given up unasked.
 */
@Tag("slow")
class GroupRecoveryTest {
  private static final int TRIALS = Seeds.times(200);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private String recorded = "";

  @BeforeEach
  void live() throws IOException {
    SmallCommunity.play(archive(), folder.resolve("sound.db"));
    try (SqliteReader view = SqliteReader.open(folder.resolve("sound.db"))) {
      recorded = view.computeDigest().hex();
    }
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private void restore() throws IOException {
    Files.copy(folder.resolve("sound.db"), database(), StandardCopyOption.REPLACE_EXISTING);
  }

  private Recovery.Result recover(Set<RecoveryGroup> only) throws IOException {
    return recover(new Recovery.Plan(PointInTime.NOW, only, false, false));
  }

  private Recovery.Result recover(Recovery.Plan plan) throws IOException {
    return new Recovery(archive(), database(), ProgressListener.NONE, "now").run(plan);
  }

  private Digest digestOfFile() throws IOException {
    try (CommunitySource source = CommunitySource.database(database())) {
      return source.view().computeDigest();
    }
  }

  private void byHand(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void edit(Table table, RandomGenerator random) throws SQLException {
    switch (random.nextInt(4)) {
      case 0 -> byHand("DELETE FROM " + table.name());
      case 1 ->
          byHand(
              "DELETE FROM "
                  + table.name()
                  + " WHERE rowid IN (SELECT max(rowid) FROM "
                  + table.name()
                  + ")");
      case 2 -> byHand("DROP TABLE " + table.name());
      default ->
          byHand("UPDATE " + table.name() + " SET " + anyText(table) + " = 'changed by hand'");
    }
  }

  /** A column of texts that is not the key, which would break the index. */
  private static String anyText(Table table) {
    return table.columns().stream()
        .filter(column -> column.type() == ColumnType.TEXT && !column.equals(table.keyColumn()))
        .map(Column::name)
        .findFirst()
        .orElse("_seq");
  }

  private static <T> Set<T> anyOf(List<T> all, int most, RandomGenerator random) {
    return random
        .ints(1 + random.nextInt(most), 0, all.size())
        .mapToObj(all::get)
        .collect(Collectors.toSet());
  }

  @Test
  void anyTablesChangedByHand_anyGroupsRecovered_theDigestIsThatOfTheFile()
      throws IOException, SQLException {
    long seed = Seeds.seed("GroupRecoveryTest");
    int differing = 0;
    for (int i = 0; i < TRIALS; i++) {
      RandomGenerator random = Seeds.random(seed + i);
      restore();
      Set<Table> edited = anyOf(Catalog.TABLES, 4, random);
      for (Table table : edited) {
        edit(table, random);
      }
      Set<RecoveryGroup> only =
          EnumSet.copyOf(anyOf(Arrays.asList(RecoveryGroup.values()), 3, random));
      String trial = "seed " + (seed + i) + ": " + edited + " edited, " + only + " recovered";
      differing += check(trial, recover(only), only) ? 0 : 1;
    }
    assertThat(differing).as("recoveries that left something wrong").isBetween(1, TRIALS - 1);
  }

  /** Checks what was said of the file; then does what the finding says. */
  private boolean check(String trial, Recovery.Result result, Set<RecoveryGroup> only)
      throws IOException {
    Digest found = digestOfFile();
    assertThat(result.digest().hex()).as(trial).isEqualTo(found.hex());
    assertThat(result.equal()).as(trial).isEqualTo(found.hex().equals(recorded));
    if (result.equal()) {
      assertThat(result.findings()).as(trial).isEmpty();
      return true;
    }
    Finding finding = result.findings().getFirst();
    assertThat(finding.code()).as(trial).isEqualTo(Recovery.DIFFERS);
    assertThat(finding.next()).as(trial).startsWith("thywill recover --only ");
    Set<RecoveryGroup> next =
        Arrays.stream(finding.next().substring("thywill recover --only ".length()).split(","))
            .map(word -> RecoveryGroup.of(word).orElseThrow())
            .collect(Collectors.toSet());
    assertThat(next).as(trial).doesNotContainAnyElementsOf(only);
    Recovery.Result after = recover(next);
    assertThat(after.equal()).as(trial).isTrue();
    assertThat(after.digest().hex()).as(trial).isEqualTo(recorded);
    return false;
  }

  @Test
  void oneGroupIsRecovered_anotherWasChanged_isNamed() throws IOException, SQLException {
    restore();
    byHand("UPDATE prayers SET text = 'changed by hand'");
    byHand("DELETE FROM roles");
    Recovery.Result result = recover(EnumSet.of(RecoveryGroup.ROLES));
    assertThat(result.equal()).isFalse();
    assertThat(result.digest().hex()).isEqualTo(digestOfFile().hex()).isNotEqualTo(recorded);
    assertThat(result.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
              assertThat(finding.message())
                  .isEqualTo(
                      "the database as a whole is not what the archive recorded: prayers differs");
              assertThat(finding.next()).isEqualTo("thywill recover --only prayers");
            });
  }

  @Test
  void databaseWithMoreChanges_isReplacedOnlyWhenThatIsAskedFor() throws IOException, SQLException {
    restore();
    long last;
    try (SqliteReader view = SqliteReader.open(database())) {
      last = view.state().seq();
    }
    byHand("UPDATE thywill_view SET seq = seq + 2");
    byte[] before = Files.readAllBytes(database());
    Recovery.Plan plan = new Recovery.Plan(PointInTime.NOW, Set.of(), true, false);
    assertThatThrownBy(() -> recover(plan))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining(
            "the database holds change "
                + (last + 2)
                + ", the archive ends with change "
                + last
                + ": the archive has lost 2 changes that the database still has")
        .hasMessageContaining("thywill repair-archives --from DIR")
        .hasMessageContaining("thywill recover --replace --older");
    assertThat(Files.readAllBytes(database())).isEqualTo(before);
    Recovery.Result result =
        recover(new Recovery.Plan(PointInTime.NOW, Set.of(), true, false, false, true, null));
    assertThat(result.equal()).isTrue();
    assertThat(result.digest().hex()).isEqualTo(recorded).isEqualTo(digestOfFile().hex());
    assertThat(result.keptAside()).isNotNull();
  }

  @Test
  void databaseThatCannotBeRead_isReplaced() throws IOException {
    Files.writeString(database(), "this is no database at all, and long enough to look like one");
    Recovery.Result result = recover(new Recovery.Plan(PointInTime.NOW, Set.of(), true, false));
    assertThat(result.equal()).isTrue();
  }
}
