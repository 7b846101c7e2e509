package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Imports a database into a community that was first imported from its texts.
 *
 * <p>Existing rows stay, missing rows are added, and every difference is reported.
 */
class LateDatabaseTest {
  private static final Pattern NAMED = Pattern.compile("(.+) of row (\\d+) .*");

  /** Columns that may differ: ids, which texts may lack, references to them, and secrets. */
  private static final Set<String> NAMES =
      Set.of("id", "role_id", "auth_request_id", "verification_code", "session.id");

  private static final Set<String> CODES =
      Set.of("differs-from-community", "more-exact-than-community", "empty-in-community");

  @TempDir Path folder;

  @Test
  void everyRowOfTheDatabase_isThereOnce_andEachDifferenceIsReported() throws Exception {
    Path database = OriginalFile.fixture(folder, "sample.db");
    for (List<Path> texts :
        List.of(List.of(TextSample.LIVE), List.of(TextSample.LIVE, TextSample.EXPORT))) {
      TextSample once = new TextSample();
      once.importTexts(List.of(database), new TextArchiveOptions(texts, null, false));
      TextSample late = new TextSample();
      long rows = late.importTexts(texts.toArray(Path[]::new)).rows();
      ImportReport report = late.importTexts(List.of(database), TextArchiveOptions.NONE);
      assertThat(rows + report.rows()).as("%s", texts).isEqualTo(889);
      assertThat(report.texts()).isEmpty();
      assertThat(counts(late)).isEqualTo(counts(once));
      assertThat(unreported(database, exported(late), report)).isEmpty();
      assertThat(
              late.importTexts(List.of(database), new TextArchiveOptions(texts, null, false))
                  .rows())
          .as("and again, with the texts")
          .isZero();
    }
  }

  /**
   * Rows of the database that differ from every row of the community in a column without a finding.
   */
  private static List<String> unreported(Path database, Path community, ImportReport report)
      throws SQLException {
    Map<String, Set<String>> reported = new HashMap<>();
    for (LegacyFinding finding : report.findings()) {
      Matcher matcher = NAMED.matcher(finding.message());
      if (CODES.contains(finding.code()) && matcher.matches()) {
        reported
            .computeIfAbsent(finding.file() + " " + matcher.group(2), _ -> new HashSet<>())
            .addAll(List.of(matcher.group(1).split(", ")));
      }
    }
    List<String> unreported = new ArrayList<>();
    for (LegacyTable table : LegacyLayout.tables()) {
      List<Map<String, String>> there = new ArrayList<>(rows(community, table.name()));
      Function<Map<String, String>, Set<String>> mayDiffer =
          row ->
              reported.getOrDefault("sample.db:" + table.name() + " " + row.get("rowid"), Set.of());
      List<Map<String, String>> strictestFirst = rows(database, table.name());
      strictestFirst.sort(Comparator.comparingInt(row -> mayDiffer.apply(row).size()));
      for (Map<String, String> row : strictestFirst) {
        Set<String> differing = mayDiffer.apply(row);
        Optional<Map<String, String>> same =
            there.stream().filter(other -> isSame(row, other, differing)).findFirst();
        same.ifPresentOrElse(
            there::remove,
            () -> unreported.add(table.name() + " " + row + " but for " + differing));
      }
    }
    return unreported;
  }

  private static boolean isSame(
      Map<String, String> row, Map<String, String> other, Set<String> differing) {
    return row.keySet().stream()
        .allMatch(
            column ->
                column.equals("rowid")
                    || NAMES.contains(column)
                    || differing.contains(column)
                    || row.getOrDefault(column, "").equals(other.getOrDefault(column, ""))
                    || isHash(row.getOrDefault(column, ""), other.getOrDefault(column, "")));
  }

  private static boolean isHash(String value, String other) {
    return other.startsWith("sha256:")
        && OriginalFile.text(other).equals(OriginalFile.hashed(OriginalFile.text(value)));
  }

