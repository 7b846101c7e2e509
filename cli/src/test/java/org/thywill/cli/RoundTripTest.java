package org.thywill.cli;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The round trip of the contract, by commands only: import, delete the database, recover, export.
 * Every cell is the same but for the secrets.
 */
class RoundTripTest {
  private static final Set<String> SECRETS =
      Set.of("session.id", "authenticationrequest.verification_code");

  @TempDir Path folder;

  private static String succeed(ProgramRunner.Run run) {
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void sample_throughTheText_comesBackEqualToTheByte() throws IOException, SQLException {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    String before = succeed(program.run("digest"));
    Files.delete(program.database());
    assertThat(succeed(program.run("recover"))).contains("the one that the archive recorded");
    assertThat(succeed(program.run("digest"))).isEqualTo(before);
    succeed(program.run("export-original", "--to", program.path("back.db").toString()));

    assertThat(cells(program.path("back.db"))).isEqualTo(cells(SampleFiles.DATABASE));
  }

  @Test
  void memberNamedAdmin_isExportedUnderThatNameOnlyIfAllowed() throws IOException, SQLException {
    ProgramRunner program = new ProgramRunner(folder);
    Path source = Files.copy(SampleFiles.DATABASE, folder.resolve("named-admin.db"));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + source);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE user SET display_name = 'admin' WHERE display_name = 'Tobias Lindqvist'");
    }
    succeed(program.run("import", "--from-database", source.toString()));
    Path refused = program.path("refused.db");
    String json = succeed(program.run("export-original", "--to", refused.toString(), "--json"));
    assertThat(json).contains("\"code\":\"powerful-name\"", "\"status\":\"ok\"");
    assertThat(namedAdmin(refused)).isZero();
    Path allowed = program.path("allowed.db");
    ProgramRunner.Run run =
        program.run("export-original", "--allow-powerful-names", "--to", allowed.toString());
    succeed(run);
    assertThat(run.out() + run.err()).contains("powerful-name");
    assertThat(namedAdmin(allowed)).isEqualTo(1);
  }

  private static int namedAdmin(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery("SELECT count(*) FROM user WHERE display_name = 'admin'")) {
      return rows.getInt(1);
    }
  }

  @Test
  void import_twice_addsNothing() {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    String before = succeed(program.run("digest"));
    String json =
        succeed(
            program.run("import", "--from-database", SampleFiles.DATABASE.toString(), "--json"));
    assertThat(json).contains("\"rows\":0");
    assertThat(succeed(program.run("digest"))).isEqualTo(before);
  }

  @Test
  void dryRun_leavesNothing() throws IOException {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--dry-run", "--from-database", SampleFiles.DATABASE.toString()));
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void import_source_isNotChanged() throws IOException {
    byte[] before = Files.readAllBytes(SampleFiles.DATABASE);
    succeed(
        new ProgramRunner(folder)
            .run("import", "--from-database", SampleFiles.DATABASE.toString()));
    assertThat(Files.readAllBytes(SampleFiles.DATABASE)).isEqualTo(before);
    assertThat(SampleFiles.DATABASE.resolveSibling("sample.db-wal")).doesNotExist();
  }

  @Test
  void recoverOnly_afterTablesWereEmptiedAndDropped_restoresThemAndNothingElse()
      throws SQLException {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + program.database());
        Statement sql = database.createStatement()) {
      sql.execute("DELETE FROM roles");
      sql.execute("DROP TABLE role_assignments");
      sql.execute("UPDATE members SET display_name = 'changed by hand' WHERE handle = 'miriam'");
    }
    ProgramRunner.Run recovered = program.run("recover", "--only", "roles");
    assertThat(recovered.exit()).as("members differ, and are left as they are").isEqualTo(1);
    assertThat(recovered.out() + recovered.err())
        .contains("members differs", "thywill recover --only users");
    ProgramRunner.Run compared =
        program.raw("compare", program.archive().toString(), program.database().toString());
    assertThat(compared.exit()).isEqualTo(1);
    assertThat(compared.out())
        .contains("1 differences in members")
        .doesNotContain("roles")
        .doesNotContain("role_assignments");
  }

  @Test
  void recoverUntil_aTime_isMarkedAndRefusedByImport() {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    Path past = program.path("past.db");
    String out =
        succeed(
            program.raw(
                "recover",
                "--archive",
                program.archive().toString(),
                "--db",
                past.toString(),
                "--until",
                "2025-01-01"));
    assertThat(out).contains("It shows the past, up to 2025-01-01T23:59:59.999999Z;");
    ProgramRunner.Run write =
        program.raw(
            "import",
            "--archive",
            program.archive().toString(),
            "--db",
            past.toString(),
            "--from-database",
            SampleFiles.DATABASE.toString());
    assertThat(write.exit()).isEqualTo(3);
    assertThat(write.err()).contains("shows the past");
  }

  @Test
  void validate_afterImport_isSound() {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    assertThat(succeed(program.run("validate-archives"))).startsWith("Sound");
    assertThat(succeed(program.run("validate-archives", "--quick"))).startsWith("Sound");
  }

  @Test
  void secrets_standNowhereInTheArchive() throws IOException, SQLException {
    ProgramRunner program = new ProgramRunner(folder);
    succeed(program.run("import", "--from-database", SampleFiles.DATABASE.toString()));
    List<String> secrets = new ArrayList<>();
    try (Connection database =
            DriverManager.getConnection(
                "jdbc:sqlite:file:" + SampleFiles.DATABASE + "?immutable=1");
        Statement sql = database.createStatement();
        ResultSet rows = sql.executeQuery("SELECT id FROM session")) {
      while (rows.next()) {
        secrets.add(rows.getString(1));
      }
    }
    assertThat(secrets).hasSize(51);
    try (var files = Files.walk(program.archive())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
      }
    }
  }

  /**
   * All rows of all tables, sorted, as storage classes and bytes, without the columns of secrets.
   */
  private static Map<String, List<String>> cells(Path file) throws SQLException {
    Map<String, List<String>> tables = new TreeMap<>();
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:file:" + file + "?immutable=1")) {
      List<String> names =
          strings(
              database,
              "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
      for (String table : names) {
        List<String> columns =
            strings(database, "SELECT name FROM pragma_table_info('" + table + "')");
        columns.removeIf(column -> SECRETS.contains(table + "." + column));
        String cells =
            String.join(
                " || ' ' || ",
                columns.stream()
                    .map(
                        column ->
                            "typeof(\"" + column + "\") || hex(CAST(\"" + column + "\" AS BLOB))")
                    .toList());
        tables.put(
            table + "(" + String.join(",", columns) + ")",
            strings(database, "SELECT " + cells + " FROM \"" + table + "\" ORDER BY 1"));
      }
    }
    return tables;
  }

  private static List<String> strings(Connection database, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
