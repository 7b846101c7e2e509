package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.cli.terminal.Terminal;

/** What the virtual machine or a stream refuses ends with one line and the right exit code. */
class FailureHandlerTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Terminal terminal(PrintWriter stdout, Terminal.Kinds kinds) {
    return new Terminal(stdout, new PrintWriter(err, true), kinds, Map.of(), System::nanoTime);
  }

  private Terminal terminal() {
    return terminal(new PrintWriter(out), new Terminal.Kinds(false, false));
  }

  /** Runs a recovery, which reads the clock first. */
  private int recover(InstantSource clock, String... options) {
    String[] line = new String[options.length + 5];
    line[0] = "recover";
    line[1] = "--archive";
    line[2] = folder.resolve("text_archives").toString();
    line[3] = "--db";
    line[4] = folder.resolve("community.db").toString();
    System.arraycopy(options, 0, line, 5, options.length);
    return new Main(terminal(), clock).run(line);
  }

  @Test
  void noMemory_isOfTheEnvironment() {
    InstantSource clock =
        () -> {
          throw new OutOfMemoryError("Java heap space");
        };
    assertThat(recover(clock, "--json")).isEqualTo(4);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("thywill: not enough memory (Java heap space).");
    assertThat(out.toString())
        .startsWith("{\"command\":\"recover\",\"status\":\"failed\",\"exit\":4,")
        .contains("\"error\":\"not enough memory (Java heap space).", "\"findings\":[]");
  }

  @Test
  void noMemory_wrappedInAnotherException_isOfTheEnvironment() {
    InstantSource clock =
        () -> {
          throw new IllegalStateException(new OutOfMemoryError("Java heap space"));
        };
    assertThat(recover(clock)).isEqualTo(4);
    assertThat(err.toString()).startsWith("thywill: not enough memory (Java heap space).");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void missingClassAndDeepRecursion_areDefects() {
    InstantSource missing =
        () -> {
          throw new NoClassDefFoundError("org/example/Missing");
        };
    assertThat(recover(missing, "--json")).isEqualTo(70);
    assertThat(out.toString()).startsWith("{\"command\":\"recover\",").contains("\"exit\":70,");
    InstantSource deep =
        () -> {
          throw new StackOverflowError();
        };
    assertThat(recover(deep)).isEqualTo(70);
    assertThat(err.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("thywill: a defect of this program ("));
    assertThat(err.toString()).contains("(NoClassDefFoundError)", "(StackOverflowError)");
  }

  /** A stream as of a full disk. */
  private static final class FullStream extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config", "config --json", "--help", "--version", "--json", "digest --json"})
  void standardOutput_thatCannotBeWritten_isOfTheEnvironment(String line) {
    PrintWriter full = new PrintWriter(new FullStream(), false, StandardCharsets.UTF_8);
    Terminal terminal = terminal(full, new Terminal.Kinds(false, false));
    String[] words = line.split(" ");
    assertThat(new Main(terminal, InstantSource.system()).run(words)).isEqualTo(4);
    assertThat(err.toString())
        .endsWith("thywill: standard output cannot be written; the result is lost\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--json --quiet", "--json nonsense", "nonsense --json"})
  void noCommand_withJson_isStillOneObject(String line) {
    assertThat(new Main(terminal(), InstantSource.system()).run(line.split(" "))).isEqualTo(2);
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString())
        .startsWith("{\"command\":\"\",\"status\":\"failed\",\"exit\":2,")
        .contains("\"error\":\"", "\"findings\":[]");
  }

  @Test
  void colour_isDecidedForEachStreamByItself() {
    assertThat(printed(new Terminal.Kinds(false, true)))
        .contains("setting-wrong")
        .doesNotContain("\033");
    assertThat(printed(new Terminal.Kinds(true, false))).contains("\033[31merror");
  }

  /** What {@code config} prints of a wrong setting on standard output. */
  private static String printed(Terminal.Kinds kinds) {
    StringWriter stdout = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintWriter(stdout, true),
            new PrintWriter(new StringWriter(), true),
            kinds,
            Map.of("TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS", "soon"),
            System::nanoTime);
    assertThat(new Main(terminal, InstantSource.system()).run("config")).isEqualTo(1);
    return stdout.toString();
  }
}
