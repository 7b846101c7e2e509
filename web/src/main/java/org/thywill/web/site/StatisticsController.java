package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.community.prayer.Statistics;
import org.thywill.community.prayer.Statistics.Series;
import org.thywill.community.settings.Feature;
import org.thywill.operations.format.Chart;
import org.thywill.operations.format.ChartPeriod;
import org.thywill.operations.format.NumberText;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The statistics of the community: totals, and charts over time. */
public final class StatisticsController {
  private final StatisticsCache cache;

  /**
   * Creates the controller.
   *
   * @param tasks runs the counts
   */
  public StatisticsController(ServerContext server, BackgroundTasks tasks) {
    this.cache =
        new StatisticsCache(now -> server.read(view -> Statistics.count(view, now)), tasks);
  }

  /** A total, and what it counts. */
  record Figure(long number, String what) {
    String text() {
      return NumberText.of(number);
    }
  }

  /**
   * The page of statistics; without figures and charts while the first count runs.
   *
   * @param earlier the address of the periods before these; empty if nothing happened then
   * @param later the address of the periods after these; empty if they have not begun
   * @param countedAt null while the first count runs
   */
  record View(
      List<Figure> figures,
      ChartPeriod period,
      List<Chart> charts,
      String earlier,
      String later,
      @Nullable Instant countedAt,
      Instant now) {
    List<ChartPeriod> periods() {
      return List.of(ChartPeriod.values());
    }

    String address(ChartPeriod each) {
      return StatisticsController.address(each, 1);
    }
  }

  public Response show(Request request) throws IOException {
    request.requireFeature(Feature.STATISTICS);
    ChartPeriod period = ChartPeriod.of(request.queryParam("per"));
    View view =
        cache
            .latest(request.now())
            .map(counted -> view(counted, period, request.page(), request.now()))
            .orElseGet(() -> new View(List.of(), period, List.of(), "", "", null, request.now()));
    return Response.page("site/statistics.jte", "Statistics", view);
  }

  /** A page of the charts; page 1 ends with the present period. */
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
        counted.at(),
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