  private static List<Map<String, String>> rows(Path file, String table) throws SQLException {
    List<Map<String, String>> all = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement query = connection.createStatement()) {
      boolean exists =
          query
                  .executeQuery("SELECT count(*) FROM sqlite_master WHERE name = '" + table + "'")
                  .getInt(1)
              == 1;
      try (ResultSet rows =
          query.executeQuery(
              exists ? "SELECT rowid, * FROM \"" + table + "\"" : "SELECT 1 WHERE 0")) {
        while (rows.next()) {
          Map<String, String> row = new LinkedHashMap<>();
          row.put("rowid", rows.getString(1));
          for (int i = 2; i <= rows.getMetaData().getColumnCount(); i++) {
            row.put(rows.getMetaData().getColumnName(i), String.valueOf(rows.getString(i)));
          }
          all.add(row);
        }
      }
    }
    return all;
  }

  private Map<String, Integer> counts(TextSample sample) throws Exception {
    Path file = exported(sample);
    Map<String, Integer> counts = new TreeMap<>();
    for (LegacyTable table : LegacyLayout.tables()) {
      counts.put(table.name(), rows(file, table.name()).size());
    }
    return counts;
  }

  @Test
  void prayerWithoutId_isRecognised_withItsActivity() throws Exception {
    write(
        "prayers/2025/02/2025_02_09_prayer_at_0640.txt",
        """
        Prayer temp by Marta Vogel
        Submitted February 09 2025 at 06:40

        For rain.

        Activity:
        February 09 2025 at 07:02 - Marta Vogel prayed this prayer
        """);
    Path database = folder.resolve("old.db");
    try (TestDatabase old = new TestDatabase(database)) {
      old.row("user", "display_name", "Marta Vogel", "created_at", "2025-01-01 10:00:00.000001")
          .row(
              "prayer",
              "id",
              "p1",
              "author_username",
              "Marta Vogel",
              "text",
              "For rain.",
              "created_at",
              "2025-02-09 06:40:59.999999",
              "flagged",
              1)
          .row(
              "prayermark",
              "id",
              "m1",
              "prayer_id",
              "p1",
              "username",
              "Marta Vogel",
              "created_at",
              "2025-02-09 07:02:30.000000")
          .row(
              "prayermark",
              "id",
              "m2",
              "prayer_id",
              "p1",
              "username",
              "Marta Vogel",
              "created_at",
              "2025-02-10 07:02:30.000000");
    }
    TextSample late = new TextSample();
    late.importTexts(folder.resolve("tree"));
    String id = late.community.only(Catalog.PRAYERS).key();
    ImportReport report = late.importTexts(List.of(database), TextArchiveOptions.NONE);
    assertThat(late.community.only(Catalog.PRAYERS).key()).isEqualTo(id);
    assertThat(late.query(folder, "SELECT prayer_id, created_at FROM prayermark"))
        .containsExactly(
            id + " | 2025-02-09 07:02:00.000000", id + " | 2025-02-10 07:02:30.000000");
    // It stays open; that the database has it flagged has to be reported.
    assertThat(report.findings())
        .anyMatch(
            finding ->
                finding.severity().equals("warning")
                    && finding.code().equals("differs-from-community")
                    && finding.file().equals("old.db:prayer")
                    && finding
                        .message()
                        .matches(
                            "flagged.* of row 1 differs from the row that is there,"
                                + " which stays as it is"));
  }

  /** The texts did not show that the clock was two hours ahead, so the first import assumed UTC. */
  @Test
  void eventWithATimeOfAnotherClock_isRecognised() throws Exception {
    write(
        "prayers/2025/07/2025_07_09_prayer_at_0640.txt",
        """
        Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel
        Submitted July 09 2025 at 06:40

        For rain.

        Activity:
        July 09 2025 at 07:02 - Marta Vogel marked this prayer as answered
        """);
    Path database = folder.resolve("old.db");
    try (TestDatabase old = new TestDatabase(database)) {
      String prayer = "0f3a6c1d9b7e42558a90d1c2b3e4f506";
      old.row("user", "display_name", "Marta Vogel", "created_at", "2025-01-01 10:00:00.000001")
          .row(
              "prayer",
              "id",
              prayer,
              "author_username",
              "Marta Vogel",
              "text",
              "For rain.",
              "created_at",
              "2025-07-09 06:40:12.000000")
          .row(
              "prayer_attributes",
              "id",
              "a1",
              "prayer_id",
              prayer,
              "attribute_name",
              "answered",
              "attribute_value",
              "true",
              "created_at",
              "2025-07-09 05:02:30.000000")
          .row(
              "prayer_attributes",
              "id",
              "a2",
              "prayer_id",
              prayer,
              "attribute_name",
              "answer_date",
              "attribute_value",
              "2025-07-09T07:02:30.000000",
              "created_at",
              "2025-07-09 05:02:30.000000")
          .row(
              "prayer_activity_log",
              "id",
              "l1",
              "prayer_id",
              prayer,
              "user_id",
              "Marta Vogel",
              "action",
              "set_answered",
              "new_value",
              "true",
              "created_at",
              "2025-07-09 05:02:30.000000")
          .row(
              "prayer_activity_log",
              "id",
              "l2",
              "prayer_id",
              prayer,
              "user_id",
              "Marta Vogel",
              "action",
              "set_answer_date",
              "new_value",
              "2025-07-09T07:02:30.000000",
              "created_at",
              "2025-07-09 05:02:30.000000");
    }
    TextSample late = new TextSample();
    late.importTexts(folder.resolve("tree"));
    ImportReport report = late.importTexts(List.of(database), TextArchiveOptions.NONE);
    assertThat(report.rows()).isZero();
    assertThat(report.findingsByCode()).containsEntry("differs-from-community", 6L);
    // In one import, the database shows the offset.
    ImportReport both =
        new TextSample()
            .importTexts(
                List.of(database),
                new TextArchiveOptions(List.of(folder.resolve("tree")), null, false));
    assertThat(both.rows()).isEqualTo(6);
    assertThat(both.texts().orElseThrow().offset())
        .isEqualTo("+02:00, concluded from events that both clocks stamped");
  }

  @Test
  void validToken_ofAnUnknownKind_isKeptAsItsHash() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(TextSample.EXPORT);
    assertThat(sample.query(folder, "SELECT token FROM invitetoken"))
        .contains(ContentHash.ofSecret(new SqliteValue.Text("d1d2d3d4d5d6d7d8")))
        .doesNotContain("d1d2d3d4d5d6d7d8", "e1e2e3e4e5e6e7e8");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve("tree").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path exported(TextSample sample) throws Exception {
    Path target = Files.createTempDirectory(folder, "out").resolve("exported.db");
    new LegacyExport(sample.community).allowingPowerfulNames().to(target);
    return target;
  }
}
