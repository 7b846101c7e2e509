package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.OutputFiles;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.format.ByteSizes;
import org.thywill.operations.format.TimeText;
import org.thywill.operations.report.ArchiveCopies;
import org.thywill.operations.report.ClockSyncProbe;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.operations.report.RecoveryReportPage;
import org.thywill.operations.report.RecoveryReporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reports whether the community could be rebuilt today. */
@Command(
    name = "recovery-report",
    description =
        "Can this community be rebuilt today? What is covered, where copies are, when it was last"
            + " tried, and what is missing for production.")
public final class RecoveryReportCommand extends Subcommand {
  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the report also as one page for people")
  @Nullable Path html;

  @Option(names = "--replace", description = "Put a page that exists aside")
  boolean replace;

  @Override
  protected CommandResult execute() throws IOException {
    if (html != null) {
      OutputFiles.requireFree(html, context().archivePath(), "--html", replace);
    }
    RecoveryReport report =
        new RecoveryReporter(
                context().archivePath(),
                context().databasePath(),
                context().configuration(),
                ClockSyncProbe.SYSTEM,
                context().clock().instant())
            .make(context().progress());
    CommandResult outcome = outcome(report).find(report.findings(), report.findingsByCode());
    say(report, outcome);
    if (html != null) {
      OutputFiles.write(html, RecoveryReportPage.of(report));
      outcome.say("For people: " + html);
    }
    return outcome;
  }

  private static CommandResult outcome(RecoveryReport report) {
    CommandResult outcome =
        new CommandResult()
            .put("ready", report.ready())
            .put("groups", report.groups().stream().map(RecoveryReportCommand::json).toList())
            .put("locations", report.locations().stream().map(RecoveryReportCommand::json).toList())
            .put(
                "estimate_seconds",
                report.estimateSeconds().isPresent()
                    ? Math.round(report.estimateSeconds().getAsDouble() * 10) / 10.0
                    : null)
            .put("estimate_measured", report.measured())
            .put("last_drill", report.drill().map(RecoveryReportCommand::json))
            .put("ready_for_members", report.readyForMembers())
            .put(
                "requirements",
                report.requirements().stream().map(RecoveryReportCommand::json).toList())
            .put("afterwards", report.afterwards());
    Optional.ofNullable(report.contents())
        .ifPresent(
            contents -> {
              RecoveryReport.Space space = contents.space();
              outcome
                  .put("changes", contents.changes())
                  .put("last_change_at", contents.lastAt().toString())
                  .put("format", contents.format())
                  .put("gaps", contents.gaps())
                  .put("archive_bytes", space.archiveBytes())
                  .put("free_bytes", space.freeBytes())
                  .put(
                      "months_until_full",
                      space.monthsLeft().isPresent() ? space.monthsLeft().getAsLong() : null);
            });
    return outcome;
  }

  private static void say(RecoveryReport report, CommandResult outcome) {
    outcome.say(
        report.ready()
            ? "Ready: the community can be rebuilt today, in about %s%s."
                .formatted(
                    TimeText.rounded(report.estimateSeconds().orElse(0)),
                    report.measured()
                        ? ", judged by the last drill"
                        : " (an estimate; no drill has measured it)")
            : "Not ready: " + report.obstacle().orElse("") + ".");
    Optional.ofNullable(report.contents())
        .ifPresent(
            contents ->
                outcome.say(
                    "%,d changes, the last at %s; format %s; %s."
                        .formatted(
                            contents.changes(),
                            contents.lastAt(),
                            contents.format(),
                            contents.gaps().isEmpty()
                                ? "no number is missing"
                                : String.join("; ", contents.gaps()))));
    for (RecoveryReport.Group group : report.groups()) {
      outcome.say(
          "  %-8s %,9d rows  %s"
              .formatted(
                  group.group().label(),
                  group.rows(),
                  group.tables().stream()
                      .map(covered -> covered.table().name())
                      .collect(Collectors.joining(", "))));
    }
    outcome.say("Kept in:");
    for (ArchiveCopies.Location location : report.locations()) {
      outcome.say(
          "  %s: %s%s"
              .formatted(
                  location.name(),
                  location.state().label(),
                  location.remark().isEmpty() ? "" : " (" + location.remark() + ")"));
    }
    outcome.say(
        report
            .drill()
            .map(
                last ->
                    "Last drill: %s, %s, %s, from %s."
                        .formatted(
                            last.at(),
                            last.report().green() ? "green" : "RED",
                            TimeText.rounded(last.report().seconds()),
                            last.report().from()))
            .orElse("Last drill: none is known."));
    Optional.ofNullable(report.contents())
        .ifPresent(
            contents ->
                outcome.say(
                    "Disk: the archive takes %s, %s are free."
                        .formatted(
                            ByteSizes.of(contents.space().archiveBytes()),
                            ByteSizes.of(contents.space().freeBytes()))));
    outcome.say("What members may rely on:");
    report
        .requirements()
        .forEach(
            each ->
                outcome.say(
                    "  [" + (each.met() ? "x" : " ") + "] " + each.requirement().meaning()));
    outcome.say("After a recovery:");
    report.afterwards().forEach(step -> outcome.say("  - " + step));
  }

  private static Map<String, Object> json(RecoveryReport.Group group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("group", group.group().label());
    json.put("rows", group.rows());
    List<Map<String, Object>> tables =
        group.tables().stream()
            .<Map<String, Object>>map(
                covered -> {
                  Map<String, Object> table = new LinkedHashMap<>();
                  table.put("table", covered.table().name());
                  table.put("rows", covered.rows());
                  table.put("logs", covered.logs());
                  table.put("bytes", covered.bytes());
                  return table;
                })
            .toList();
    json.put("tables", tables);
    return json;
  }

  private static Map<String, @Nullable Object> json(ArchiveCopies.Location location) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", location.name());
    json.put("state", location.state().name().toLowerCase(Locale.ROOT));
    json.put("usable", location.isUsable());
    json.put("seq", location.seq());
    json.put("last_change_at", location.lastAt() == null ? null : location.lastAt().toString());
    json.put("age_seconds", location.age().toSeconds());
    json.put("same_disk", location.sameDisk());
    json.put("remark", location.remark());
    return json;
  }

  private static Map<String, Object> json(RecoveryReport.Requirement requirement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requirement", requirement.requirement().label());
    json.put("meaning", requirement.requirement().meaning());
    json.put("met", requirement.met());
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
