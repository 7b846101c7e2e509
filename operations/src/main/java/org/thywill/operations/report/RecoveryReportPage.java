package org.thywill.operations.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.thywill.archive.format.Finding;
import org.thywill.operations.drill.DrillReport;
import org.thywill.operations.format.ByteSizes;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.format.TimeText;
import org.thywill.operations.report.RecoveryReport.Contents;

/**
 * A {@link RecoveryReport} as one page that needs nothing else: no script, no file beside it, light
 * or dark as the reader's screen is, and fit for paper. Written for people who look after a
 * community, not after computers. The page is XML as well as HTML.
 */
public final class RecoveryReportPage {
  private static final String STYLE = "\n" + ReportStyle.CSS;
  private static final int FINDINGS_MAX = 50;
  private static final String YES = "M14 26 L22 34 L36 17";
  private static final String NO = "M16 16 L34 34 M34 16 L16 34";

  private final RecoveryReport report;
  private final StringBuilder page = new StringBuilder();

  private RecoveryReportPage(RecoveryReport report) {
    this.report = report;
  }

  /**
   * The fingerprint of the page's style, by which a content policy may allow it and nothing else:
   * {@code sha256-} and base64.
   */
  public static String styleHash() {
    try {
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(STYLE.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The whole page. */
  public static String of(RecoveryReport report) {
    return new RecoveryReportPage(report).write();
  }

  private String write() {
    say(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Recovery report</title>
        <style>\
        """,
        STYLE,
        """
        </style>
        </head>
        <body>
        <main>
        <h1>Can our community be rebuilt today?</h1>
        <p class="soft">Recovery report of\
        """,
        " ",
        TimeText.full(report.now()),
        "</p>\n");
    answer();
    report.contents().ifPresent(this::facts);
    findings();
    requirements();
    drill();
    locations();
    coverage();
    report.contents().ifPresent(this::growth);
    afterwards();
    say(
        "<p class=\"soft\">Made by <code>thywill recovery-report</code>, which read every byte of"
            + " the archive and changed nothing.",
        report
            .contents()
            .map(contents -> " Archive format " + text(contents.format()) + ".")
            .orElse(""),
        "</p>\n</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void answer() {
    say(
        "<div class=\"answer\">",
        sign(report.ready(), 50),
        "<div><strong class=\"",
        report.ready() ? "good\">Yes." : "bad\">Not as it stands.",
        "</strong>\n<p>");
    if (report.ready()) {
      say(
          "Every line of the archive was read, and none is missing or changed. From it the whole"
              + " community can be built again, in about ",
          TimeText.rounded(report.estimateSeconds().orElse(0)),
          report.measured()
              ? ", judged by the last drill."
              : "; this is an estimate, since no drill has measured it.");
    } else {
      say(text(report.obstacle().orElse("")), ". What helps is named below.");
    }
    say("</p></div></div>\n");
  }

  /** A tick or a cross in a circle. */
  private static String sign(boolean good, int size) {
    String colour = "var(--" + (good ? "good" : "bad") + ")";
    return "<svg class=\"sign\" width=\""
        + size
        + "\" height=\""
        + size
        + "\" viewBox=\"0 0 50 50\" role=\"img\" aria-label=\""
        + (good ? "yes" : "no")
        + "\"><circle cx=\"25\" cy=\"25\" r=\"23\" fill=\"none\" stroke=\""
        + colour
        + "\" stroke-width=\"3\"/><path d=\""
        + (good ? YES : NO)
        + "\" fill=\"none\" stroke=\""
        + colour
        + "\" stroke-width=\"4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";
  }

  private void facts(Contents contents) {
    long copies = report.locations().stream().filter(ArchiveCopies.Location::isUsable).count();
    say("<div class=\"facts\">\n");
    fact(
        NumberText.of(contents.changes()),
        "changes since the beginning, the last on " + TimeText.day(contents.lastAt()));
    fact(
        NumberText.of(report.groups().stream().mapToLong(RecoveryReport.Group::rows).sum()),
        "rows that would come back");
    fact(
        Long.toString(copies),
        copies == 1
            ? "place where the archive is kept: this disk"
            : "places where the archive is kept");
    fact(
        report.drill().map(last -> TimeText.ago(last.at(), report.now())).orElse("never"),
        "was the last recovery drill");
    say("</div>\n");
  }

  private void fact(String figure, String meaning) {
    say(
        "<div><strong>",
        text(figure),
        "</strong> <span class=\"soft\">",
        text(meaning),
        "</span></div>\n");
  }

  private void findings() {
    openLong("What needs attention");
    if (report.findings().isEmpty()) {
      say("<p class=\"good\">Nothing.</p>\n");
    } else {
      say("<ul>\n");
      report.findings().stream().limit(FINDINGS_MAX).forEach(this::finding);
      say("</ul>\n");
      if (report.findings().size() > FINDINGS_MAX) {
        say("<p>and ", NumberText.of(report.findings().size() - FINDINGS_MAX), " more.</p>\n");
      }
    }
    close();
  }

  private void finding(Finding finding) {
    String word =
        switch (finding.severity()) {
          case ERROR -> "<strong class=\"bad\">Wrong</strong>";
          case WARNING -> "<strong class=\"warn\">To do</strong>";
          case NOTE -> "<strong class=\"soft\">Note</strong>";
        };
    String place =
        finding.file().equals(".")
            ? ""
            : "<code>"
                + text(finding.file())
                + (finding.line() > 0 ? ":" + finding.line() : "")
                + "</code>: ";
    say(
        "<li>",
        word,
        " – ",
        place,
        text(finding.message()),
        ".",
        finding.next().isEmpty() ? "" : " <code>" + text(finding.next()) + "</code>",
        "</li>\n");
  }

  private void requirements() {
    open("Is it ready for members?");
    say("<ul class=\"checks\">\n");
    report
        .requirements()
        .forEach(
            each ->
                say(
                    "<li>",
                    sign(each.met(), 22),
                    "<span>",
                    text(each.need().what()),
                    "</span></li>\n"));
    say("</ul>\n");
    close();
  }

  private void drill() {
    open("The last drill");
    say(
        "<p>A drill builds the whole community again beside the living one, and compares both in"
            + " every cell.</p>\n");
    report
        .drill()
        .ifPresentOrElse(
            last -> {
              DrillReport drill = last.report();
              say(
                  "<p>",
                  TimeText.full(last.at()),
                  ", from ",
                  text(drill.from()),
                  ": ",
                  drill.green()
                      ? "<strong class=\"good\">green</strong>, "
                          + NumberText.of(drill.rows())
                          + " rows in "
                          + TimeText.rounded(drill.seconds())
                      : "<strong class=\"bad\">red</strong>, " + text(drill.causes()),
                  ".</p>\n");
              say(
                  ReportCharts.drillAge(
                      Math.max(0, Duration.between(last.at(), report.now()).toDays())));
            },
            () ->
                say(
                    "<p class=\"warn\">No drill is known. Until one is made, nobody has seen a"
                        + " recovery succeed.</p>\n"));
    close();
  }

  private void locations() {
    open("Where it is kept");
    say(
        "<table>\n"
            + "<tr><th>Place</th><th>State</th><th class=\"n\">Last change</th><th"
            + " class=\"day\">made on</th></tr>\n");
    for (ArchiveCopies.Location location : report.locations()) {
      String colour =
          !location.isUsable()
              ? "bad"
              : location.state() == ArchiveCopies.State.BEHIND ? "warn" : "good";
      say(
          "<tr><td class=\"place\"><code>",
          text(location.name()),
          "</code>",
          location.remark().isEmpty()
              ? ""
              : "<br/><span class=\"soft\">" + text(location.remark()) + "</span>",
          "</td><td class=\"",
          colour,
          "\">",
          location.state().label(),
          location.age().isZero() ? "" : " for " + TimeText.duration(location.age()),
          "</td><td class=\"n\">",
          location.isUsable() ? NumberText.of(location.seq()) : "–",
          "</td><td class=\"day\">",
          location.lastAt().map(TimeText::day).orElse("–"),
          "</td></tr>\n");
    }
    say("</table>\n");
    close();
  }

  private void coverage() {
    if (report.groups().isEmpty()) {
      return;
    }
    openLong("What is covered");
    say(
        "<p>Every table of the community is in the archive. Rows by part, each of which can be"
            + " brought back by itself:</p>\n",
        ReportCharts.rows(report.groups()),
        "<table>\n"
            + "<tr><th>Table, and what it holds</th><th class=\"n\">Rows</th><th"
            + " class=\"n\">Files</th></tr>\n");
    for (RecoveryReport.Group group : report.groups()) {
      say("<tr class=\"part\"><th colspan=\"3\">", group.group().label(), "</th></tr>\n");
      for (RecoveryReport.Covered covered : group.tables()) {
        say(
            "<tr><td><div class=\"what\"><span>",
            covered.table().name(),
            "</span> <span class=\"soft\">",
            text(covered.table().description()),
            "</span></div></td><td class=\"n\">",
            NumberText.of(covered.rows()),
            "</td><td class=\"n\">",
            NumberText.of(covered.logs()),
            "</td></tr>\n");
      }
    }
    say("</table>\n");
    close();
  }

  private void growth(Contents contents) {
    open("How it grows");
    say(
        "<p>The archive takes ",
        ByteSizes.of(contents.space().archiveBytes()),
        "; ",
        ByteSizes.of(contents.space().freeBytes()),
        " are free.");
    contents
        .space()
        .monthsLeft()
        .ifPresent(
            left ->
                say(
                    " At the pace of the last months that lasts ",
                    left > 1200
                        ? "for more than a hundred years"
                        : left > 24
                            ? "about " + left / 12 + " years"
                            : "about " + NumberText.count(left, "month"),
                    "."));
    say("</p>\n");
    Map<String, Long> months = contents.bytesByMonth();
    if (!months.isEmpty()) {
      say(
          ReportCharts.months(months),
              "<p class=\"soft\">Text written for each month; the most is ",
          ByteSizes.of(months.values().stream().mapToLong(Long::longValue).max().orElse(0)),
              ".</p>\n");
    }
    close();
  }

  private void afterwards() {
    open("What people must do after a recovery");
    say("<ul>\n");
    report.afterwards().forEach(step -> say("<li>", text(step), "</li>\n"));
    say("</ul>\n");
    close();
  }

  private void open(String heading) {
    say("<section>\n<h2>", heading, "</h2>\n");
  }

  /** A part that may go over several sheets of paper. */
  private void openLong(String heading) {
    say("<section class=\"long\">\n<h2>", heading, "</h2>\n");
  }

  private void close() {
    say("</section>\n");
  }

  private void say(String... pieces) {
    List.of(pieces).forEach(page::append);
  }

  /**
   * A text as it may stand in a page. Characters that XML does not have, such as an escape that a
   * file's name may hold, and those that turn the direction of what follows, are shown as a box.
   */
  public static String text(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default ->
                    safe.appendCodePoint(
                        isXml(character) && !turns(character) ? character : '\uFFFD');
              }
            });
    return safe.toString();
  }

  private static boolean turns(int character) {
    return character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
  }

  private static boolean isXml(int character) {
    return character == '\t'
        || character == '\n'
        || character >= 0x20 && character <= 0xD7FF
        || character >= 0xE000 && character <= 0xFFFD
        || character >= 0x10000;
  }
}
