package org.thywill.cli.recovery;

import java.io.IOException;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks every line, the sequence, pages and snapshots of an archive. */
@Command(
    name = "validate-archives",
    description = "Check every line, the sequence, pages and snapshots of the archive.")
public final class ValidateArchivesCommand extends Subcommand {
  @Option(names = "--quick", description = "Names, sizes and the head only; under a second")
  boolean quick;

  @Override
  protected CommandResult execute() throws IOException {
    CheckReport report =
        new ArchiveChecker(ArchiveFolders.archiveAsItIs(context().archivePath()))
            .check(
                quick ? ArchiveChecker.Mode.QUICK : ArchiveChecker.Mode.FULL, context().progress());
    CommandResult outcome =
        new CommandResult()
            .put("changes", report.changes())
            .put("files", report.files())
            .put("bytes", report.bytes())
            .put("sound", report.sound())
            .put("accepted_gaps", report.acceptedGaps())
            .put("digest_proven", report.sound() && !quick)
            .find(report.findings(), report.findingsByCode());
    outcome.say(
        "%s: %,d changes, %,d files, %,d bytes%s."
            .formatted(
                report.verdict(),
                report.changes(),
                report.files(),
                report.bytes(),
                quick ? "; a quick look, not every byte" : ""));
    if (report.sound() && !quick) {
      outcome.say("The digest that the head records is that of the rows.");
    }
    return report.sound() ? outcome : outcome.wrong();
  }
}
