package org.thywill.cli;

import java.io.IOException;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.check.Checker;
import org.thywill.operations.Places;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks every line, the sequence, pages and snapshots of an archive. */
@Command(
    name = "validate-archives",
    description = "Check every line, the sequence, pages and snapshots of the archive.")
final class ValidateArchivesCommand extends ThyWillCommand {
  @Option(names = "--quick", description = "Names, sizes and the head only; under a second")
  boolean quick;

  @Override
  public Outcome call() throws IOException {
    CheckReport report =
        new Checker(Places.archiveAsItIs(root().archivePath()))
            .check(quick ? Checker.Mode.QUICK : Checker.Mode.FULL, root().progress()::report);
    Outcome outcome =
        new Outcome()
            .put("changes", report.changes())
            .put("files", report.files())
            .put("bytes", report.bytes())
            .put("sound", report.sound())
            .put("accepted_gaps", report.acceptedGaps())
            .find(report.findings(), report.findingsByCode());
    outcome.say(
        "%s: %,d changes, %,d files, %,d bytes%s."
            .formatted(
                report.verdict(),
                report.changes(),
                report.files(),
                report.bytes(),
                quick ? "; a quick look, not every byte" : ""));
    return report.sound() ? outcome : outcome.wrong();
  }
}
