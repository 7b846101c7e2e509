package org.thywill.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.thywill.archive.disk.DiskFull;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.cli.terminal.CommandContext;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.cli.terminal.ResultPrinter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Prints why a command failed: one sentence on standard error, and with {@code --json} an object on
 * standard output. {@link ExitCodeMapper} chooses the exit code.
 */
final class FailureHandler implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final CommandContext context;

  FailureHandler(CommandContext context) {
    this.context = context;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    String command = name(failure.getCommandLine());
    String help = command.isEmpty() ? "thywill --help" : "thywill " + command + " --help";
    String message = String.valueOf(failure.getMessage());
    context.terminal().err().println("thywill: " + message + ". Run: " + help);
    // The parser may have stopped before it read the option.
    if (Arrays.asList(args).contains("--json")) {
      printJson(command, ExitCode.USAGE, message, failure);
    }
    return ExitCode.USAGE.number();
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return handle(failure, name(command));
  }

  /** Prints why the virtual machine could not go on with a command; returns the exit code. */
  int handleError(Error failure, CommandLine parser) {
    ParseResult parsed = parser.getParseResult();
    boolean isNamed = parsed != null && parsed.hasSubcommand();
    return handle(failure, isNamed ? parsed.subcommand().commandSpec().name() : "");
  }

  private int handle(Throwable failure, String command) {
    context.terminal().clearProgress();
    Throwable cause = ExitCodeMapper.decisive(failure);
    ExitCode exit = ExitCodeMapper.exitCode(cause);
    String message = exit == ExitCode.DEFECT ? defect(cause) : sentence(cause);
    context.terminal().err().println("thywill: " + message);
    if (context.isJson()) {
      printJson(command, exit, message, cause);
    }
    return exit.number();
  }

  /** The name of a command; empty for the program itself. */
  private static String name(CommandLine command) {
    return command.getParent() == null ? "" : command.getCommandName();
  }

  private void printJson(String command, ExitCode exit, String message, Throwable failure) {
    CommandResult result = new CommandResult().put("error", message);
    if (failure instanceof DamagedArchiveException damaged) {
      result.find(damaged.finding());
    }
    new ResultPrinter(context).printJson(command, result, exit);
  }

  /** One sentence, with what to run next where there is something. */
  private static String sentence(Throwable failure) {
    if (DiskFull.isCauseOf(failure)) {
      return DiskFull.WORDS + ": free some space, then run the same command again";
    }
    return switch (failure) {
      case DamagedArchiveException damaged ->
          damaged.finding() + ". Nothing was changed. Run: " + damaged.finding().next();
      case NoSuchFileException missing ->
          missing.getFile() + ": " + Objects.requireNonNullElse(missing.getReason(), "is missing");
      case AccessDeniedException denied -> denied.getFile() + ": no permission";
      case FileSystemException failed ->
          failed.getFile()
              + ": "
              + Objects.requireNonNullElse(failed.getReason(), "cannot be used");
      case OutOfMemoryError full ->
          "not enough memory ("
              + full.getMessage()
              + "). Give the program more by setting THYWILL_JAVA_OPTS=-Xmx2g, say";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static String defect(Throwable failure) {
    return "a defect of this program ("
        + failure.getClass().getSimpleName()
        + "); the details are in "
        + writeDetails(failure);
  }

  /** Writes the stack trace into a new temporary file; returns its path, or why there is none. */
  private static String writeDetails(Throwable failure) {
    try {
      Path file = Files.createTempFile("thywill-defect-", ".txt");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        failure.printStackTrace(out);
      }
      return file.toString();
    } catch (IOException unwritable) {
      failure.addSuppressed(unwritable);
      return "no file, since none could be written: " + failure;
    }
  }
}
