package org.thywill.cli.legacy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.legacy.LegacyMigration;
import org.thywill.legacy.exporter.ExportReport;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a database in the Python original's layout. */
@Command(
    name = "export-original",
    description = "Write a SQLite database in the Python original's layout.")
public final class ExportOriginalCommand extends Subcommand {
  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The file to be written")
  Path to;

  @Option(names = "--replace", description = "Put an existing file aside")
  boolean replace;

  @Option(
      names = "--allow-powerful-names",
      description = "Write names that give rights in the original as they are")
  boolean allowPowerfulNames;

  @SuppressWarnings("NullAway.Init")
  ExportOriginalCommand() {}

  @Override
  protected CommandResult execute() throws IOException {
    ArchiveFolders.requireOutside(to, context().archivePath(), "--to");
    ExportReport report =
        LegacyMigration.export(
            context().databasePath(), to, replace, allowPowerfulNames, context().progress());
    CommandResult outcome =
        new CommandResult()
            .put("rows", report.rows())
            .put("tables", report.tables())
            .put(
                "not_carried",
                report.notCarried().stream()
                    .map(item -> Map.of("what", item.what(), "reason", item.reason()))
                    .toList());
    report.findings().stream().map(ImportCommand::finding).forEach(outcome::find);
    report
        .notCarried()
        .forEach(item -> outcome.say("Not carried: " + item.what() + " (" + item.reason() + ")."));
    return outcome.say(
        "Wrote %,d rows of %d tables to %s.".formatted(report.rows(), report.tables().size(), to));
  }
}
