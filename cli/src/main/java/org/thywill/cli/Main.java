package org.thywill.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.cli.terminal.Terminal;
import org.thywill.community.access.InvalidInputException;
import org.thywill.json.Json;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.StartRefusedException;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.DigestMismatchException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs one command: parses, calls, prints, and turns whatever happened into an exit code. The only
 * place that ends the process.
 */
public final class Main {
  private final Terminal terminal;
  private final InstantSource clock;

  Main(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Runs a command of the real command line and ends the process. */
  public static void main(String[] args) {
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    boolean isTerminal = Boolean.getBoolean("thywill.terminal");
    int exit =
        new Main(
                new Terminal(out, err, isTerminal, System.getenv(), System::nanoTime),
                InstantSource.system())
            .run(args);
    out.flush();
    err.flush();
    System.exit(exit);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, StandardCharsets.UTF_8);
  }

  int run(String... args) {
    RootCommand root = new RootCommand(terminal, clock);
    CommandLine line = new CommandLine(root).setOut(terminal.out()).setErr(terminal.err());
    line.setUsageHelpAutoWidth(true);
    long started = terminal.nanoTime().getAsLong();
    boolean json = Arrays.asList(args).contains("--json");
    String command =
        Arrays.stream(args).filter(line.getSubcommands()::containsKey).findFirst().orElse("");
    try {
      ParseResult parsed = line.parseArgs(args);
      Optional<Integer> help = Optional.ofNullable(CommandLine.executeHelpRequest(parsed));
      if (help.isPresent()) {
        return help.get();
      }
      if (!parsed.hasSubcommand()) {
        line.usage(terminal.err());
        return ExitCode.USAGE.number();
      }
      CommandResult outcome = ((Subcommand) parsed.subcommand().commandSpec().userObject()).call();
      return end(root, command, outcome, outcome.exit(), started);
    } catch (ParameterException e) {
      terminal
          .err()
          .println(
              "thywill: "
                  + e.getMessage()
                  + ". Run: thywill "
                  + (command.isEmpty() ? "" : command + " ")
                  + "--help");
      return fail(
          json, command, ExitCode.USAGE, Optional.empty(), String.valueOf(e.getMessage()), started);
    } catch (UncheckedIOException e) {
      return failed(json, command, new IOException(e.getMessage(), e), started);
    } catch (IOException | RuntimeException e) {
      return failed(json, command, e, started);
    }
  }

  private int end(
      RootCommand root, String command, CommandResult outcome, ExitCode exit, long started) {
    terminal.clearProgress();
    PrintWriter people = root.json ? terminal.err() : terminal.out();
    boolean coloured = terminal.isColoured(root.noColor);
    if (!root.quiet || !root.json) {
      outcome.sentences().forEach(people::println);
      outcome.findings().forEach(finding -> terminal.print(finding, people, coloured));
    }
    if (root.json) {
      print(outcome.json(command, exit, seconds(started)));
    }
    return exit.number();
  }

  private void print(Map<String, ?> json) {
    terminal.out().println(Json.write(json));
    terminal.out().flush();
  }

  private int failed(boolean json, String command, Exception e, long started) {
    terminal.clearProgress();
    ExitCode exit = exitOf(e);
    String message =
        exit == ExitCode.DEFECT
            ? "a defect of this program ("
                + e.getClass().getSimpleName()
                + "); the details are in "
                + details(e)
            : sentence(e);
    terminal.err().println("thywill: " + message);
    Optional<Finding> finding =
        e instanceof DamagedArchiveException damaged
            ? Optional.of(damaged.finding())
            : Optional.empty();
    return fail(json, command, exit, finding, message, started);
  }

  private int fail(
      boolean json,
      String command,
      ExitCode exit,
      Optional<Finding> finding,
      String message,
      long started) {
    if (json) {
      CommandResult outcome = new CommandResult().put("error", message);
      finding.ifPresent(outcome::find);
      print(outcome.json(command, exit, seconds(started)));
    }
    return exit.number();
  }

  private double seconds(long started) {
    return (terminal.nanoTime().getAsLong() - started) / 1e9;
  }

  private static ExitCode exitOf(Throwable e) {
    return switch (e) {
      case OperationRefusedException r -> ExitCode.REFUSED;
      case StartRefusedException r -> ExitCode.REFUSED;
      case DamagedArchiveException r -> ExitCode.REFUSED;
      case NotAnArchiveException r -> ExitCode.REFUSED;
      case ArchiveLock.Held r -> ExitCode.REFUSED;
      case DigestMismatchException r -> ExitCode.REFUSED;
      case LegacyException r -> r.isOfTheEnvironment() ? ExitCode.ENVIRONMENT : ExitCode.REFUSED;
      case InvalidInputException r -> ExitCode.REFUSED;
      case ConstraintViolationException r -> ExitCode.REFUSED;
      case ViewException r -> r.isDamaged() ? ExitCode.REFUSED : ExitCode.ENVIRONMENT;
      case IOException r -> ExitCode.ENVIRONMENT;
      case Configuration.Invalid r -> ExitCode.USAGE;
      case DatabaseUrl.Unusable r -> ExitCode.USAGE;
      default -> ExitCode.DEFECT;
    };
  }

  /** One clear sentence, with what to run next where there is something. */
  private static String sentence(Throwable e) {
    return switch (e) {
      case DamagedArchiveException damaged ->
          damaged.finding() + ". Nothing was changed. Run: " + damaged.finding().next();
      case NoSuchFileException missing ->
          missing.getFile() + ": " + Optional.ofNullable(missing.getReason()).orElse("is missing");
      case AccessDeniedException denied -> denied.getFile() + ": no permission";
      case FileSystemException failed ->
          failed.getFile()
              + ": "
              + Optional.ofNullable(failed.getReason()).orElse("cannot be used");
      default -> String.valueOf(e.getMessage());
    };
  }

  private static String details(Throwable e) {
    try {
      Path file = Files.createTempFile("thywill-defect-", ".txt");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        e.printStackTrace(out);
      }
      return file.toString();
    } catch (IOException unwritable) {
      e.addSuppressed(unwritable);
      return "no file, since none could be written: " + e;
    }
  }
}
