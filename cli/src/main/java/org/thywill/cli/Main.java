package org.thywill.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.cli.terminal.Terminal;
import picocli.CommandLine;

/** Runs one command line. The only class that ends the process. */
public final class Main {
  private final Terminal terminal;
  private final InstantSource clock;

  Main(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Runs the command line of the process and ends the process with its exit code. */
  public static void main(String[] args) {
    // Figures in sentences are the same everywhere: a script may read them.
    Locale.setDefault(Locale.ENGLISH);
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    Terminal.Kinds kinds =
        new Terminal.Kinds(
            Boolean.getBoolean("thywill.terminal.out"), Boolean.getBoolean("thywill.terminal"));
    int exit =
        new Main(
                new Terminal(out, err, kinds, System.getenv(), System::nanoTime),
                InstantSource.system())
            .run(args);
    out.flush();
    err.flush();
    System.exit(exit);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, StandardCharsets.UTF_8);
  }

  /** Runs a command line; returns its exit code. */
  int run(String... args) {
    int exit = execute(args);
    // A monitor must not take a result that it cannot read for a good one.
    if (terminal.out().checkError()) {
      terminal.err().println("thywill: standard output cannot be written; the result is lost");
      return ExitCode.ENVIRONMENT.number();
    }
    return exit;
  }

  private int execute(String... args) {
    RootCommand root = new RootCommand(terminal, clock);
    FailureHandler failures = new FailureHandler(root);
    CommandLine parser = parser(root, failures);
    try {
      return parser.execute(args);
    } catch (Error e) {
      // The parser hands over exceptions only.
      return failures.handleError(e, parser);
    }
  }

  private CommandLine parser(RootCommand root, FailureHandler failures) {
    return new CommandLine(root)
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setUsageHelpAutoWidth(true)
        // A folder may have the name of a command, as in: thywill --archive demo digest
        .setAllowSubcommandsAsOptionParameters(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures)
        .setExitCodeExceptionMapper(new ExitCodeMapper());
  }
}
