package org.thywill.operations;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thywill.archive.Finding;

/**
 * A {@link RecoveryReport} as one page that needs nothing else: no script, no file beside it, light or dark as the reader's screen is, and fit for paper. Written for
 * people who look after a community, not after computers.
 */
public final class RecoveryReportPage {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final int MONTHS_MAX = 24;
  private static final int CHART_WIDTH = 720;
  private static final int CHART_HEIGHT = 150;
  private static final int DRILL_SCALE_DAYS = 90;
  private static final int FINDINGS_MAX = 50;

  private static final String STYLE = """
      :root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6878; --line: #d9dfe6; --page: #f5f7f9; --card: #fff; --good: #1f7a4d; --warn: #9a6200; --bad: #b3261e; --bar: #4a76a8; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e7ecf2; --soft: #a3b0bf; --line: #35414e; --page: #131a21; --card: #1c252e; --good: #6fd3a0; --warn: #f0bd63; --bad: #ff9a91; --bar: #7fb0e6; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
      main { max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
      h1 { font-size: 1.7rem; margin: 0; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
      .soft { color: var(--soft); } .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
      section, .answer { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.3rem; margin: 1rem 0; }
      .answer { display: flex; gap: 1.2rem; align-items: center; } .answer svg { flex: none; } .answer p { margin: .2rem 0 0; }
      .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1rem 0; }
      .facts div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; } .facts strong { display: block; font-size: 1.3rem; }
      table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
      th { font-weight: 600; } .n { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; white-space: nowrap; } td { overflow-wrap: anywhere; }
      svg { max-width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
      code { font-size: .9em; overflow-wrap: anywhere; } ul { padding-left: 1.2rem; margin: .3rem 0; } li { margin: .35rem 0; }
      @media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --good: #1f7a4d; --warn: #9a6200; --bad: #b3261e; --bar: #4a76a8; }
        body { font-size: 11pt; } main { padding: 0; } section, .answer, .facts div { break-inside: avoid; } }
      """;

  private final RecoveryReport report;
  private final StringBuilder page = new StringBuilder();

  private RecoveryReportPage(RecoveryReport report) {
    this.report = report;
  }

  /** The whole page. */
  public static String of(RecoveryReport report) {
    return new RecoveryReportPage(report).write();
  }

