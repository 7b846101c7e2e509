package org.thywill.legacy.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.text.merge.TextReport;
import org.thywill.operations.format.NumberText;

/**
 * The values that the page of an import report shows.
 *
 * @param isDryRun whether nothing was written
 * @param now when the import was made
 */
record ImportReportView(ImportReport report, boolean isDryRun, Instant now) {
  private static final String WARNING = "warning";
  private static final String NOTE = "note";
  private static final String NOT_UNDERSTOOD = "line-not-understood";

  /** Name of the original's table → what it holds, in the order of the page. */
  private static final Map<String, String> MEANINGS =
      meanings(
          "user",
          "members",
          "prayer",
          "prayers",
          "prayermark",
          "marks",
          "prayerskip",
          "skips",
          "prayer_attributes",
          "attributes of prayers",
          "prayer_activity_log",
          "log of prayers",
          "role",
          "roles",
          "user_roles",
          "members' roles",
          "invitetoken",
          "invites",
          "invite_token_usage",
          "uses of invites",
          "membership_application",
          "applications",
          "session",
          "sessions",
          "authenticationrequest",
          "sign-in requests",
          "authapproval",
          "approvals",
          "authauditlog",
          "audit of sign-ins",
          "securitylog",
          "security events",
          "notification_state",
          "notifications",
          "user_email",
          "e-mail addresses",
          "changelogentry",
          "changelog");

  /** A number that the page shows in large type, and what it counts. */
  record Fact(long number, String meaning) {}

  /**
   * All findings of one code.
   *
   * @param count how many there are; only the first ones may be kept
   */
  record FindingGroup(String code, boolean isWarning, long count, List<LegacyFinding> findings) {
    LegacyFinding first() {
      return findings.getFirst();
    }

    boolean isSingle() {
      return count == 1 && findings.size() == 1;
    }
  }

  /**
   * A table of the original.
   *
   * @param meaning what it holds; empty for a table that the original never had
   * @param counts rows that were imported, then the counts of the texts, if there were any
   */
  record TableRow(String name, String meaning, List<Long> counts) {}

  @Nullable TextReport texts() {
    return report.textReport();
  }

  int unreadCount() {
    TextReport texts = texts();
    return texts == null ? 0 : texts.unread().size();
  }

  List<Fact> facts() {
    Map<String, Long> tables = report.tables();
    TextReport texts = texts();
    return List.of(
        new Fact(report.rows(), isDryRun ? "rows would come" : "rows came"),
        new Fact(tables.getOrDefault("user", 0L), "members"),
        new Fact(tables.getOrDefault("prayer", 0L), "prayers"),
        texts == null
            ? new Fact(tables.getOrDefault("prayermark", 0L), "marks")
            : new Fact(texts.files(), "files of text archives"));
  }

  boolean hasWarnings() {
    return report.findings().stream().anyMatch(finding -> finding.severity().equals(WARNING));
  }

  /** The warnings, without lines that were not understood, which the page lists one by one. */
  List<FindingGroup> warnings() {
    return groups(WARNING).stream().filter(group -> !group.code().equals(NOT_UNDERSTOOD)).toList();
  }

  List<FindingGroup> notes() {
    return groups(NOTE);
  }

  /** Groups of findings; those that name no file come first. */
  private List<FindingGroup> groups(String severity) {
    List<LegacyFinding> found =
        report.findings().stream().filter(finding -> finding.severity().equals(severity)).toList();
    Set<String> codes = new LinkedHashSet<>();
    found.stream()
        .filter(finding -> finding.file().isEmpty())
        .forEach(finding -> codes.add(finding.code()));
    found.forEach(finding -> codes.add(finding.code()));
    List<FindingGroup> groups = new ArrayList<>();
    for (String code : codes) {
      List<LegacyFinding> findings =
          found.stream().filter(finding -> finding.code().equals(code)).toList();
      long count = Math.max(findings.size(), report.findingsByCode().getOrDefault(code, 0L));
      groups.add(new FindingGroup(code, severity.equals(WARNING), count, findings));
    }
    return groups;
  }

  /** The headings of the columns of numbers. */
  List<String> columns() {
    return texts() == null
        ? List.of("rows")
        : List.of("rows", "stated", "repeated", "had before", "to the minute", "concluded");
  }

  List<TableRow> tables() {
    TextReport texts = texts();
    Map<String, TextReport.Table> stated = texts == null ? Map.of() : texts.tables();
    Set<String> names = new LinkedHashSet<>(MEANINGS.keySet());
    names.addAll(report.tables().keySet());
    List<TableRow> rows = new ArrayList<>();
    for (String name : names) {
      long carried = report.tables().getOrDefault(name, 0L);
      if (carried > 0 || stated.containsKey(name)) {
        List<Long> counts = new ArrayList<>(List.of(carried));
        if (texts != null) {
          counts.addAll(counts(stated.getOrDefault(name, new TextReport.Table(0, 0, 0, 0, 0, 0))));
        }
        rows.add(new TableRow(name, MEANINGS.getOrDefault(name, ""), counts));
      }
    }
    return rows;
  }

  private static List<Long> counts(TextReport.Table table) {
    return List.of(
        table.stated(), table.merged(), table.elsewhere(), table.approximate(), table.inferred());
  }

  /** What was left out, and what the original never had; one sentence each. */
  List<String> exceptions() {
    List<String> sentences = new ArrayList<>();
    report
        .notCarried()
        .forEach(item -> sentences.add("Not carried: " + item.what() + " (" + item.reason() + ")"));
    report
        .withheld()
        .forEach(
            (what, count) ->
                sentences.add("Withheld, being secret: " + NumberText.of(count) + " × " + what));
    report
        .unknownTables()
        .forEach(
            name ->
                sentences.add("A table that the original never had, carried as it is: " + name));
    report
        .unknownColumns()
        .forEach(
            name ->
                sentences.add("A column that the original never had, carried as it is: " + name));
    return sentences;
  }

  private static Map<String, String> meanings(String... tablesAndMeanings) {
    Map<String, String> meanings = new LinkedHashMap<>();
    for (int i = 0; i < tablesAndMeanings.length; i += 2) {
      meanings.put(tablesAndMeanings[i], tablesAndMeanings[i + 1]);
    }
    return meanings;
  }
}
