package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.cli.terminal.Terminal;

/** No command writes by a clock that cannot be right, unless the operator says that it is. */
class ClockTest {
  private static final Instant IN_1970 = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant IN_2061 = Instant.parse("2061-04-05T06:07:08Z");

  private final ProgramRunner program;

  ClockTest(@TempDir Path folder) throws IOException {
    program = new ProgramRunner(folder);
  }

  private ProgramRunner.Run at(Instant now, List<String> line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal.Kinds(false, false),
            Map.of("THYWILL_SERVER_KEY", "an-invented-key-of-a-server"),
            System::nanoTime);
    List<String> all = new ArrayList<>(line);
    all.addAll(
        List.of("--archive", program.archive().toString(), "--db", program.database().toString()));
    int exit = new Main(terminal, () -> now).run(all.toArray(String[]::new));
    terminal.out().flush();
    terminal.err().flush();
    return new ProgramRunner.Run(exit, out.toString(), err.toString());
  }

  private String archiveText() throws IOException {
    TreeMap<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(program.archive())) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (!path.endsWith(".lock")) {
          all.put(path.toString(), Files.readString(path));
        }
      }
    }
    return all.toString();
  }

  @Test
  void everyCommandThatWrites_isRefused_andChangesNothing() throws IOException {
    program.playDemo();
    String before = archiveText();
    for (Instant now : List.of(IN_1970, IN_2061)) {
      for (List<String> line :
          List.of(
              List.of("serve", "--port", "0"),
              List.of("resume"),
              List.of("seal"),
              List.of("admin-link"),
              List.of("sign-in-link", "anna"))) {
        ProgramRunner.Run run = at(now, line);
        assertThat(run.exit()).as(line + run.out() + run.err()).isEqualTo(3);
        assertThat(run.err())
            .as(line.toString())
            .contains("the clock of this machine shows " + now);
      }
      ProgramRunner.Run drill = at(now, List.of("test-recovery"));
      assertThat(drill.exit()).as(drill.err()).isZero();
      assertThat(drill.out() + drill.err())
          .contains("the report of this drill was not archived: the clock of this machine shows");
    }
    assertThat(archiveText()).isEqualTo(before);
  }

  @Test
  void founding_isRefused_byServeAndByImport() throws IOException {
    program.playDemo();
    Path original = program.path("original.db");
    assertThat(program.run("export-original", "--to", original.toString()).exit()).isZero();
    Files.move(program.archive(), program.path("put_away"));
    Files.delete(program.database());
    for (Instant now : List.of(IN_1970, IN_2061)) {
      for (List<String> line :
          List.of(
              List.of("serve", "--port", "0"),
              List.of("import", "--from-database", original.toString()))) {
        ProgramRunner.Run run = at(now, line);
        assertThat(run.exit()).as(line + run.out() + run.err()).isEqualTo(3);
        assertThat(run.err())
            .contains("the clock of this machine shows " + now, "--clock-is-right");
        assertThat(program.archive()).doesNotExist();
      }
    }
    ProgramRunner.Run trusted =
        at(IN_2061, List.of("import", "--from-database", original.toString(), "--clock-is-right"));
    assertThat(trusted.exit()).as(trusted.err()).isZero();
  }

  @Test
  void withTheOperatorsWord_aCommandWrites_andTheReportSaysHowToSetTheLeapRight()
      throws IOException {
    program.playDemo();
    ProgramRunner.Run trusted = at(IN_2061, List.of("admin-link", "--clock-is-right"));
    assertThat(trusted.exit()).as(trusted.err()).isEqualTo(3);
    assertThat(trusted.err()).as("the community has an admin").doesNotContain("clock");
    trusted = at(IN_2061, List.of("test-recovery", "--clock-is-right"));
    assertThat(trusted.exit()).as(trusted.err()).isZero();
    assertThat(trusted.out()).doesNotContain("not archived");

    ProgramRunner.Run refused = program.run("resume");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err())
        .contains("before the last change (2061-04-05T06:07:08Z)", "Run: thywill recovery-report");
    ProgramRunner.Run report = program.run("recovery-report");
    assertThat(report.out() + report.err())
        .contains(
            "clock-behind",
            "the last change was made at 2061-04-05T06:07:08Z",
            "thywill correct-times --reason TEXT");

    ProgramRunner.Run corrected =
        program.run("correct-times", "--reason", "the battery of the clock was empty");
    assertThat(corrected.exit()).as(corrected.err()).isZero();
    assertThat(corrected.out()).contains("have the present time now, and their numbers as before");
    assertThat(archiveText()).doesNotContain("2061_04", "|2061-04-05T");
    assertThat(program.run("validate-archives").out()).startsWith("Sound");
    assertThat(program.run("resume").exit()).isZero();
    assertThat(program.run("test-recovery").exit()).isZero();
    assertThat(program.run("correct-times", "--reason", "again").exit()).isEqualTo(3);
  }

  @Test
  void realProcess_underAFakedClock_isRefused() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/faketime")),
        "this machine has no faketime: the real run under a wrong clock was left out");
    List<String> line =
        List.of(
            "/usr/bin/faketime",
            "2061-04-05 06:07:08",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "org.thywill.cli.Main",
            "serve",
            "--port",
            "0",
            "--archive",
            program.archive().toString(),
            "--db",
            program.database().toString());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(out).isEqualTo(3);
    assertThat(out).contains("the clock of this machine shows 2061-04-05T");
    assertThat(program.archive()).doesNotExist();
  }
}
