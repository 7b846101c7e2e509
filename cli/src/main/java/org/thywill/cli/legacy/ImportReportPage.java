package org.thywill.cli.legacy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.text.merge.TextReport;
import org.thywill.operations.report.RecoveryReportPage;
import org.thywill.operations.report.ReportStyle;

/**
 * The report of an import as one page that needs nothing besides itself, looks like the recovery
 * report, and is XML as well as HTML: first what people have to look at, then what came of every
 * table, then everything else. Whatever comes from outside is escaped.
 */
final class ImportReportPage {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final String CSS =
      """
      .wide { overflow-x: auto; } .wide th, .wide td { padding-right: .9rem; } td code { display: block; white-space: nowrap; color: var(--soft); }
      summary { cursor: pointer; padding: .35rem 0; } details ul { margin-bottom: .8rem; } dt { font-weight: 600; margin-top: .5rem; overflow-wrap: anywhere; } dd { margin: 0; }
      @media (max-width: 40rem) { td code { display: none; } }
      """;

  /** What the original's tables hold, in the order in which people ask for them. */
  private static final Map<String, String> WORDS =
      words(
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

  private final ImportReport report;
  private final boolean dryRun;
  private final Instant now;
  private final StringBuilder page = new StringBuilder();

  ImportReportPage(ImportReport report, boolean dryRun, Instant now) {
    this.report = report;
    this.dryRun = dryRun;
    this.now = now;
  }

  String html() {
    say(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Import report</title>
        <style>
        """,
        ReportStyle.CSS,
        CSS,
        "</style>\n</head>\n<body>\n<main>\n<h1>",
        dryRun ? "What would be taken over" : "What was taken over",
        "</h1>\n<p class=\"soft\">Import report of ",
        MINUTE.format(now),
        dryRun ? ", a dry run: nothing was written" : "",
        "</p>\n");
    answer();
    facts();
    attention();
    tables();
    sources();
    leftOut();
    notes();
    say(
        "<p class=\"soft\">Made by <code>thywill import</code>. docs/IMPORT.md tells what each"
            + " finding means; <code>--json</code> has the same for programs.</p>\n"
            + "</main>\n"
            + "</body>\n"
            + "</html>\n");
    return page.toString();
  }

  private void answer() {
    int unread = report.texts().map(texts -> texts.unread().size()).orElse(0);
    String words =
        unread > 0
            ? "<strong class=\"bad\">"
                + number(unread)
                + (unread == 1 ? " line or file was" : " lines or files were")
                + " not understood.</strong>"
            : report.texts().isPresent()
                ? "<strong class=\"good\">Every line was understood.</strong>"
                : "<strong class=\"good\">Every row was read.</strong>";
    say(
        "<div class=\"answer\"><div>",
        words,
        "\n<p>",
        codes("warning").isEmpty()
            ? "Nothing has to be looked at."
            : "Some things have to be looked at; they are named first.",
        report
            .texts()
            .map(
                texts -> " Times of the server's clock were taken as " + text(texts.offset()) + ".")
            .orElse(""),
        "</p></div></div>\n");
  }

  private void facts() {
    say("<div class=\"facts\">\n");
    fact(report.rows(), dryRun ? "rows would come" : "rows came");
    fact(report.tables().getOrDefault("user", 0L), "members");
    fact(report.tables().getOrDefault("prayer", 0L), "prayers");
    report
        .texts()
        .ifPresentOrElse(
            texts -> fact(texts.files(), "files of text archives"),
            () -> fact(report.tables().getOrDefault("prayermark", 0L), "marks"));
    say("</div>\n");
  }

  private void fact(long figure, String meaning) {
    say(
        "<div><strong>",
        number(figure),
        "</strong> <span class=\"soft\">",
        meaning,
        "</span></div>\n");
  }

  private void attention() {
    open("What to look at");
    report.texts().filter(texts -> !texts.unread().isEmpty()).ifPresent(this::unread);
    codes("warning").stream()
        .filter(code -> !code.equals("line-not-understood"))
        .forEach(code -> group(code, "warning"));
    if (codes("warning").isEmpty()) {
      say("<p class=\"good\">Nothing.</p>\n");
    }
    close();
  }

  private void unread(TextReport texts) {
    say(
        "<p><strong class=\"bad\">Not understood.</strong> Nothing of these is carried. Read them,"
            + " and add by hand what matters.</p>\n"
            + "<ul>\n");
    texts
        .unread()
        .forEach(line -> say("<li>", place(line.file(), line.line()), text(line.why()), "</li>\n"));
    say("</ul>\n");
  }

  /** All findings of one code; a single one as it is, several under their number. */
  private void group(String code, String severity) {
    List<LegacyFinding> found =
        report.findings().stream()
            .filter(finding -> finding.code().equals(code) && finding.severity().equals(severity))
            .toList();
    long all = Math.max(found.size(), report.findingsByCode().getOrDefault(code, 0L));
    String mark = severity.equals("warning") ? "<strong class=\"warn\">To do</strong> – " : "";
    if (found.size() == 1 && all == 1) {
      say(
          "<p>",
          mark,
          place(found.getFirst().file(), found.getFirst().line()),
          text(found.getFirst().message()),
          "</p>\n");
      return;
    }
    say(
        "<details><summary>",
        mark,
        number(all),
        " × <code>",
        text(code),
        "</code>, such as: ",
        text(found.getFirst().message()),
        "</summary>\n<ul>\n");
    found.forEach(
        finding ->
            say("<li>", place(finding.file(), finding.line()), text(finding.message()), "</li>\n"));
    say(
        all > found.size() ? "<li>and " + number(all - found.size()) + " more</li>\n" : "",
        "</ul></details>\n");
  }

  private void tables() {
    open("Row by row");
    Map<String, TextReport.Table> texts = report.texts().map(TextReport::tables).orElse(Map.of());
    Set<String> names = new LinkedHashSet<>(WORDS.keySet());
    names.addAll(report.tables().keySet());
    names.removeIf(name -> report.tables().getOrDefault(name, 0L) == 0 && !texts.containsKey(name));
    say("<div class=\"wide\"><table>\n<tr><th>What</th><th class=\"n\">rows</th>");
    List<String> columns =
        report.texts().isPresent()
            ? List.of("told", "repeated", "had before", "to the minute", "concluded")
            : List.of();
    columns.forEach(column -> say("<th class=\"n\">", column, "</th>"));
    say("</tr>\n");
    for (String name : names) {
      TextReport.Table table = texts.getOrDefault(name, new TextReport.Table(0, 0, 0, 0, 0, 0));
      say("<tr><td>", text(WORDS.getOrDefault(name, "")), " <code>", text(name), "</code></td>");
      figure(report.tables().getOrDefault(name, 0L));
      if (report.texts().isPresent()) {
        List.of(
                table.stated(),
                table.merged(),
                table.elsewhere(),
                table.approximate(),
                table.inferred())
            .forEach(this::figure);
      }
      say("</tr>\n");
    }
    say("</table></div>\n");
    if (report.texts().isPresent()) {
      say(
          "<p class=\"soft\">Rows: those that came, from whichever source. Told: how often the"
              + " texts tell of a row. Repeated: what only tells again of a row. Had before: what"
              + " the database, or the ",
          "community that was added to, has. To the minute: rows with a time that lacks its"
              + " seconds. Concluded: rows with a value that no file states, ids and paths of files"
              + " apart. ",
          "The archive tells of each row which file and line it came from, and which of its values"
              + " are to the minute or concluded.</p>\n");
    }
    close();
  }

  private void figure(long number) {
    say("<td class=\"n", number == 0 ? " soft\">" : "\">", number(number), "</td>");
  }

  private void sources() {
    open("Where it came from");
    say("<dl>\n");
    report
        .dialects()
        .forEach(
            (source, layouts) ->
                say("<dt>", text(source), "</dt><dd class=\"soft\">", text(layouts), "</dd>\n"));
    say("</dl>\n");
    close();
  }

  private void leftOut() {
    List<String> lines = new ArrayList<>();
    report
        .notCarried()
        .forEach(item -> lines.add("Not carried: " + item.what() + " (" + item.reason() + ")"));
    report
        .withheld()
        .forEach(
            (what, count) -> lines.add("Withheld, being secret: " + number(count) + " × " + what));
    report
        .unknownTables()
        .forEach(
            name -> lines.add("A table that the original never had, carried as it is: " + name));
    report
        .unknownColumns()
        .forEach(
            name -> lines.add("A column that the original never had, carried as it is: " + name));
    if (!lines.isEmpty()) {
      open("What is special");
      say("<ul>\n");
      lines.forEach(line -> say("<li>", text(line), "</li>\n"));
      say("</ul>\n");
      close();
    }
  }

  private void notes() {
    Set<String> codes = codes("note");
    if (!codes.isEmpty()) {
      open("Good to know");
      codes.forEach(code -> group(code, "note"));
      close();
    }
  }

  /** What concerns everything, and stands at no place, comes first. */
  private Set<String> codes(String severity) {
    Set<String> codes = new LinkedHashSet<>();
    List<LegacyFinding> found =
        report.findings().stream().filter(finding -> finding.severity().equals(severity)).toList();
    found.stream()
        .filter(finding -> finding.file().isEmpty())
        .forEach(finding -> codes.add(finding.code()));
    found.forEach(finding -> codes.add(finding.code()));
    return codes;
  }

  private static String place(String file, long line) {
    return Optional.of(file)
        .filter(name -> !name.isEmpty())
        .map(name -> "<code>" + text(name) + (line > 0 ? ":" + line : "") + "</code>: ")
        .orElse("");
  }

  private static Map<String, String> words(String... tablesAndWords) {
    Map<String, String> words = new LinkedHashMap<>();
    for (int i = 0; i < tablesAndWords.length; i += 2) {
      words.put(tablesAndWords[i], tablesAndWords[i + 1]);
    }
    return words;
  }

  private static String number(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  private static String text(String text) {
    return RecoveryReportPage.text(text);
  }

  private void open(String heading) {
    say("<section class=\"long\">\n<h2>", heading, "</h2>\n");
  }

  private void close() {
    say("</section>\n");
  }

  private void say(String... pieces) {
    List.of(pieces).forEach(page::append);
  }
}
