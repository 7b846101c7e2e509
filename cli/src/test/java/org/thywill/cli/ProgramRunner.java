package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.thywill.cli.terminal.Terminal;

/** Runs commands in this process or in one with little memory, and keeps their output. */
public final class ProgramRunner {
  private static final int MINUTES_MAX = 5;

  private final Path folder;
  private final Map<String, String> environment;

  /** The exit code and the output of a command. */
  public record Run(int exit, String out, String err) {}

  public ProgramRunner(Path folder) {
    this(folder, Map.of());
  }

  public ProgramRunner(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  public Path archive() {
    return folder.resolve("text_archives");
  }

  public Path database() {
    return folder.resolve("community.db");
  }

  public Path path(String name) {
    return folder.resolve(name);
  }

  /** Plays a small demonstration, and moves its archive and database into this folder. */
  public void playDemo() throws IOException {
    Run demo = raw("demo", "--dir", path("demo").toString(), "--members", "6", "--prayers", "8");
    assertThat(demo.exit()).as(demo.err()).isZero();
    Files.move(path("demo/text_archives"), archive());
    Files.move(path("demo/community.db"), database());
  }

  /** Runs a command on this folder's archive and database. */
  public Run run(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(command, "--archive", archive().toString(), "--db", database().toString()));
    all.addAll(List.of(arguments));
    return raw(all.toArray(String[]::new));
  }

  /** Runs a command line without any added option. */
  public Run raw(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal.Kinds(false, false),
            environment,
            System::nanoTime);
    int exit = new Main(terminal, InstantSource.system()).run(arguments);
    terminal.out().flush();
    terminal.err().flush();
    return new Run(exit, out.toString(), err.toString());
  }

  /**
   * Runs command lines, one after the other, which must not run out of memory.
   *
   * @param memory an option of the JVM, such as {@code -Xmx128m}
   * @param commands command lines, the words of each separated by line feeds
   * @return of each its exit code, and its output in one line
   */
  public static List<String> runInSmallProcess(String memory, List<String> commands)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                memory,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ProgramRunner.class.getName()));
    line.addAll(commands);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
    List<String> answers = output.lines().filter(each -> each.matches("\\d+ .*")).toList();
    assertThat(answers).as(output).hasSize(commands.size());
    for (String answer : answers) {
      assertThat(answer)
          .doesNotContain("not enough memory", "OutOfMemory", "\tat ")
          .matches("[0-4] \\{.*\"findings\":.*");
    }
    return answers;
  }

  /**
   * Runs several commands, one after the other, and prints of each its exit code and its output in
   * one line. Arguments: command lines, their words separated by line feeds.
   */
  public static void main(String[] commands) {
    PrintWriter answers = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    for (String command : commands) {
      Run run = new ProgramRunner(Path.of("")).raw(command.split("\n", -1));
      answers.println(run.exit() + " " + (run.out() + " ## " + run.err()).replace("\n", " "));
    }
  }
}
