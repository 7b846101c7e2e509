package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.Seeds;

/**
 * The scenarios of the reconstruction plan, by the names that it gives them, as an operator runs
 * them: command by command.
 */
class ScenariosTest {
  private final ProgramRunner program;

  ScenariosTest(@TempDir Path folder) throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private String succeed(String command, String... arguments) {
    ProgramRunner.Run run = program.run(command, arguments);
    assertThat(run.exit()).as(command + ": " + run.out() + run.err()).isZero();
    return run.out();
  }

  private void sql(String... statements) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + program.database());
        Statement sql = database.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  private ProgramRunner.Run compare(Path one, Path other) {
    return program.raw("compare", one.toString(), other.toString());
  }

  /**
   * Checks that every cell of the database is as in the archive, and that the digest is the
   * recorded one.
   */
  private void assertWhole() {
    ProgramRunner.Run compared = compare(program.archive(), program.database());
    assertThat(compared.exit()).as(compared.out() + compared.err()).isZero();
  }

  private void assertBroken(String table) {
    ProgramRunner.Run compared = compare(program.archive(), program.database());
    assertThat(compared.exit()).as(compared.out()).isEqualTo(1);
    assertThat(compared.out()).contains(table);
  }

  private List<Path> logs(String ending) throws IOException {
    try (var all = Files.walk(program.archive())) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private String name(Path file) {
    return program.archive().relativize(file).toString();
  }

  @Test
  @DisplayName("full database loss")
  void fullDatabaseLoss() throws IOException {
    Path before = Files.move(program.database(), program.path("before.db"));
    for (String beside : List.of("-wal", "-shm")) {
      Files.deleteIfExists(program.path("community.db" + beside));
    }
    assertThat(succeed("recover")).contains(": the one that the archive recorded.");
    assertWhole();
    ProgramRunner.Run compared = compare(before, program.database());
    assertThat(compared.exit()).as(compared.out() + compared.err()).isZero();
  }

  @Test
  @DisplayName("partial corruption")
  void partialCorruption() throws IOException, SQLException {
    RandomGenerator random = Seeds.random("ScenariosTest");
    List<Path> logs = logs("_users.txt");
    Path log = logs.get(random.nextInt(logs.size()));
    byte[] sound = Files.readAllBytes(log);
    byte[] damaged = sound.clone();
    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(log, damaged);

    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out() + check.err()).containsPattern(Pattern.quote(name(log)) + ":\\d+: ");
    assertThat(succeed("repair-archives", "--apply")).contains(name(log));
    assertThat(log).hasBinaryContent(sound);
    succeed("validate-archives");
    // After the repair: it opens the ledger, which would rebuild a view that was changed.
    sql("UPDATE members SET display_name = 'by hand'");
    assertBroken("members");
    succeed("recover", "--only", "users");
    assertWhole();
  }

  /** Counts the members of the past without the program: lines that add less lines that remove. */
  @Test
  @DisplayName("historical data")
  void historicalData() throws IOException {
    Matcher last = Pattern.compile("\"seq\":(\\d+)").matcher(succeed("digest", "--json"));
    assertThat(last.find()).isTrue();
    for (int until : List.of(1, 40, 250, Integer.parseInt(last.group(1)))) {
      long members = membersAt(until);
      String past = program.path("until-" + until + ".db").toString();
      ProgramRunner.Run run =
          program.raw(
              "recover",
              "--archive",
              program.archive().toString(),
              "--db",
              past,
              "--until",
              String.valueOf(until),
              "--json");
      assertThat(run.exit()).as(run.out() + run.err()).isZero();
      assertThat(run.out()).contains("\"members\":" + members + ",");
      ProgramRunner.Run write =
          program.raw("resume", "--archive", program.archive().toString(), "--db", past);
      assertThat(write.exit()).isEqualTo(3);
      assertThat(write.err()).contains("shows the past");
    }
    succeed("validate-archives");
  }

  private long membersAt(int seq) throws IOException {
    long members = 0;
    for (Path log : logs("_users.txt")) {
      Matcher line =
          Pattern.compile("\\|(added|removed)\\|(\\d+)\\|\\d+-\\d+\\|")
              .matcher(Files.readString(log));
      while (line.find()) {
        if (Integer.parseInt(line.group(2)) <= seq) {
          members += line.group(1).equals("added") ? 1 : -1;
        }
      }
    }
    return members;
  }

  @Test
  @DisplayName("configuration loss")
  void configurationLoss() throws IOException, SQLException {
    Path snapshot = program.archive().resolve("system/system_config.txt");
    byte[] settings = Files.readAllBytes(snapshot);
    Files.delete(snapshot);
    sql("DELETE FROM settings", "DROP TABLE feature_flags");
    succeed("recover", "--only", "system");
    assertWhole();
    succeed("repair-archives", "--apply");
    assertThat(snapshot).hasBinaryContent(settings);
    assertThat(succeed("recover", "--replace"))
        .contains("Set the secret THYWILL_SERVER_KEY in the environment of the server");
    ProgramRunner provided =
        new ProgramRunner(
            program.path("."),
            Map.of(
                "THYWILL_SERVER_KEY",
                "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"));
    ProgramRunner.Run run = provided.run("recover", "--replace");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).doesNotContain("Set the secret", "00112233");
  }

  @Test
  @DisplayName("role system rebuild")
  void roleSystemRebuild() throws IOException, SQLException {
    Path definitions = program.archive().resolve("roles/role_history.txt");
    byte[] sound = Files.readAllBytes(definitions);
    Files.delete(definitions);
    succeed("repair-archives", "--apply");
    assertThat(definitions).hasBinaryContent(sound);
    // After the repair: it opens the ledger, which would rebuild a view that lacks a table.
    sql("DELETE FROM roles", "DROP TABLE role_assignments");
    assertBroken("roles");
    succeed("recover", "--only", "roles");
    assertWhole();
  }

  /** The digest that is printed is that of the file, and the next command leads on. */
  @Test
  @DisplayName("one group recovered, another changed")
  void oneGroupRecovered_anotherChanged() throws SQLException {
    sql("DELETE FROM roles", "UPDATE prayers SET text = 'by hand'");
    ProgramRunner.Run run = program.run("recover", "--only", "roles", "--json");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "\"equal\":false",
            "\"code\":\"database-differs\"",
            "prayers differs",
            "\"next\":\"thywill recover --only prayers\"");
    String digest = program.run("digest").out().lines().findFirst().orElseThrow();
    assertThat(run.out()).contains("\"digest\":\"" + digest + "\"");
    assertThat(succeed("recover", "--only", "prayers")).contains("the archive recorded");
    assertWhole();
  }

  @Test
  @DisplayName("database newer than the archive")
  void databaseNewerThanTheArchive() throws SQLException {
    sql("UPDATE thywill_view SET seq = seq + 1");
    ProgramRunner.Run run = program.run("recover", "--replace");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err())
        .contains("the archive has lost a change", "repair-archives --from", "--older");
    succeed("recover", "--replace", "--older");
    assertWhole();
  }

  @Test
  @DisplayName("authentication system recovery")
  void authenticationSystemRecovery() throws SQLException {
    sql(
        "DELETE FROM auth_requests",
        "DELETE FROM auth_approvals",
        "DROP TABLE sessions",
        "DROP TABLE security_events");
    succeed("recover", "--only", "auth");
    assertWhole();
    assertThat(succeed("recover", "--replace"))
        .contains("session ids (members sign in again)", "verification codes.");
    assertThat(succeed("resume")).contains("Service may resume.");
    assertWhole();
    succeed("validate-archives");
  }

  @Test
  @DisplayName("invite system rebuild")
  void inviteSystemRebuild() throws IOException, SQLException {
    Path active = program.archive().resolve("system/invite_tokens.txt");
    byte[] sound = Files.readAllBytes(active);
    Files.writeString(active, Files.readString(active).replace("|new_user|", "|NEW_USER|"));
    sql("DELETE FROM invites", "DROP TABLE invite_uses");
    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out() + check.err()).contains("system/invite_tokens.txt:");
    succeed("repair-archives", "--apply");
    assertThat(active).hasBinaryContent(sound);
    succeed("recover", "--only", "invites");
    assertWhole();
    assertThat(succeed("recover", "--replace")).contains("members make new ones");
  }

  @Test
  @DisplayName("data integrity validation")
  void dataIntegrityValidation() throws IOException, SQLException {
    assertThat(succeed("validate-archives")).startsWith("Sound");
    Path log = logs("_marks.txt").getFirst();
    String sound = Files.readString(log, StandardCharsets.UTF_8);
    List<String> lines = sound.lines().toList();
    Files.writeString(log, sound.replace(lines.get(6) + "\n", ""), StandardCharsets.UTF_8);
    ProgramRunner.Run check = program.run("validate-archives", "--json");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out())
        .contains(
            "\"sound\":false",
            "\"file\":\"" + name(log) + "\"",
            "\"next\":\"thywill repair-archives\"");
    Files.writeString(log, sound, StandardCharsets.UTF_8);

    succeed("test-recovery");
    sql(
        "UPDATE prayers SET moderation = 'hidden' WHERE moderation IS NOT NULL AND id = (SELECT"
            + " min(id) FROM prayers)");
    ProgramRunner.Run drill = program.run("test-recovery", "--json");
    assertThat(drill.exit()).isEqualTo(1);
    assertThat(drill.out()).contains("\"equal\":false", "prayers");
    succeed("recover", "--replace");
    succeed("test-recovery");
    assertThat(succeed("validate-archives")).startsWith("Sound");
  }
}
