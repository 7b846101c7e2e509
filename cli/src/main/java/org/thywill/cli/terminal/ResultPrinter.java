package org.thywill.cli.terminal;

import java.io.PrintWriter;
import org.thywill.json.Json;

/**
 * Prints the result of a command: sentences and findings for people, one JSON object for programs.
 * With {@code --json} the standard output is for that object only; the rest goes to standard error.
 */
public final class ResultPrinter {
  private final CommandContext context;

  public ResultPrinter(CommandContext context) {
    this.context = context;
  }

  /** Prints the result of a command that did its work, with or without findings. */
  void print(String command, CommandResult result) {
    Terminal terminal = context.terminal();
    terminal.clearProgress();
    PrintWriter people = context.isJson() ? terminal.err() : terminal.out();
    if (!context.isQuiet() || !context.isJson()) {
      result.sentences().forEach(people::println);
      boolean isColoured = context.isColoured(people);
      result.findings().forEach(finding -> terminal.print(finding, people, isColoured));
    }
    if (context.isJson()) {
      printJson(command, result, result.exit());
    }
  }

  /**
   * Prints the JSON object of a command.
   *
   * @param command the name of the command; empty if the command line names none
   */
  public void printJson(String command, CommandResult result, ExitCode exit) {
    PrintWriter out = context.terminal().out();
    out.println(Json.write(result.json(command, exit, context.seconds())));
    out.flush();
  }
}
