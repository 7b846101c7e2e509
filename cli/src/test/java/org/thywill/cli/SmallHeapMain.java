package org.thywill.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.thywill.cli.terminal.Terminal;

/**
 * Runs several commands, one after the other, in a process of its own with little memory. Prints of
 * each its exit code and its output in one line.
 */
final class SmallHeapMain {
  private SmallHeapMain() {}

  /** Arguments: command lines, their words separated by line feeds. */
  public static void main(String[] commands) {
    PrintWriter answers = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    for (String command : commands) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      Terminal terminal =
          new Terminal(
              new PrintWriter(out),
              new PrintWriter(err),
              new Terminal.Kinds(false, false),
              Map.of(),
              System::nanoTime);
      int exit =
          new Main(terminal, InstantSource.system())
              .run(List.of(command.split("\n", -1)).toArray(String[]::new));
      terminal.out().flush();
      terminal.err().flush();
      answers.println(exit + " " + (out + " ## " + err).replace("\n", " "));
    }
  }
}
