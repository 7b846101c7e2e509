package org.thywill.operations.report;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.thywill.operations.format.ByteSizes;
import org.thywill.operations.format.NumberText;

/** The pictures of a {@link RecoveryReportPage}, as SVG in the page's own colours. */
final class ReportCharts {
  private static final int WIDTH = 720;
  private static final int MONTHS_MAX = 24;
  private static final int MONTHS_HEIGHT = 150;
  private static final int DRILL_SCALE_DAYS = 120;
  private static final int BAR_LEFT = 80;
  private static final int BAR_WIDTH_MAX = 540;

  private ReportCharts() {}

  /** How old the last drill is, on a line whose colours say how good that is. */
  static String drillAge(long days) {
    long good = RecoveryReporter.DRILL_AGE_GOOD.toDays();
    long max = RecoveryReporter.DRILL_AGE_MAX.toDays();
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 720 46\" width=\"720\" role=\"img\" aria-label=\"the last drill was"
                + " made "
                + NumberText.count(days, "day")
                + " ago\">");
    strip(svg, 0, good, "good");
    strip(svg, good, max, "warn");
    strip(svg, max, DRILL_SCALE_DAYS, "bad");
    svg.append("<circle cx=\"")
        .append(drillX(days))
        .append(
            "\" cy=\"16\" r=\"9\" fill=\"var(--ink)\" stroke=\"var(--card)\" stroke-width=\"3\"/>");
    svg.append("<text x=\"10\" y=\"42\">today</text>");
    for (long mark : List.of(good, max)) {
      svg.append("<text x=\"")
          .append(drillX(mark))
          .append("\" y=\"42\" text-anchor=\"middle\">")
          .append(mark)
          .append(" days ago</text>");
    }
    return svg.append("<text x=\"710\" y=\"42\" text-anchor=\"end\">longer</text></svg>\n")
        .toString();
  }

  private static void strip(StringBuilder svg, long from, long to, String colour) {
    svg.append("<rect x=\"")
        .append(drillX(from))
        .append("\" y=\"12\" width=\"")
        .append(drillX(to) - drillX(from))
        .append("\" height=\"8\" fill=\"var(--")
        .append(colour)
        .append(")\"/>");
  }

  private static long drillX(long days) {
    return 10 + Math.min(days, DRILL_SCALE_DAYS) * (WIDTH - 20) / DRILL_SCALE_DAYS;
  }

  /** How many rows each part has. */
  static String rows(List<RecoveryReport.Group> groups) {
    long most = Math.max(1, groups.stream().mapToLong(RecoveryReport.Group::rows).max().orElse(1));
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 720 "
                + groups.size() * 26
                + "\" width=\"720\" role=\"img\" aria-label=\"rows by part\">");
    int y = 0;
    for (RecoveryReport.Group group : groups) {
      long width = Math.max(1, group.rows() * BAR_WIDTH_MAX / most);
      svg.append("<text x=\"0\" y=\"")
          .append(y + 16)
          .append("\">")
          .append(group.group().label())
          .append("</text><rect x=\"")
          .append(BAR_LEFT)
          .append("\" y=\"")
          .append(y + 4)
          .append("\" width=\"")
          .append(width)
          .append("\" height=\"16\" rx=\"2\" fill=\"var(--bar)\"/><text x=\"")
          .append(BAR_LEFT + width + 8)
          .append("\" y=\"")
          .append(y + 16)
          .append("\">")
          .append(NumberText.of(group.rows()))
          .append("</text>");
      y += 26;
    }
    return svg.append("</svg>\n").toString();
  }

  /** How many bytes were written for each of the last months. */
  static String months(Map<String, Long> months) {
    int shown = Math.min(MONTHS_MAX, months.size());
    List<Map.Entry<String, Long>> last =
        months.entrySet().stream().skip(months.size() - shown).toList();
    long most = Math.max(1, last.stream().mapToLong(Map.Entry::getValue).max().orElse(1));
    int step = Math.min(60, WIDTH / shown);
    StringBuilder svg =
        new StringBuilder(
            "<svg viewBox=\"0 0 "
                + WIDTH
                + " "
                + (MONTHS_HEIGHT + 24)
                + "\" width=\""
                + WIDTH
                + "\" role=\"img\" aria-label=\"text written for each month\">");
    int x = 0;
    for (Iterator<Map.Entry<String, Long>> each = last.iterator(); each.hasNext(); x += step) {
      Map.Entry<String, Long> month = each.next();
      long height = Math.max(1, month.getValue() * (MONTHS_HEIGHT - 20) / most);
      svg.append("<rect x=\"")
          .append(x + 3)
          .append("\" y=\"")
          .append(MONTHS_HEIGHT - height)
          .append("\" width=\"")
          .append(step - 6)
          .append("\" height=\"")
          .append(height)
          .append("\" rx=\"2\" fill=\"var(--bar)\"><title>")
          .append(month.getKey())
          .append(": ")
          .append(ByteSizes.of(month.getValue()))
          .append("</title></rect>");
      if (step >= 56 || x / step % 2 == 0) {
        svg.append("<text x=\"")
            .append(x + step / 2)
            .append("\" y=\"")
            .append(MONTHS_HEIGHT + 18)
            .append("\" text-anchor=\"middle\">")
            .append(month.getKey())
            .append("</text>");
      }
    }
    return svg.append("</svg>\n").toString();
  }
}
