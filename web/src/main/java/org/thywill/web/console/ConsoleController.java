package org.thywill.web.console;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Timestamps;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.format.Chart;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.operations.report.RecoveryReportPage;
import org.thywill.operations.report.ReportRenderer;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * The operator's console: how the archive and the database are, and a check of every byte, a drill
 * and a report, started from the page.
 */
public final class ConsoleController {
  private static final int MONTHS_SHOWN = 24;

  private final ServerContext site;
  private final OperationsMonitor watch;

  public ConsoleController(ServerContext site, OperationsMonitor watch) {
    this.site = site;
    this.watch = watch;
  }

  record TableView(String name, long rows) {}

  /**
   * The console.
   *
   * @param keeping empty where the archive cannot be read
   * @param growth how the text came to be; nothing where none is there yet
   */
  record View(
      String community,
      long seq,
      Instant lastChange,
      String digest,
      List<TableView> tables,
      Optional<ArchiveStatus> keeping,
      List<Chart> growth,
      BackgroundJob.State<CheckReport> check,
      BackgroundJob.State<Drill.Result> drill,
      BackgroundJob.State<RecoveryReport> report,
      PrayerGenerationService scribe,
      List<Finding> atStart,
      Instant now) {}

  public Response show(Request visit) throws IOException {
    ViewState state = visit.view().state();
    List<TableView> tables = new ArrayList<>();
    state.digest().tables().forEach((name, entry) -> tables.add(new TableView(name, entry.rows())));
    Optional<ArchiveStatus> keeping = keeping(visit);
    return Response.page(
        "console/console.jte",
        "Console",
        new View(
            state.community(),
            state.seq(),
            Timestamps.instant(state.atMicros()),
            state.digest().hex(),
            tables,
            keeping,
            keeping.map(seen -> growth(seen.bytesByMonth(), visit.now())).orElse(List.of()),
            watch.check(),
            watch.drill(),
            watch.report(),
            site.scribe(),
            site.ledger().findings(),
            visit.now()));
  }

  /** The last two years, or since the beginning. */
  private static List<Chart> growth(Map<String, Long> bytesByMonth, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return Stream.of(
            Chart.Series.perMonth(
                "size",
                "Text of all changes",
                Chart.Shows.AT_THE_END,
                Chart.Unit.BYTES,
                bytesByMonth),
            Chart.Series.perMonth(
                "growth", "Text written", Chart.Shows.WITHIN, Chart.Unit.BYTES, bytesByMonth))
        .flatMap(series -> Chart.ofLastMonths(series, today, MONTHS_SHOWN).stream())
        .toList();
  }

  private Optional<ArchiveStatus> keeping(Request visit) {
    try {
      return Optional.of(watch.keeping(visit.now()));
    } catch (IOException e) {
      site.log().println(visit.now() + " console: the archive cannot be read: " + e.getMessage());
      site.log().flush();
      return Optional.empty();
    }
  }

  public Response check(Request visit) {
    watch.startCheck(visit.member().handle(), visit.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  public Response drill(Request visit) {
    watch.startDrill(visit.member().handle(), visit.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  public Response report(Request visit) {
    watch.startReport(visit.member().handle(), visit.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  /** The last report, as the page that {@code recovery-report} writes for people. */
  public Response reportPage(Request visit) {
    return switch (watch.report()) {
      case BackgroundJob.Done<RecoveryReport> done ->
          new Response.StandalonePage(
              RecoveryReportPage.of(done.result()), ReportRenderer.styleHash());
      case BackgroundJob.None<RecoveryReport> _,
          BackgroundJob.Running<RecoveryReport> _,
          BackgroundJob.Failed<RecoveryReport> _ ->
          Response.redirect("/console", FlashMessage.NO_REPORT);
    };
  }

  /** For machines: whether the server can read. Says nothing about the community. */
  public Response health(Request visit) {
    try {
      long seq = visit.view().state().seq();
      return Response.text(200, "application/json", "{\"status\":\"ok\",\"seq\":" + seq + "}");
    } catch (IOException e) {
      site.ledger().reportUnreadable(e instanceof ViewException failed && failed.isDamaged());
      site.log().println(visit.now() + " health: " + e.getMessage());
      site.log().flush();
      return Response.text(
          503,
          "application/json",
          "{\"status\":\"failing\",\"problem\":\"the database cannot be read\"}");
    }
  }
}
