package org.thywill.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.operations.Locations;
import org.thywill.operations.Places;
import org.thywill.operations.RecoveryReport;
import org.thywill.operations.RecoveryReportPage;
import org.thywill.operations.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says where the operator stands. */
@Command(name = "recovery-report", description = "Can this community be rebuilt today? What is covered, where copies are, when it was last tried, and what is missing for production.")
final class RecoveryReportCommand extends ThyWillCommand {
  @Option(names = "--html", paramLabel = "FILE", description = "Write the report also as one page for people")
  Optional<Path> html = Optional.empty();

  @Option(names = "--replace", description = "Put a page that exists aside")
  boolean replace;

  @Override
  public Outcome call() throws IOException {
    if (html.isPresent() && Files.exists(html.get()) && !replace) {
      throw new Refused(html.get() + " exists. Add --replace to put it aside, or name another with --html");
    }
    RecoveryReport report = RecoveryReport.make(root().archivePath(), root().databasePath(), root().configuration(), root().clock.instant(), root().progress());
    Outcome outcome = new Outcome().put("ready", report.ready()).put("changes", report.changes()).put("last_change_at", report.lastAt().toString())
        .put("groups", report.groups().stream().map(RecoveryReportCommand::json).toList())
        .put("locations", report.locations().stream().map(RecoveryReportCommand::json).toList())
        .put("last_drill", report.drill().map(RecoveryReportCommand::json))
        .put("estimate_seconds", Math.round(report.estimateSeconds() * 10) / 10.0).put("estimate_measured", report.measured())
        .put("oldest_format", report.oldestFormat()).put("gaps", report.gaps()).put("archive_bytes", report.space().archiveBytes())
        .put("free_bytes", report.space().freeBytes()).put("months_until_full", report.space().monthsLeft().isPresent() ? report.space().monthsLeft().getAsLong() : null)
        .put("afterwards", report.afterwards()).find(report.findings(), Map.of());
    say(report, outcome);
    if (html.isPresent()) {
      write(html.get(), RecoveryReportPage.of(report));
      outcome.say("For people: " + html.get());
    }
    return report.ready() ? outcome : outcome.wrong();
  }

  private static void say(RecoveryReport report, Outcome outcome) {
    outcome.say(report.ready() ? "READY: the community can be rebuilt today, in about %,.0f s%s.".formatted(Math.max(1, report.estimateSeconds()),
        report.measured() ? ", judged by the last drill" : " (estimated; no drill has measured it)") : "NOT READY: see below.");
    outcome.say("%,d changes, the last at %s; format %s; %s.".formatted(report.changes(), report.lastAt(), report.oldestFormat(),
        report.gaps().isEmpty() ? "no number is missing" : String.join("; ", report.gaps())));
    for (RecoveryReport.Group group : report.groups()) {
      outcome.say("  %-8s %,9d rows in %d tables: %s".formatted(group.group().word(), group.rows(), group.tables().size(),
          String.join(", ", group.tables().stream().map(covered -> covered.table().name()).toList())));
    }
    for (Locations.Location location : report.locations()) {
      outcome.say("Kept in %s: %s%s".formatted(location.name(), location.state(), location.remark().isEmpty() ? "" : " (" + location.remark() + ")"));
    }
    outcome.say(report.drill().map(last -> "Last drill: %s, %s, %.1f s.".formatted(last.at(), last.report().green() ? "green" : "RED", last.report().seconds())).orElse("Last drill: none."));
    outcome.say("Disk: the archive takes %,d bytes, %,d are free.".formatted(report.space().archiveBytes(), report.space().freeBytes()));
    outcome.say("After a recovery:");
    report.afterwards().forEach(step -> outcome.say("  - " + step));
  }

  private static void write(Path file, String page) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, Places.aside(file, "replaced"));
    }
    Files.writeString(file, page);
  }

  private static Map<String, Object> json(RecoveryReport.Group group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", group.group().word());
    json.put("rows", group.rows());
    List<Map<String, Object>> tables = group.tables().stream().<Map<String, Object>>map(covered -> {
      Map<String, Object> table = new LinkedHashMap<>();
      table.put("table", covered.table().name());
      table.put("rows", covered.rows());
      table.put("logs", covered.logs());
      table.put("bytes", covered.bytes());
      return table;
    }).toList();
    json.put("tables", tables);
    return json;
  }

  private static Map<String, Object> json(Locations.Location location) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", location.name());
    json.put("state", location.state());
    json.put("seq", location.seq());
    json.put("age_seconds", location.age().toSeconds());
    json.put("remark", location.remark());
    return json;
  }

  private static Map<String, @Nullable Object> json(RecoveryReport.LastDrill last) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", last.at().toString());
    json.put("green", last.report().green());
    json.put("from", last.report().from());
    json.put("seq", last.report().seq());
    json.put("rows", last.report().rows());
    json.put("seconds", last.report().seconds());
    json.put("causes", last.report().causes());
    return json;
  }
}
