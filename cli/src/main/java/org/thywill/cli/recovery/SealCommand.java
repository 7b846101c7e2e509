package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.recovery.SealMonths;
import org.thywill.operations.settings.ArchivedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Closes months that have ended. */
@Command(
    name = "seal",
    description =
        "Close a month that has ended: write down how every log is, and a parity from which they"
            + " can be made again. Compress those that ended long ago "
            + "(TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS).")
public final class SealCommand extends Subcommand {
  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "The month to close; default: every one that has ended")
  Optional<String> month = Optional.empty();

  @Spec CommandSpec spec;

  /** Made by the parser, which fills in the rest. */
  @SuppressWarnings("NullAway.Init")
  SealCommand() {}

  @Override
  public CommandResult call() throws IOException {
    month
        .filter(text -> !text.matches("\\d{4}-(0[1-9]|1[0-2])"))
        .ifPresent(
            text -> {
              throw new ParameterException(
                  spec.commandLine(), "--month: expected a month such as 2024-01, found " + text);
            });
    SealMonths.Result result =
        new SealMonths(
                root().archivePath(),
                root().databasePath(),
                root()
                    .configuration()
                    .with(ArchivedSettings.look(root().archivePath(), new ArrayList<>()))
                    .compressionAfter(),
                root().clock,
                root().progress())
            .run(month.map(text -> text.replace('-', '_')));
    CommandResult outcome =
        new CommandResult()
            .put("sealed", shown(result.sealed()))
            .put("sealed_before", shown(result.before()))
            .put("compressed", result.compressed());
    if (!result.compressed().isEmpty()) {
      outcome.say(
          "Compressed: %,d files of months that ended long ago; zcat and zgrep read them."
              .formatted(result.compressed().size()));
    }
    if (!result.sealed().isEmpty()) {
      return outcome.say("Sealed: " + String.join(", ", shown(result.sealed())) + ".");
    }
    return outcome.say(
        month
            .map(text -> text + " is sealed already.")
            .orElse("Nothing to do: every month that has ended is sealed."));
  }

  private static List<String> shown(List<String> months) {
    return months.stream().map(SealMonths::shown).collect(Collectors.toList());
  }
}
