package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.community.prayer.Statistics;
import org.thywill.community.prayer.Statistics.Series;
import org.thywill.community.settings.Feature;
import org.thywill.operations.format.Chart;
import org.thywill.operations.format.ChartPeriod;
import org.thywill.operations.format.NumberText;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The community in figures, and how they came about over time. */
public final class StatisticsController {
  private final StatisticsCache figures;

  public StatisticsController(ServerContext site) {
    this.figures = StatisticsCache.of(site);
  }

  /** A number, and what it counts. */
  record Figure(long number, String what) {
    String text() {
      return NumberText.of(number);
    }
  }

  /**
   * What was counted; without figures and charts while it is counted for the first time.
   *
   * @param earlier the address of the periods before these; empty if nothing happened then
   * @param later the address of the periods after these; empty if there are none yet
   */
  record View(
      List<Figure> figures,
      ChartPeriod period,
      List<Chart> charts,
      String earlier,
      String later,
      Optional<Instant> countedAt,
      Instant now) {
    List<ChartPeriod> periods() {
      return List.of(ChartPeriod.values());
    }

    String address(ChartPeriod each) {
      return StatisticsController.address(each, 1);
    }
  }

  public Response show(Request visit) throws IOException {
    visit.requireFeature(Feature.STATISTICS);
    ChartPeriod period = ChartPeriod.of(visit.queryParam("per"));
    View view =
        figures
            .latest(visit.now())
            .map(counted -> view(counted, period, visit.page(), visit.now()))
            .orElseGet(
                () ->
                    new View(List.of(), period, List.of(), "", "", Optional.empty(), visit.now()));
    return Response.page("site/statistics.jte", "Statistics", view);
  }

  /** A page of the past; page 1 ends with today. */
  private static View view(Statistics counted, ChartPeriod period, int page, Instant now) {
    LocalDate current = period.start(LocalDate.ofInstant(now, ZoneOffset.UTC));
    LocalDate earliest =
        Arrays.stream(Series.values())
            .map(counted::perDay)
            .filter(days -> !days.isEmpty())
            .map(days -> days.firstKey())
            .min(LocalDate::compareTo)
            .orElse(current);
    long pages = Math.max(0, period.between(period.start(earliest), current)) / period.shown() + 1;
    long shown = Math.min(page, pages);
    LocalDate first = period.later(current, 1 - shown * period.shown());
    List<Chart> charts =
        List.of(
            Chart.of(
                "requests",
                "Requests",
                counted.perDay(Series.REQUESTS),
                period,
                first,
                period.shown()),
            Chart.of(
                "new-members",
                "New members",
                counted.perDay(Series.NEW_MEMBERS),
                period,
                first,
                period.shown()),
            Chart.of(
                "prayed",
                "Times prayed",
                counted.perDay(Series.MARKS),
                period,
                first,
                period.shown()));
    return new View(
        figures(counted),
        period,
        charts,
        shown < pages ? address(period, shown + 1) : "",
        shown > 1 ? address(period, shown - 1) : "",
        Optional.of(counted.at()),
        now);
  }

  private static List<Figure> figures(Statistics counted) {
    return List.of(
        new Figure(counted.total(Series.REQUESTS), "requests"),
        new Figure(counted.open(), "open now"),
        new Figure(counted.prayedFor(), "were prayed for"),
        new Figure(counted.answered(), "were answered"),
        new Figure(counted.total(Series.MARKS), "times prayed"),
        new Figure(counted.total(Series.NEW_MEMBERS), "members"));
  }

  private static String address(ChartPeriod period, long page) {
    return "/statistics?per=" + period.label() + (page == 1 ? "" : "&page=" + page);
  }
}
