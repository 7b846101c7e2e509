package org.thywill.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.cli.ProgramRunner;

/** An operator damages an archive, checks it, repairs it, and checks it again. */
class RepairArchivesCommandTest {
  @TempDir Path folder;
  private ProgramRunner program;
  private Path log;

  RepairArchivesCommandTest(@TempDir Path folder) {
    program = new ProgramRunner(folder);
    log = folder;
  }

  @BeforeEach
  void found() throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
    try (var files = Files.list(program.archive().resolve("users"))) {
      log = files.sorted().findFirst().orElseThrow();
    }
  }

  private Map<String, String> archive() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var all = Files.walk(program.archive())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = program.archive().relativize(file).toString();
        if (!name.startsWith("quarantine") && !name.equals(".lock")) {
          files.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return files;
  }

  @Test
  void aDamagedLog_isNamed_thenRestored_andThatIsWrittenDown() throws IOException {
    Map<String, String> sound = archive();
    Files.writeString(log, Files.readString(log).replace("\n", "\r\n"));
    Map<String, String> damaged = archive();

    ProgramRunner.Run plan = program.run("repair-archives");
    assertThat(plan.exit()).isEqualTo(1);
    assertThat(plan.out())
        .contains(
            "can be restored: users/" + log.getFileName(),
            "1 file can be restored to the byte. Run: thywill repair-archives --apply",
            "its lines end in CR LF instead of LF");
    assertThat(archive()).isEqualTo(damaged);

    ProgramRunner.Run done = program.run("repair-archives", "--apply", "--json");
    assertThat(done.exit()).as(done.out()).isZero();
    assertThat(done.out())
        .contains(
            "\"status\":\"ok\"",
            "\"unrepairable\":[]",
            "\"sound\":true",
            "\"repaired\":[{\"file\":\"users/" + log.getFileName() + "\"");
    assertThat(archive().get("users/" + log.getFileName()))
        .isEqualTo(sound.get("users/" + log.getFileName()));
    assertThat(program.run("validate-archives").exit()).isZero();
    Map<String, String> now = archive();
    assertThat(
            now.entrySet().stream()
                .filter(file -> file.getKey().startsWith("operations/"))
                .map(Map.Entry::getValue))
        .anyMatch(
            text ->
                text.contains(
                    "|repair|sound|users/"
                        + log.getFileName()
                        + " restored (header-damaged, line-damaged"));
    assertThat(
            program
                .run("compare", program.archive().toString(), program.database().toString())
                .exit())
        .isZero();

    ProgramRunner.Run again = program.run("repair-archives", "--apply");
    assertThat(again.exit()).isZero();
    assertThat(again.out()).contains("Sound: there is nothing to repair.");
    assertThat(archive()).isEqualTo(now);
  }

  @Test
  void withoutADatabase_noneIsMade() throws IOException {
    Files.delete(program.database());
    Files.writeString(log, "");
    ProgramRunner.Run done = program.run("repair-archives", "--apply");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out()).contains("Recorded in operations/ as change ");
    assertThat(program.database()).doesNotExist();
    assertThat(program.run("validate-archives").exit()).isZero();
  }

  @Test
  void lineThatLogAndJournalHaveLost_comesBackFromTheParity() throws IOException {
    Map<String, String> sound = archive();
    loseLine();
    ProgramRunner.Run done = program.run("repair-archives", "--apply", "--json");
    assertThat(done.exit()).as(done.out()).isZero();
    String month = log.getFileName().toString().substring(0, 7);
    assertThat(done.out()).contains("\"unrepairable\":[]", "seals/" + month + "_parity.txt");
    assertThat(archive().get("users/" + log.getFileName()))
        .isEqualTo(sound.get("users/" + log.getFileName()));
    assertThat(program.run("validate-archives").exit()).isZero();
  }

  /** In the last month, which is not sealed and has no parity. */
  @Test
  void lineThatIsDamagedInLogAndJournal_comesBackFromTheDatabase_unlessThatWasChangedByHand()
      throws IOException {
    Map<String, String> sound = archive();
    String journal =
        sound.keySet().stream()
            .filter(file -> file.matches("journal/\\d.*"))
            .reduce((_, last) -> last)
            .orElseThrow();
    String line =
        Objects.requireNonNull(sound.get(journal))
            .lines()
            .filter(
                each ->
                    each.matches(
                        "(notifications|auth_requests|marks|audit|activity|sessions)\\|.*\\|added\\|.*"))
            .reduce((_, last) -> last)
            .orElseThrow();
    String rotten = line.replaceFirst("Z\\|([^|]+)\\|", "Z|#$1|");
    for (Map.Entry<String, String> file : sound.entrySet()) {
      String inLog = line.substring(line.indexOf('|') + 1);
      if (file.getValue().contains(inLog)) {
        Files.writeString(
            program.archive().resolve(file.getKey()),
            file.getValue().replace(inLog, rotten.substring(rotten.indexOf('|') + 1)),
            StandardCharsets.ISO_8859_1);
      }
    }
    ProgramRunner.Run plan = program.run("repair-archives", "--json");
    assertThat(plan.exit()).isEqualTo(1);
    assertThat(plan.out()).as(line).contains("\"unrepairable\":[]", "the database");
    Map<String, String> damaged = archive();
    Path aside = Files.move(program.database(), folder.resolve("aside.db"));
    requireNothingIsRepaired(damaged, "without a database");
    Files.copy(aside, program.database());
    execute("UPDATE " + line.substring(0, line.indexOf('|')) + " SET created_at = created_at + 1");
    requireNothingIsRepaired(damaged, "with a database that was changed by hand");
    Files.copy(aside, program.database(), StandardCopyOption.REPLACE_EXISTING);
    execute("UPDATE thywill_view SET community = 'another'");
    requireNothingIsRepaired(damaged, "with the database of another community");
    Files.writeString(program.database(), "no database at all");
    requireNothingIsRepaired(damaged, "with a file that is no database");
    Files.copy(aside, program.database(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(program.run("repair-archives", "--apply").exit()).isZero();
    Map<String, String> now = archive();
    damaged.forEach(
        (file, text) ->
            assertThat(
                    text.equals(sound.get(file))
                        || Objects.requireNonNull(now.get(file))
                            .startsWith(Objects.requireNonNull(sound.get(file))))
                .as(file)
                .isTrue());
    assertThat(program.run("validate-archives").exit()).isZero();
  }

  private void requireNothingIsRepaired(Map<String, String> damaged, String how)
      throws IOException {
    ProgramRunner.Run run = program.run("repair-archives", "--apply", "--json");
    assertThat(run.exit()).as("%s: %s", how, run.err()).isEqualTo(1);
    assertThat(run.out()).as(how).doesNotContain("\"unrepairable\":[]").contains("\"repaired\":[]");
    assertThat(archive()).as(how).isEqualTo(damaged);
  }

  private void execute(String sql) throws IOException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + program.database());
        Statement statement = database.createStatement()) {
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void loseLine() throws IOException {
    String line = Files.readAllLines(log).get(5);
    for (Path file : new Path[] {log, journal()}) {
      Files.writeString(file, Files.readString(file).replace(line + "\n", ""));
    }
  }

  @Test
  void whatIsLostForGood_isNamed_andNothingIsTouched() throws IOException {
    loseLine();
    Files.delete(
        program
            .archive()
            .resolve("seals/" + log.getFileName().toString().substring(0, 7) + "_parity.txt"));
    Map<String, String> damaged = archive();
    ProgramRunner.Run done = program.run("repair-archives", "--apply");
    assertThat(done.exit()).as(done.err()).isEqualTo(1);
    assertThat(done.out()).contains("cannot be repaired from what is here", "no log has change ");
    assertThat(archive()).isEqualTo(damaged);
  }

  private Path journal() throws IOException {
    String line = Files.readAllLines(log).get(5);
    try (var files = Files.list(program.archive().resolve("journal"))) {
      for (Path file : files.toList()) {
        if (Files.readString(file).contains("members|" + line)) {
          Files.writeString(file, Files.readString(file).replace("members|" + line, line));
          return file;
        }
      }
    }
    throw new AssertionError("no journal file has " + line);
  }

  @Test
  void migrate_ofThePresentFormat_hasNothingToDo() throws IOException {
    Map<String, String> before = archive();
    ProgramRunner.Run run = program.run("migrate");
    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith("Nothing to do: the archive has format ");
    assertThat(archive()).isEqualTo(before);
  }

  @Test
  void anotherCommunitysArchive_orTheArchiveItself_isNoSource() {
    ProgramRunner.Run itself =
        program.run("repair-archives", "--from", program.archive().toString());
    assertThat(itself.exit()).isEqualTo(3);
    assertThat(itself.err()).contains("is the archive itself");
    program.raw(
        "demo",
        "--dir",
        folder.resolve("other").toString(),
        "--members",
        "6",
        "--prayers",
        "8",
        "--seed",
        "2");
    ProgramRunner.Run other =
        program.run("repair-archives", "--from", folder.resolve("other/text_archives").toString());
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.err()).contains("another community");
    assertThat(
            program.run("repair-archives", "--from", folder.resolve("nowhere").toString()).exit())
        .isEqualTo(4);
  }
}
