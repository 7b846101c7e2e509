package org.thywill.cli.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.OutputFiles;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.access.Ids;
import org.thywill.legacy.LegacyMigration;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.legacy.report.ImportReportPage;
import org.thywill.legacy.schema.LegacyFinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes over a community of the Python original. */
@Command(
    name = "import",
    description =
        "Take over a community of the Python original into a new archive and database; into an"
            + " existing archive, add what is not there yet.")
public final class ImportCommand extends WritingSubcommand {
  @Option(
      names = "--from-database",
      paramLabel = "FILE",
      description = "The original's database; may be given several times")
  List<Path> databases = List.of();

  @Option(
      names = "--from-archives",
      paramLabel = "DIR or ZIP",
      description =
          "The original's text archives: a folder, a ZIP, or one file such as sessions_backup.json;"
              + " may be given several times")
  List<Path> archives = List.of();

  @Option(
      names = "--offset",
      paramLabel = "ZONE",
      description =
          "Time zone of the original's server, such as Europe/Berlin or +02:00, for the times in"
              + " text archives; concluded from them if not given")
  @Nullable String offset;

  @Option(
      names = "--hide-unmoderated",
      description =
          "Hide prayers of which no file says whether they were reported, until a moderator looks"
              + " at them")
  boolean hideUnmoderated;

  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a page, too")
  @Nullable Path html;

  @Option(
      names = "--from-email-database",
      paramLabel = "FILE",
      description = "The original's database of e-mail addresses")
  @Nullable Path emailDatabase;

  @Option(names = "--replace", description = "Put an existing archive and database aside")
  boolean replace;

  @Option(names = "--dry-run", description = "Read everything and report; write nothing")
  boolean dryRun;

  @Override
  protected boolean addsChanges() {
    return !replace && !dryRun;
  }

  @Override
  protected CommandResult write() throws IOException {
    if (databases.isEmpty() && archives.isEmpty()) {
      throw wrongUsage(
          "what to import from is missing: --from-database FILE or --from-archives DIR");
    }
    requireSources();
    Optional<ZoneId> zone = zone();
    if (zone.isPresent() && archives.isEmpty()) {
      throw wrongUsage(
          "--offset is for text archives: the times of a database are carried as they are. Leave it"
              + " out, or add --from-archives");
    }
    if (html != null) {
      OutputFiles.requireFree(html, context().archivePath(), "--html", replace);
    }
    LegacyMigration migration =
        new LegacyMigration(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            new Ids(new SecureRandom()).hexId(),
            context().progress());
    LegacyMigration.Result result =
        migration.run(
            new LegacyMigration.Plan(
                databases,
                new TextArchiveOptions(archives, zone.orElse(null), hideUnmoderated),
                emailDatabase,
                replace,
                dryRun));
    ImportReport report = result.report();
    CommandResult outcome =
        new CommandResult()
            .put("rows", report.rows())
            .put("tables", report.tables())
            .put(
                "not_carried",
                report.notCarried().stream()
                    .map(item -> Map.of("what", item.what(), "reason", item.reason()))
                    .toList())
            .put("withheld", report.withheld())
            .put("dialects", report.dialects())
            .put("unknown_tables", report.unknownTables())
            .put("unknown_columns", report.unknownColumns())
            .put("dry_run", dryRun)
            .put("digest", result.digest())
            .find(
                report.findings().stream()
                    .map(ImportCommand::finding)
                    .sorted(Comparator.comparing(Finding::severity))
                    .toList(),
                report.findingsByCode())
            .withoutNotes();
    outcome.say(
        "%s %,d rows of %d tables."
            .formatted(
                dryRun ? "Would import" : "Imported", report.rows(), report.tables().size()));
    report.texts().ifPresent(texts -> ImportReportText.describe(texts, outcome));
    if (html != null) {
      OutputFiles.write(html, ImportReportPage.of(report, dryRun, context().clock().instant()));
      outcome.say("Report " + html + ".");
    }
    report
        .withheld()
        .forEach(
            (what, count) -> outcome.say("Withheld, being secret: " + count + " × " + what + "."));
    report
        .unknownTables()
        .forEach(
            name ->
                outcome.say(
                    "A table that the original never had, carried as it is: " + name + "."));
    report
        .unknownColumns()
        .forEach(
            name ->
                outcome.say(
                    "A column that the original never had, carried as it is: " + name + "."));
    report
        .notCarried()
        .forEach(item -> outcome.say("Not carried: " + item.what() + " (" + item.reason() + ")."));
    Map<String, Long> notes = new TreeMap<>();
    report.findings().stream()
        .filter(finding -> finding.severity().equals("note"))
        .forEach(
            note -> notes.put(note.code(), report.findingsByCode().getOrDefault(note.code(), 1L)));
    if (!notes.isEmpty()) {
      outcome.say(
          "Good to know: "
              + notes.entrySet().stream()
                  .map(note -> note.getValue() + " × " + note.getKey())
                  .collect(Collectors.joining(", "))
              + "; each is named with --html or --json.");
    }
    result
        .digest()
        .ifPresent(
            digest ->
                outcome.say(
                    "Archive "
                        + context().archivePath()
                        + ", database "
                        + context().databasePath()
                        + ", digest "
                        + digest
                        + "."));
    return outcome;
  }

  private void requireSources() throws NoSuchFileException {
    List<Path> sources = new ArrayList<>(databases);
    sources.addAll(archives);
    if (emailDatabase != null) {
      sources.add(emailDatabase);
    }
    for (Path source : sources) {
      if (!Files.exists(source)) {
        throw new NoSuchFileException(
            source.toString(), null, "is missing, so nothing can be imported from it");
      }
    }
  }

  private Optional<ZoneId> zone() {
    try {
      return Optional.ofNullable(offset).map(ZoneId::of);
    } catch (DateTimeException e) {
      throw wrongUsage(
          "--offset is no zone: " + offset + "; expected one such as Europe/Berlin or +02:00", e);
    }
  }

  static Finding finding(LegacyFinding finding) {
    Finding.Severity severity =
        finding.severity().equals("warning") ? Finding.Severity.WARNING : Finding.Severity.NOTE;
    return new Finding(
        finding.code(), severity, finding.file(), finding.line(), finding.message(), false, "");
  }
}
