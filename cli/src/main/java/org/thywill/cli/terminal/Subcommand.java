package org.thywill.cli.terminal;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One command of the program: does its work, and prints what it returns. */
public abstract class Subcommand implements Callable<Integer> {
  @ParentCommand private CommandContext context;
  @Spec private CommandSpec spec;

  /** Made by the parser, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  protected Subcommand() {}

  /** The global options, the terminal and the clock. */
  protected final CommandContext context() {
    return context;
  }

  /**
   * Does the work.
   *
   * @throws ParameterException if the command line is wrong; nothing was changed
   * @throws IOException if the environment failed
   */
  protected abstract CommandResult execute() throws IOException;

  /** Does the work and prints the result; returns the exit code. */
  @Override
  public final Integer call() throws IOException {
    CommandResult result = execute();
    new ResultPrinter(context).print(spec.name(), result);
    return result.exit().number();
  }

  /** An exception for a value that the parser let through, such as one out of range. */
  protected final ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The same, with the exception that says what is wrong. */
  protected final ParameterException wrongUsage(String message, Exception cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
