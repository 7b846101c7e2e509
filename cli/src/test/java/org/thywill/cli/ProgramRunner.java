package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thywill.cli.terminal.Terminal;

/** Runs commands in this process, and keeps their output. */
final class ProgramRunner {
  private final Path folder;
  private final Map<String, String> environment;

  /** The exit code and the output of a command. */
  record Run(int exit, String out, String err) {}

  ProgramRunner(Path folder) {
    this(folder, Map.of());
  }

  ProgramRunner(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  Path archive() {
    return folder.resolve("text_archives");
  }

  Path database() {
    return folder.resolve("community.db");
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** Plays a small demonstration, and moves its archive and database into this folder. */
  void playDemo() throws IOException {
    Run demo = raw("demo", "--dir", path("demo").toString(), "--members", "6", "--prayers", "8");
    assertThat(demo.exit()).as(demo.err()).isZero();
    Files.move(path("demo/text_archives"), archive());
    Files.move(path("demo/community.db"), database());
  }

  /** Runs a command on this folder's archive and database. */
  Run run(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(command, "--archive", archive().toString(), "--db", database().toString()));
    all.addAll(List.of(arguments));
    return raw(all.toArray(String[]::new));
  }

  /** Runs a command line without any added option. */
  Run raw(String... arguments) {
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
}
