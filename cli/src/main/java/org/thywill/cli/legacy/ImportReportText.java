package org.thywill.cli.legacy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.legacy.text.merge.TextReport;

/** Describes what was read from text archives, for people and for programs. */
final class ImportReportText {
  private ImportReportText() {}

  static void describe(TextReport report, CommandResult outcome) {
    Map<String, Object> tables = new LinkedHashMap<>();
    report.tables().forEach((name, table) -> tables.put(name, json(table)));
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

  private static Map<String, Object> json(TextReport.Table table) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("stated", table.stated());
    json.put("carried", table.carried());
    json.put("merged", table.merged());
    json.put("elsewhere", table.elsewhere());
    json.put("approximate", table.approximate());
    json.put("inferred", table.inferred());
    return json;
  }
}
