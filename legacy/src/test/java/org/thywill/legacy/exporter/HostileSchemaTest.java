package org.thywill.legacy.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.legacy.MemoryCommunity;
import org.thywill.legacy.TestDatabase;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacySchema;

/** Definitions of tables that were written to do harm do nothing, and the rest goes on. */
class HostileSchemaTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-09-28T12:00:00Z"));
  private static final String OUTSIDE = "OUTSIDE";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pragma | x | ATTACH DATABASE 'OUTSIDE' AS o",
        "table | x | ATTACH DATABASE 'OUTSIDE' AS o",
        "table | x | CREATE TABLE x (a); ATTACH DATABASE 'OUTSIDE' AS o; CREATE TABLE o.t (a)",
        "table | x | CREATE TABLE x (a); CREATE TABLE y (a)",
        "table | x | CREATE TABLE x (a); DELETE FROM role",
        "table | x | CREATE TABLE x (a);",
        "table | x | CREATE TABLE x (a) -- ; DELETE FROM role",
        "table | x | CREATE TABLE x (a); VACUUM INTO 'OUTSIDE'",
        "table | x | VACUUM INTO 'OUTSIDE'",
        "pragma | x | VACUUM INTO 'OUTSIDE'",
        "pragma | writable_schema | PRAGMA writable_schema = ON",
        "pragma | user_version | PRAGMA user_version = 1; PRAGMA writable_schema = ON",
        "pragma | user_version | PRAGMA user_version = 99999999999",
        "pragma | user_version | PRAGMA application_id = 7",
        "pragma | encoding | PRAGMA encoding = 'UTF-8'; VACUUM INTO 'OUTSIDE'",
        "pragma | temp_store_directory | PRAGMA temp_store_directory = '/'",
        "table | x | CREATE TABLE y (a)",
        "table | x | CREATE TABLE IF NOT EXISTS x (a)",
        "table | x | CREATE TEMP TABLE x (a)",
        "table | temp | CREATE TABLE temp.x (a)",
        "table | x | CREATE TABLE main/* */.x (a)",
        "table | x | CREATE TABLE x AS SELECT 1 AS a",
        "table | x | CREATE VIRTUAL TABLE x USING fts5 (a)",
        "table | x | CREATE TRIGGER x AFTER INSERT ON prayer BEGIN DELETE FROM role; END",
        "view | user_view | CREATE VIEW user_view AS SELECT 1; DELETE FROM role",
        "view | user_email | CREATE VIEW user_email AS SELECT 1",
        "index | x | CREATE INDEX x ON prayer (text); DELETE FROM role",
        "trigger | x | CREATE TEMP TRIGGER x AFTER INSERT ON role BEGIN DELETE FROM role; END",
        "trigger | x | CREATE TRIGGER x AFTER INSERT ON role BEGIN SELECT 1; END; DELETE FROM role",
        "other | x | CREATE TABLE x (a)"
      })
  void hostileDefinition_hasNoEffectAndIsFound(String kind, String name, String sql)
      throws Exception {
    Path expected = folder.resolve("expected.db");
    new LegacyExport(community()).to(expected);
    Path outside = folder.resolve("outside.db");
    MemoryCommunity community = community();
    community.put(
        new LegacySchema.Entry(kind, name, name, sql.replace(OUTSIDE, outside.toString()))
            .row(1_000));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(outside).doesNotExist();
    assertThat(everything(target)).isEqualTo(everything(expected));
    assertThat(report.findings())
        .extracting(LegacyFinding::code)
        .containsExactly("schema-line-refused");
  }

  /**
   * Expressions are computed while rows are written. They can neither query, nor call what reaches
   * outside, nor fill the memory; an index that cannot be made is left out.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX x ON prayer (load_extension('OUTSIDE'))",
        "CREATE INDEX x ON prayer ((SELECT count(*) FROM role))",
        "CREATE INDEX x ON prayer (length(zeroblob(1000000000)))",
        "CREATE INDEX x ON prayer (length(hex(zeroblob(40000000))))",
        "CREATE INDEX x ON prayer (text) WHERE (SELECT 1)",
        "CREATE INDEX x ON prayer (random())",
        "CREATE INDEX x ON prayer (text LIKE"
            + " '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b')",
        "CREATE INDEX x ON prayer (edit(text, 'OUTSIDE'))",
        "CREATE INDEX x ON prayer (writefile('OUTSIDE', text))"
      })
  void hostileExpression_isNotComputed(String sql) throws Exception {
    Path outside = folder.resolve("outside.db");
    MemoryCommunity community = community();
    community.put(
        new LegacySchema.Entry("index", "x", "prayer", sql.replace(OUTSIDE, outside.toString()))
            .row(1_000));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(outside).doesNotExist();
    assertThat(query(target, "SELECT count(*) FROM sqlite_master WHERE name = 'x'"))
        .containsExactly("0");
    assertThat(query(target, "SELECT id, text FROM prayer")).containsExactly("p1|please");
    assertThat(query(target, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(report.notCarried()).hasSize(1);
  }

  @Test
  void triggerThatWrites_isCarriedAfterTheRowsAndChangesNone() throws Exception {
    String sql = "CREATE TRIGGER x AFTER INSERT ON prayer BEGIN DELETE FROM role; END";
    MemoryCommunity community = community();
    community.put(new LegacySchema.Entry("trigger", "x", "prayer", sql).row(1_000));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(report.findings()).isEmpty();
    assertThat(query(target, "SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
        .containsExactly(sql);
    assertThat(query(target, "SELECT count(*) FROM role")).containsExactly("1");
    assertThat(query(target, "SELECT count(*) FROM prayer")).containsExactly("1");
  }

  @Test
  void refusedDefinitionOfAKnownTable_isReplacedByTheLastLayout() throws Exception {
    MemoryCommunity community = community();
    community.put(
        new LegacySchema.Entry("table", "prayer", "prayer", "CREATE TABLE prayer AS SELECT 1")
            .row(1));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(report.findings()).hasSize(1);
    assertThat(query(target, "SELECT id, text FROM prayer")).containsExactly("p1|please");
  }

  @Test
  void importIntoACommunityWithHostileDefinitions_asADryRun_runsNothing() throws Exception {
    Path outside = folder.resolve("outside.db");
    MemoryCommunity community = community();
    String sql = "CREATE TABLE x (a); ATTACH DATABASE '" + outside + "' AS o; CREATE TABLE o.t (a)";
    community.put(new LegacySchema.Entry("table", "x", "x", sql).row(1_000));
    ImportReport report =
        new LegacyImport(List.of(source()), CLOCK, (rows, atMicros, cause) -> {})
            .into(community, target -> new LegacyExport(community).to(target))
            .run();
    assertThat(outside).doesNotExist();
    assertThat(report.rows()).isZero();
    assertThat(report.findingsByCode()).containsEntry("schema-line-refused", 1L);
  }

  /** A community that was imported from a database of the original. */
  private MemoryCommunity community() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(source()), CLOCK, community).run();
    return community;
  }

  private Path source() throws SQLException, IOException {
    Path file = folder.resolve("thywill.db");
    Files.deleteIfExists(file);
    try (TestDatabase database = new TestDatabase(file)) {
      database
          .row("user", "display_name", "Ann")
          .row("role", "id", "r1", "name", "helper", "permissions", "[]")
          .row("prayer", "id", "p1", "author_username", "Ann", "text", "please")
          .run("DROP TABLE user_email");
    }
    return file;
  }

  private static List<String> everything(Path file) throws SQLException {
    List<String> everything =
        new ArrayList<>(query(file, "SELECT type, name, sql FROM sqlite_master"));
    for (String table : query(file, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
      everything.add(table);
      everything.addAll(query(file, "SELECT * FROM \"" + table + "\""));
    }
    everything.addAll(query(file, "PRAGMA user_version"));
    everything.addAll(query(file, "PRAGMA application_id"));
    return everything;
  }

  private static List<String> query(Path file, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(rows.getString(i)));
        }
        lines.add(String.join("|", cells));
      }
    }
    return lines;
  }
}
