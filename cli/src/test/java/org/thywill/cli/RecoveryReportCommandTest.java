package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as JSON, as sentences and as a page. */
class RecoveryReportCommandTest {
  @TempDir Path folder;
  private ProgramRunner program;

  RecoveryReportCommandTest(@TempDir Path folder) {
    program = new ProgramRunner(folder);
  }

  @BeforeEach
  void found() throws IOException {
    program = new ProgramRunner(folder, Map.of("THYWILL_SERVER_KEY", "an invented one"));
    program.playDemo();
  }

  @Test
  void report_isOneObject_andAPage() throws IOException {
    Path page = program.path("report.html");
    ProgramRunner.Run run = program.run("recovery-report", "--html", page.toString(), "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .contains(
            "\"command\":\"recovery-report\",\"status\":\"ok\"",
            "\"ready\":true",
            "\"groups\":[{\"group\":\"users\"",
            "\"locations\":[{\"name\":\"" + program.archive(),
            "\"estimate_seconds\":1.0",
            "\"ready_for_members\":false",
            "{\"requirement\":\"secrets\",\"meaning\":\"right settings, and the secrets that they"
                + " ask for\",\"met\":true}");
    assertThat(run.err())
        .startsWith("Ready: the community can be rebuilt today")
        .contains("[ ] a drill that ended well", "[x] right settings, and the secrets");
    assertThat(page).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");

    String written = Files.readString(page);
    assertThat(program.run("recovery-report", "--html", page.toString()).exit()).isEqualTo(3);
    assertThat(page).hasContent(written);
    assertThat(program.run("recovery-report", "--html", page.toString(), "--replace").exit())
        .isZero();
    assertThat(program.path("report.html.replaced-1")).hasContent(written);
  }

  @Test
  void page_thatWouldBeAFileOfTheArchive_isRefused() {
    Path page = program.archive().resolve("users/report.html");
    ProgramRunner.Run run = program.run("recovery-report", "--html", page.toString());
    assertThat(run.exit()).isEqualTo(3);
    assertThat(page).doesNotExist();
  }

  @Test
  void archiveThatIsGone_isNotReady_withExitCode1() {
    ProgramRunner.Run run =
        program.raw(
            "recovery-report",
            "--archive",
            program.path("nowhere").toString(),
            "--db",
            program.database().toString(),
            "--json");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "\"status\":\"findings\"",
            "\"ready\":false",
            "\"groups\":[]",
            "\"estimate_seconds\":null");
    assertThat(run.err())
        .startsWith(
            "Not ready: the archive cannot be opened: "
                + program.path("nowhere")
                + ": no archive there.");
  }
}
