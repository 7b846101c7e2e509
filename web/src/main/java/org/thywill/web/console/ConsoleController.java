package org.thywill.web.console;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.format.Finding;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.json.Json;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.format.Chart;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.operations.report.RecoveryReportPage;
import org.thywill.operations.report.ReportRenderer;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ViewSummary;

/**
 * The operator's console: the state of archive and database, and buttons that start a check of
 * every byte, a drill and a report.
 */
public final class ConsoleController {
  private static final int MONTHS_SHOWN = 24;

  private final ServerContext server;
  private final OperationsMonitor monitor;

  public ConsoleController(ServerContext server, OperationsMonitor monitor) {
    this.server = server;
    this.monitor = monitor;
  }

  /**
   * The console.
   *
   * @param archive null where the archive cannot be read
   * @param obstacle why changes are refused; empty while they can be saved
   * @param growth charts of the size of the archive; none for an empty archive
   * @param atStart what the server found when it started
   */
  record View(
      ViewSummary database,
      @Nullable ArchiveStatus archive,
      String obstacle,
      List<Chart> growth,
      Jobs jobs,
      GenerationStatus generation,
      List<Finding> atStart,
      Instant now) {}

  /** The long jobs that can be started from the console. */
  record Jobs(
      BackgroundJob.State<CheckReport> check,
      BackgroundJob.State<Drill.Result> drill,
      BackgroundJob.State<RecoveryReport> report) {}

  /**
   * The generation of prayers.
   *
   * @param isRemote whether requests are sent to a language model
   * @param generator its name
   * @param pendingCount how many prayers are being written
   * @param problem the last problem since the server started; null for none
   */
  record GenerationStatus(
      boolean isRemote,
      String generator,
      int pendingCount,
      PrayerGenerationService.@Nullable Problem problem) {
    private static GenerationStatus of(PrayerGenerationService generation) {
      return new GenerationStatus(
          generation.reader().isPresent(),
          generation.generatorName(),
          generation.pendingCount(),
          generation.lastProblem().orElse(null));
    }

    String pendingText() {
      return switch (pendingCount) {
        case 0 -> "none is";
        case 1 -> "1 is";
        default -> pendingCount + " are";
      };
    }
  }

  /**
   * The console's page.
   *
   * @throws IOException if the view cannot be read
   */
  public Response show(Request request) throws IOException {
    ArchiveStatus archive = archiveStatus(request);
    return Response.page(
        "console/console.jte",
        "Console",
        new View(
            request.viewSummary(),
            archive,
            server.ledger().obstacle().orElse(""),
            archive == null ? List.of() : growth(archive.bytesByMonth(), request.now()),
            new Jobs(monitor.check(), monitor.drill(), monitor.report()),
            GenerationStatus.of(server.generation()),
            server.ledger().findings(),
            request.now()));
  }

  /** Charts of the last two years, or since the first change. */
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

  private @Nullable ArchiveStatus archiveStatus(Request request) {
    try {
      return monitor.archiveStatus(request.now());
    } catch (IOException e) {
      server.report("console: the archive cannot be read: " + e.getMessage());
      return null;
    }
  }

  public Response check(Request request) {
    monitor.startCheck(request.member().handle(), request.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  public Response drill(Request request) {
    monitor.startDrill(request.member().handle(), request.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  public Response report(Request request) {
    monitor.startReport(request.member().handle(), request.now());
    return Response.redirect("/console", FlashMessage.WORK_STARTED);
  }

  /** The last report, as the page that the command {@code recovery-report} writes. */
  public Response reportPage(Request request) {
    return switch (monitor.report()) {
      case BackgroundJob.Done<RecoveryReport> done ->
          new Response.StandalonePage(
              RecoveryReportPage.of(done.result()), ReportRenderer.styleHash());
      case BackgroundJob.None<RecoveryReport> _,
          BackgroundJob.Running<RecoveryReport> _,
          BackgroundJob.Failed<RecoveryReport> _ ->
          Response.redirect("/console", FlashMessage.NO_REPORT);
    };
  }

  /**
   * For monitoring systems and strangers: whether the server can read and write ({@code up}), or
   * was started to be read only ({@code read-only}). Only an operator and a monitoring system with
   * its token see why; everybody else, nothing more.
   */
  public Response health(Request request) {
    try {
      request.viewSummary();
      Optional<String> obstacle = server.ledger().obstacle();
      return obstacle.isPresent()
          ? unhealthy(
              request,
              server.ledger().refusal().isPresent() ? "read-only" : "down",
              "changes are refused: " + obstacle.get())
          : Response.text(200, "application/json", "{\"status\":\"up\"}");
    } catch (IOException e) {
      server.reportUnreadable(e);
      return unhealthy(request, "down", String.valueOf(e.getMessage()));
    }
  }

  private Response unhealthy(Request request, String status, String reason) {
    server.report("health: " + reason);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", status);
    if (request.isOfOperator()) {
      answer.put("reason", reason);
    }
    return Response.text(503, "application/json", Json.write(answer));
  }
}
