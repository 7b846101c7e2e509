package org.thywill.operations.report;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.format.Finding;
import org.thywill.operations.format.Chart;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.format.TimeText;

/** What the page of a recovery report shows. */
record RecoveryReportView(RecoveryReport report) {
  private static final int FINDINGS_MAX = 50;
  private static final int MONTHS_MAX = 24;
  private static final int MONTHS_NAMED_MAX = 24;
  private static final int YEARS_NAMED_MAX = 100;

  /** How many rows a recovery would bring back. */
  long rows() {
    return report.groups().stream().mapToLong(RecoveryReport.Group::rows).sum();
  }

  long usableLocations() {
    return report.locations().stream().filter(ArchiveCopies.Location::isUsable).count();
  }

  String lastDrillAge() {
    return report.drill().map(last -> TimeText.ago(last.at(), report.now())).orElse("never");
  }

  List<Finding> findings() {
    return report.findings().stream().limit(FINDINGS_MAX).toList();
  }

  /** How many findings are not shown. */
  long moreFindings() {
    return Math.max(0, report.findings().size() - FINDINGS_MAX);
  }

  DrillAgeScale drillAge(RecoveryReport.LastDrill last) {
    return new DrillAgeScale(Math.max(0, Duration.between(last.at(), report.now()).toDays()));
  }

  /** The class of the style for the state of a location. */
  String colour(ArchiveCopies.Location location) {
    return switch (location.state()) {
      case OWN, CURRENT, READABLE -> "good";
      case BEHIND, UNREACHABLE -> "warn";
      case OWN_BROKEN, AHEAD, FORKED, UNUSABLE -> "bad";
    };
  }

  List<RowBar> rowBars() {
    return RowBar.of(report.groups());
  }

  /** How long the disk lasts, after "that lasts". */
  String lasting(long months) {
    if (months > 12 * YEARS_NAMED_MAX) {
      return "for more than a hundred years";
    }
    return months > MONTHS_NAMED_MAX
        ? "about " + months / 12 + " years"
        : "about " + NumberText.count(months, "month");
  }

  /** How much text was written in each of the last months; empty if none was. */
  Optional<Chart> growth() {
    RecoveryReport.Contents contents = report.contents();
    if (contents == null) {
      return Optional.empty();
    }
    Chart.Series series =
        Chart.Series.perMonth(
            "growth",
            "Text written",
            Chart.Shows.WITHIN,
            Chart.Unit.BYTES,
            contents.bytesByMonth());
    return Chart.ofLastMonths(
        series, LocalDate.ofInstant(report.now(), ZoneOffset.UTC), MONTHS_MAX);
  }
}
