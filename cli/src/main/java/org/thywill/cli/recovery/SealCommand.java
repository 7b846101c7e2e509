package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.operations.recovery.SealMonths;
import org.thywill.operations.settings.ArchivedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Seals months that have ended. */
@Command(
    name = "seal",
    description =
        "Close a month that has ended: record how every log is, and write a parity from which"
            + " logs can be restored. Compress those that ended long ago"
            + " (TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS).")
public final class SealCommand extends WritingSubcommand {
  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "The month to close; default: every one that has ended")
  @Nullable String month;

  @Override
  protected CommandResult write() throws IOException {
    if (month != null && !month.matches("\\d{4}-(0[1-9]|1[0-2])")) {
      throw wrongUsage("--month: expected a month such as 2024-01, found " + month);
    }
    SealMonths.Result result =
        new SealMonths(
                context().archivePath(),
                context().databasePath(),
                context()
                    .configuration()
                    .with(ArchivedSettings.look(context().archivePath(), new ArrayList<>()))
                    .compressionAfter()
                    .orElse(null),
                context().clock(),
                context().progress())
            .run(month == null ? null : month.replace('-', '_'));
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
        month == null
            ? "Nothing to do: every month that has ended is sealed."
            : month + " is sealed already.");
  }

  private static List<String> shown(List<String> months) {
    return months.stream().map(SealMonths::shown).toList();
  }
}
