package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recovery with losses: refused, then accepted by name; what follows is archived when service
 * resumes.
 */
class MissingDataTest {
  private final ProgramRunner program;

  MissingDataTest(@TempDir Path folder) throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(program.archive())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  /**
   * Changes the last character of the first line of the log of marks, in every file that has it.
   */
  private String spoilAMark() throws IOException {
    Path log =
        files().stream()
            .filter(file -> file.toString().endsWith("_marks.txt"))
            .findFirst()
            .orElseThrow();
    String line =
        Files.readString(log)
            .lines()
            .filter(each -> each.contains("|added|"))
            .findFirst()
            .orElseThrow();
    String spoiled = line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0");
    for (Path file : files()) {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (text.contains(line)) {
        Files.writeString(file, text.replace(line, spoiled), StandardCharsets.UTF_8);
      }
    }
    Matcher seq = Pattern.compile("\\|added\\|(\\d+)\\|").matcher(line);
    assertThat(seq.find()).isTrue();
    return seq.group(1);
  }

  @Test
  void whatIsLost_isRefused_thenNamed_andADatabaseWithoutItIsForLookingAtOnly() throws IOException {
    String seq = spoilAMark();
    for (Path file : files()) {
      if (file.toString().endsWith("_parity.txt")) {
        Files.delete(file);
      }
    }
    Files.delete(program.database());
    ProgramRunner.Run refused = program.run("recover");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(Files.exists(program.database())).isFalse();

    ProgramRunner.Run accepted = program.run("recover", "--accept-missing", "--json");
    assertThat(accepted.exit()).isEqualTo(1);
    assertThat(accepted.out())
        .contains(
            "\"code\":\"change-lost\"",
            "change " + seq + " cannot be had from anywhere",
            "\"proven\":false",
            "\"next\":\"thywill repair-archives --from DIR\"",
            "\"must_provide\":[");

    ProgramRunner.Run served = program.run("resume");
    assertThat(served.exit()).isEqualTo(3);
    assertThat(served.err()).contains("lacks the changes " + seq + ": it is there to be looked at");
  }

  @Test
  void whatOnlyTheParityOfAMonthHas_isNotLost() throws IOException {
    Map<String, String> before = new TreeMap<>();
    spoilAMark();
    for (Path file : files()) {
      before.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertThat(program.run("recover", "--replace").exit()).isEqualTo(3);
    ProgramRunner.Run run = program.run("recover", "--accept-missing", "--replace");
    assertThat(run.exit()).as("the archive still wants a repair").isEqualTo(1);
    assertThat(run.out()).contains(": the one that the archive recorded.");
    assertThat(run.out() + run.err()).doesNotContain("change-lost", "cannot be had");
    for (Path file : files()) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as("a recovery writes nothing")
          .isEqualTo(before.get(file.toString()));
    }
    assertThat(program.run("repair-archives", "--apply").exit()).isZero();
  }

  @Test
  void soundArchive_needsNothingAccepted_andSaysSo() {
    ProgramRunner.Run run = program.run("recover", "--accept-missing", "--replace");
    assertThat(run.exit()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains(": the one that the archive recorded.")
        .doesNotContain("nothing proves it");
  }

  @Test
  void whatFollows_isDoneOnce_andArchived() throws IOException {
    Path decisions = program.path("decisions.txt");
    Files.writeString(decisions, "by|Anna\nset|feature_flags|nothing|enabled|yes|we agreed\n");
    ProgramRunner.Run bad =
        program.run("recover", "--replace", "--overrides", decisions.toString());
    assertThat(bad.exit()).isEqualTo(3);
    assertThat(bad.err()).contains("decisions.txt:2: there is no row feature_flags/nothing");

    assertThat(program.run("recover", "--replace").exit()).isZero();
    ProgramRunner.Run resumed = program.run("resume");
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    assertThat(resumed.out())
        .contains("No invite can be used any more; members make new ones.", "Service may resume.");
    assertThat(program.run("resume").out()).contains("Nothing to do");
    assertThat(program.run("validate-archives").exit()).isZero();
    assertThat(
            program
                .run("compare", program.archive().toString(), program.database().toString())
                .exit())
        .isZero();
    assertThat(
            files().stream()
                .filter(file -> file.toString().contains("operations"))
                .map(
                    file -> {
                      try {
                        return Files.readString(file);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }))
        .anyMatch(text -> text.contains("|resume|resumed after a recovery as of change "));
  }

  @Test
  void adminLink_isRefusedWhereThereIsAnAdmin() {
    ProgramRunner.Run run = program.run("admin-link");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("admin");
    assertThat(program.run("admin-link", "--hours", "0").exit()).isEqualTo(2);
  }

  @Test
  void adminLink_isMadeWithoutAnAdmin_andOnlyItsHashIsKept() throws IOException {
    StringBuilder decisions = new StringBuilder("by|Anna\n");
    for (Path file : files()) {
      if (file.toString().endsWith("_role_assignments.txt")) {
        Matcher admin =
            Pattern.compile("\\|admin\\|[^|\n]*\\|[^|\n]*\\|([0-9a-z]+)\\|[^\n]*\\|added\\|")
                .matcher(Files.readString(file));
        while (admin.find()) {
          decisions
              .append("drop|role_assignments|")
              .append(admin.group(1))
              .append("|has moved away\n");
        }
      }
    }
    Path file = Files.writeString(program.path("decisions.txt"), decisions);
    assertThat(decisions.toString().lines()).hasSizeGreaterThan(1);
    assertThat(program.run("recover", "--replace", "--overrides", file.toString()).exit()).isZero();
    ProgramRunner.Run resumed = program.run("resume");
    assertThat(resumed.out())
        .contains(
            "As decided: drop|role_assignments|",
            "No member may do everything, and the recovery promotes none.",
            "thywill admin-link");

    ProgramRunner.Run made = program.run("admin-link", "--hours", "3", "--json");
    assertThat(made.exit()).as(made.err()).isZero();
    Matcher link = Pattern.compile("\"link\":\"/join/([^\"]+)\"").matcher(made.out());
    assertThat(link.find()).isTrue();
    for (Path each : files()) {
      assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
          .as(each.toString())
          .doesNotContain(link.group(1));
    }
    assertThat(program.run("validate-archives").exit()).isZero();
  }

  @Test
  void signInLink_isMadeForAMemberByName_andRefusedForAStranger() {
    ProgramRunner.Run made = program.run("sign-in-link", "Hannah Ashdown", "--json");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).containsPattern("\"link\":\"/enter/[0-9a-z]{26}\"");
    assertThat(made.out()).contains("\"member\":\"hannah_ashdown\"");
    ProgramRunner.Run alike = program.run("sign-in-link", "hannah ashdown");
    assertThat(alike.exit()).isEqualTo(3);
    assertThat(alike.err()).contains("Name the member by the handle: hannah_ashdown.");
    ProgramRunner.Run refused = program.run("sign-in-link", "Nobody");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("There is no member Nobody.");
    assertThat(program.run("sign-in-link").exit()).isEqualTo(2);
  }
}
