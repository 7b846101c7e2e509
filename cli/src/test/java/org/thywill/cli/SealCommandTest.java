package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seal} seals months that have ended, and no others. */
class SealCommandTest {
  @TempDir Path folder;
  private ProgramRunner program;

  @BeforeEach
  void found() throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private List<String> seals() throws IOException {
    try (var files = Files.list(program.archive().resolve("seals"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The last month in which something happened. */
  private String lastMonth() throws IOException {
    try (var files = Files.list(program.archive().resolve("journal"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d{4}_\\d\\d_.*"))
          .sorted()
          .toList()
          .getLast()
          .substring(0, 7);
    }
  }

  @Test
  void lastMonth_thatHasEnded_isSealed_andOnce_alsoWithoutADatabase() throws IOException {
    Files.delete(program.database());
    String month = lastMonth();
    assertThat(seals()).doesNotContain(month + ".txt");
    ProgramRunner.Run run = program.run("seal", "--month", month.replace('_', '-'), "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"sealed\":[\"" + month.replace('_', '-') + "\"]");
    assertThat(seals()).contains(month + ".txt", month + "_parity.txt");
    assertThat(program.database()).doesNotExist();
    assertThat(program.run("validate-archives").exit()).isZero();
    List<String> before = seals();
    assertThat(program.run("seal", "--month", month.replace('_', '-')).out())
        .contains(month.replace('_', '-') + " is sealed already.");
    assertThat(program.run("seal").out())
        .contains("Nothing to do: every month that has ended is sealed.");
    assertThat(seals()).isEqualTo(before);
    assertThat(program.run("recover").exit()).isZero();
  }

  @Test
  void withoutAMonth_allThatHaveEnded() throws IOException {
    String month = lastMonth();
    assertThat(program.run("seal").out()).contains("Sealed: " + month.replace('_', '-') + ".");
    assertThat(
            program
                .run("compare", program.archive().toString(), program.database().toString())
                .exit())
        .isZero();
  }

  @Test
  void monthsThatEndedLongAgo_areCompressed_andEveryCommandReadsThem() throws IOException {
    String digest =
        program.run("digest", "--archive", program.archive().toString(), "--json").out();
    ProgramRunner frugal =
        new ProgramRunner(folder, Map.of("TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS", "1"));
    ProgramRunner.Run run = frugal.run("seal", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "\"compressed\":\\[\"users/\\d{4}_\\d\\d_users.txt\"|\"compressed\":\\[\"[a-z]+/");
    try (var files = Files.walk(program.archive())) {
      List<String> names =
          files.map(file -> program.archive().relativize(file).toString()).toList();
      assertThat(names)
          .anyMatch(name -> name.matches("users/.*_users\\.txt\\.gz"))
          .anyMatch(name -> name.matches("journal/.*\\.txt\\.gz"))
          .noneMatch(name -> name.matches("users/.*_users\\.txt"));
    }
    assertThat(frugal.run("seal", "--json").out()).contains("\"compressed\":[]");
    assertThat(program.run("validate-archives").out()).startsWith("Sound:");
    assertThat(program.run("validate-archives", "--quick").out()).startsWith("Sound:");
    assertThat(program.run("recover", "--replace").out())
        .contains(": the one that the archive recorded.");
    assertThat(
            program
                .run("digest", "--archive", program.archive().toString(), "--json")
                .out()
                .replaceAll("\"seconds\":[^,}]*", ""))
        .isEqualTo(digest.replaceAll("\"seconds\":[^,}]*", ""));
    assertThat(program.run("repair-archives").out()).contains("Sound: there is nothing to repair.");
    assertThat(program.run("resume").exit()).isZero();
    assertThat(program.run("validate-archives").out()).startsWith("Sound:");
    assertThat(program.run("test-recovery").exit()).isZero();
    assertThat(
            new ProgramRunner(folder, Map.of("TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS", "soon"))
                .run("seal")
                .err())
        .contains("expected a number of days from 0 to 99999");
  }

  @Test
  void monthThatHasNotEnded_orHasNoChanges_isRefused() throws IOException {
    List<String> before = seals();
    ProgramRunner.Run ahead = program.run("seal", "--month", "2999-01");
    assertThat(ahead.exit()).isEqualTo(3);
    assertThat(ahead.err()).contains("2999-01 has not ended; it can be sealed when it has");
    assertThat(seals()).isEqualTo(before);
    ProgramRunner.Run empty = program.run("seal", "--month", "1999-01");
    assertThat(empty.exit()).isEqualTo(3);
    assertThat(empty.err())
        .contains("nothing happened in 1999-01: a month without changes has no seal");
    ProgramRunner.Run wrong = program.run("seal", "--month", "January");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("--month: expected a month such as 2024-01, found January");
  }
}
