package org.thywill.cli.legacy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.legacy.text.merge.TextReport;

/** What was read from text archives, for people and for programs. */
final class ImportReportText {
  private ImportReportText() {}

  static void describe(TextReport report, CommandResult outcome) {
    Map<String, Object> tables = new LinkedHashMap<>();
    report
        .tables()
        .forEach(
            (name, table) ->
                tables.put(
                    name,
                    Map.of(
                        "stated",
                        table.stated(),
                        "carried",
                        table.carried(),
                        "merged",
                        table.merged(),
                        "elsewhere",
                        table.elsewhere(),
                        "approximate",
                        table.approximate(),
                        "inferred",
                        table.inferred())));
    outcome
        .put("archive_files", report.files())
        .put("archive_offset", report.offset())
        .put("archive_tables", tables)
        .put(
            "not_understood",
            report.unread().stream()
                .map(line -> Map.of("file", line.file(), "line", line.line(), "why", line.why()))
                .toList());
    outcome.say(
        "Read %,d files of text archives; the server's clock: %s."
            .formatted(report.files(), report.offset()));
    outcome.say(
        "%-24s %8s %8s %8s %9s %11s %8s"
            .formatted(
                "table", "stated", "carried", "merged", "elsewhere", "approximate", "inferred"));
    report
        .tables()
        .forEach(
            (name, table) ->
                outcome.say(
                    "%-24s %8d %8d %8d %9d %11d %8d"
                        .formatted(
                            name,
                            table.stated(),
                            table.carried(),
                            table.merged(),
                            table.elsewhere(),
                            table.approximate(),
                            table.inferred())));
    outcome.say(
        report.unread().isEmpty()
            ? "Every line was understood."
            : "%,d lines were not understood; each is named, in full with --json or --html."
                .formatted(report.unread().size()));
  }
}