  private String write() {
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>Recovery report</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<main>\n");
    page.append("<h1>Can our community be rebuilt today?</h1>\n<p class=\"soft\">Recovery report of ").append(MINUTE.format(report.now())).append("</p>\n");
    answer();
    facts();
    findings();
    drill();
    copies();
    coverage();
    growth();
    afterwards();
    page.append("<p class=\"soft\">Made by <code>thywill recovery-report</code>, which read every byte of the archive and changed nothing. Archive format ")
        .append(text(report.oldestFormat())).append(".</p>\n</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void answer() {
    String colour = report.ready() ? "good" : "bad";
    String sign = report.ready() ? "M14 26 L22 34 L36 17" : "M16 16 L34 34 M34 16 L16 34";
    page.append("<div class=\"answer\"><svg width=\"50\" height=\"50\" viewBox=\"0 0 50 50\" role=\"img\" aria-label=\"").append(report.ready() ? "yes" : "no").append("\">")
        .append("<circle cx=\"25\" cy=\"25\" r=\"23\" fill=\"none\" stroke=\"var(--").append(colour).append(")\" stroke-width=\"3\"/><path d=\"").append(sign)
        .append("\" fill=\"none\" stroke=\"var(--").append(colour).append(")\" stroke-width=\"4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg><div><strong class=\"")
        .append(colour).append("\">").append(report.ready() ? "Yes." : "Not as it stands.").append("</strong><p>");
    page.append(report.ready()
        ? "Every line of the archive was read, and none is missing or changed. From it the whole community can be built again, in about " + duration(report.estimateSeconds())
            + (report.measured() ? ", judged by the last drill." : "; this is an estimate, since no drill has measured it.")
        : "Something needs a person first; it is named below, with the command that helps.");
    page.append("</p></div></div>\n");
  }

  private void facts() {
    long rows = report.groups().stream().mapToLong(RecoveryReport.Group::rows).sum();
    long copies = report.locations().stream().filter(Locations.Location::isUsable).count();
    page.append("<div class=\"facts\">");
    fact(number(report.changes()), "changes since the beginning, the last on " + DAY.format(report.lastAt()));
    fact(number(rows), "rows that would come back");
    fact(Long.toString(copies), copies == 1 ? "place where the archive is kept: this disk" : "places where the archive is kept");
    fact(report.drill().map(last -> ago(last.at())).orElse("never"), "was the last recovery drill");
    page.append("</div>\n");
  }

  private void fact(String figure, String meaning) {
    page.append("<div><strong>").append(text(figure)).append("</strong><span class=\"soft\">").append(text(meaning)).append("</span></div>");
  }

  private void findings() {
    page.append("<section><h2>What needs attention</h2>\n");
    List<Finding> notable = report.findings().stream().filter(finding -> finding.severity() != Finding.Severity.NOTE).toList();
    List<Finding> all = new ArrayList<>(notable);
    report.findings().stream().filter(finding -> finding.severity() == Finding.Severity.NOTE).forEach(all::add);
    if (all.isEmpty()) {
      page.append("<p class=\"good\">Nothing.</p>");
    } else {
      page.append("<ul>");
      all.stream().limit(FINDINGS_MAX).forEach(this::finding);
      page.append("</ul>");
      if (all.size() > FINDINGS_MAX) {
        page.append("<p>and ").append(all.size() - FINDINGS_MAX).append(" more.</p>");
      }
    }
    page.append("</section>\n");
  }

  private void finding(Finding finding) {
    String word = switch (finding.severity()) {
      case ERROR -> "<span class=\"bad\">Wrong</span>";
      case WARNING -> "<span class=\"warn\">To do</span>";
      case NOTE -> "<span class=\"soft\">Note</span>";
    };
    page.append("<li>").append(word).append(" — ").append(finding.file().equals(".") ? "" : "<code>" + text(finding.file()) + (finding.line() > 0 ? ":" + finding.line() : "") + "</code>: ")
        .append(text(finding.message())).append('.').append(finding.next().isEmpty() ? "" : " <code>" + text(finding.next()) + "</code>").append("</li>\n");
  }

  /** How old the last drill is, on a line of ninety days of which the first thirty are good. */
  private void drill() {
    page.append("<section><h2>The last drill</h2>\n<p>A drill builds the whole community again beside the living one, and compares both in every cell.</p>\n");
    if (report.drill().isEmpty()) {
      page.append("<p class=\"warn\">No drill was ever made. Until one is, nobody has seen a recovery succeed.</p></section>\n");
      return;
    }
    RecoveryReport.LastDrill last = report.drill().get();
    long days = Math.max(0, Duration.between(last.at(), report.now()).toDays());
    long x = Math.min(days, DRILL_SCALE_DAYS) * 640 / DRILL_SCALE_DAYS + 10;
    page.append("<p>").append(MINUTE.format(last.at())).append(last.report().green() ? ", <strong class=\"good\">green</strong>: " : ", <strong class=\"bad\">red</strong>: ")
        .append(last.report().green() ? number(last.report().rows()) + " rows in " + duration(last.report().seconds()) : text(last.report().causes()))
        .append(", from ").append(text(last.report().from())).append(".</p>\n<svg viewBox=\"0 0 660 46\" width=\"660\" role=\"img\" aria-label=\"the last drill was ").append(days)
        .append(" days ago; good are up to 30\"><rect x=\"10\" y=\"12\" width=\"213\" height=\"8\" fill=\"var(--good)\"/><rect x=\"223\" y=\"12\" width=\"427\" height=\"8\" fill=\"var(--warn)\"/>")
        .append("<circle cx=\"").append(x).append("\" cy=\"16\" r=\"9\" fill=\"var(--ink)\" stroke=\"var(--card)\" stroke-width=\"3\"/><text x=\"10\" y=\"42\">today</text>")
        .append("<text x=\"223\" y=\"42\" text-anchor=\"middle\">30 days ago</text><text x=\"650\" y=\"42\" text-anchor=\"end\">90 days or more</text></svg></section>\n");
  }

  private void copies() {
    page.append("<section><h2>Where it is kept</h2>\n<table><tr><th>Place</th><th>State</th><th class=\"n\">Last change</th></tr>\n");
    for (Locations.Location location : report.locations()) {
      String colour = location.isUsable() ? location.state().equals("behind") ? "warn" : "good" : "bad";
      page.append("<tr><td><code>").append(text(location.name())).append("</code>").append(location.remark().isEmpty() ? "" : "<br><span class=\"soft\">" + text(location.remark()) + "</span>")
          .append("</td><td class=\"").append(colour).append("\">").append(text(location.state())).append(location.age().isZero() ? "" : ", from " + days(location.age()) + " ago")
          .append("</td><td class=\"n\">").append(location.isUsable() ? number(location.seq()) : "–").append("</td></tr>\n");
    }
    page.append("</table></section>\n");
  }

  private void coverage() {
    long most = report.groups().stream().mapToLong(RecoveryReport.Group::rows).max().orElse(1);
    page.append("<section><h2>What is covered</h2>\n<p>Every table of the community is in the archive. Rows by part, each of which can be brought back by itself:</p>\n");
    int height = report.groups().size() * 26;
    page.append("<svg viewBox=\"0 0 ").append(CHART_WIDTH).append(' ').append(height).append("\" width=\"").append(CHART_WIDTH).append("\" role=\"img\" aria-label=\"rows by part\">");
    int y = 0;
    for (RecoveryReport.Group group : report.groups()) {
      long width = Math.max(1, group.rows() * 500 / Math.max(1, most));
      page.append("<text x=\"0\" y=\"").append(y + 16).append("\">").append(group.group().word()).append("</text><rect x=\"80\" y=\"").append(y + 4).append("\" width=\"").append(width)
          .append("\" height=\"16\" rx=\"2\" fill=\"var(--bar)\"/><text x=\"").append(width + 88).append("\" y=\"").append(y + 16).append("\">").append(number(group.rows())).append("</text>");
      y += 26;
    }
    page.append("</svg>\n<table><tr><th>Part</th><th>Table</th><th>What it is</th><th class=\"n\">Rows</th><th class=\"n\">Files</th></tr>\n");
    for (RecoveryReport.Group group : report.groups()) {
      for (RecoveryReport.Covered covered : group.tables()) {
        page.append("<tr><td>").append(group.group().word()).append("</td><td>").append(covered.table().name()).append("</td><td class=\"soft\">").append(text(covered.table().meaning()))
            .append("</td><td class=\"n\">").append(number(covered.rows())).append("</td><td class=\"n\">").append(number(covered.logs())).append("</td></tr>\n");
      }
    }
    page.append("</table></section>\n");
  }

  private void growth() {
    page.append("<section><h2>How it grows</h2>\n<p>The archive takes ").append(bytes(report.space().archiveBytes())).append("; ").append(bytes(report.space().freeBytes())).append(" are free. ");
    report.space().monthsLeft().ifPresent(left -> page.append("At the pace of the last months that lasts ").append(left > 1200 ? "for more than a hundred years" : left > 24
        ? "about " + left / 12 + " years" : "about " + left + " months").append('.'));
    page.append("</p>\n");
    Map<String, Long> months = report.bytesByMonth();
    if (!months.isEmpty()) {
      bars(months);
    }
    page.append("</section>\n");
  }

  private void bars(Map<String, Long> months) {
    int shown = Math.min(MONTHS_MAX, months.size());
    long most = months.values().stream().mapToLong(Long::longValue).max().orElse(1);
    Iterator<Map.Entry<String, Long>> last = months.entrySet().stream().skip(months.size() - shown).iterator();
    page.append("<svg viewBox=\"0 0 ").append(CHART_WIDTH).append(' ').append(CHART_HEIGHT + 24).append("\" width=\"").append(CHART_WIDTH).append("\" role=\"img\" aria-label=\"bytes of each month\">");
    int step = Math.min(60, CHART_WIDTH / shown);
    for (int i = 0; last.hasNext(); i++) {
      Map.Entry<String, Long> month = last.next();
      long height = Math.max(1, month.getValue() * (CHART_HEIGHT - 20) / Math.max(1, most));
      page.append("<rect x=\"").append(i * step + 3).append("\" y=\"").append(CHART_HEIGHT - height).append("\" width=\"").append(step - 6).append("\" height=\"").append(height)
          .append("\" rx=\"2\" fill=\"var(--bar)\"><title>").append(month.getKey()).append(": ").append(bytes(month.getValue())).append("</title></rect>");
      if (step >= 40 || i % 3 == 0) {
        page.append("<text x=\"").append(i * step + step / 2).append("\" y=\"").append(CHART_HEIGHT + 18).append("\" text-anchor=\"middle\">").append(month.getKey(), 2, 7).append("</text>");
      }
    }
    page.append("</svg>\n<p class=\"soft\">Text written for each month; the highest is ").append(bytes(most)).append(".</p>\n");
  }

  private void afterwards() {
    page.append("<section><h2>What people must do after a recovery</h2>\n<ul>");
    report.afterwards().forEach(step -> page.append("<li>").append(text(step)).append("</li>"));
    page.append("</ul></section>\n");
  }

  private String ago(Instant then) {
    long days = Math.max(0, Duration.between(then, report.now()).toDays());
    return days == 0 ? "today" : days == 1 ? "yesterday" : days + " days ago";
  }

  private static String days(Duration age) {
    return age.toDays() == 1 ? "1 day" : age.toDays() == 0 ? age.toHours() + " hours" : age.toDays() + " days";
  }

  private static String number(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  static String duration(double seconds) {
    if (seconds < 90) {
      long whole = Math.max(1, Math.round(seconds));
      return whole == 1 ? "a second" : whole + " seconds";
    }
    return seconds < 5400 ? Math.round(seconds / 60) + " minutes" : String.format(Locale.ENGLISH, "%.1f hours", seconds / 3600);
  }

  private static String bytes(long bytes) {
    if (bytes < 10_000) {
      return number(bytes) + " bytes";
    }
    return bytes < 10_000_000 ? number(bytes / 1000) + " kB" : bytes < 10_000_000_000L ? number(bytes / 1_000_000) + " MB" : number(bytes / 1_000_000_000) + " GB";
  }

  private static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
