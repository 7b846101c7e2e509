package org.thywill.web.console;

import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.thywill.archive.check.CheckReport;
import org.thywill.operations.report.ArchiveCopies;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.web.http.Request;
import org.thywill.web.http.RequestTimer;
import org.thywill.web.http.Response;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;

/**
 * Metrics for Prometheus. Labels are paths of routes, never addresses, so that their number is
 * bounded and they contain nothing about members.
 */
public final class Metrics implements RequestTimer {
  /**
   * Upper bounds of the histograms, in seconds. They are finer around the targets: 150 ms for a
   * page and 250 ms for a durable change.
   */
  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10
  };

  private static final String NO_ROUTE = "none";
  private static final double NANOS_PER_SECOND = 1e9;

  private final OperationsMonitor monitor;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram requests =
      Histogram.builder()
          .name("thywill_request")
          .unit(Unit.SECONDS)
          .help("How long requests took, by route and by the hundred of their status.")
          .labelNames("method", "route", "status")
          .classicOnly()
          .classicUpperBounds(BOUNDS)
          .register(registry);
  private final Histogram writes =
      Histogram.builder()
          .name("thywill_write")
          .unit(Unit.SECONDS)
          .help("How long writers waited until their change was safe in the archive, or refused.")
          .classicOnly()
          .classicUpperBounds(BOUNDS)
          .register(registry);
  private final Gauge viewReadable =
      gauge("thywill_view_readable", "1 while the database can be read.");
  private final Gauge viewSeq =
      gauge("thywill_view_seq", "The last change that the database holds.");
  private final Gauge archiveReadable =
      gauge("thywill_archive_readable", "1 while the archive can be read.");
  private final Gauge archiveSeq =
      gauge("thywill_archive_seq", "The last change that the archive holds.");
  private final Gauge archiveBytes = gauge("thywill_archive_bytes", "All files of the archive.");
  private final Gauge databaseBytes =
      gauge("thywill_database_bytes", "The database and what SQLite keeps beside it.");
  private final Gauge freeBytes =
      gauge("thywill_disk_free_bytes", "Room on the disk of the archive.");
  private final Gauge checkedAt =
      gauge(
          "thywill_last_check_timestamp_seconds",
          "When the last check of every byte ended that was started from the console since the"
              + " server started.");
  private final Gauge checkSound =
      gauge("thywill_last_check_sound", "1 if it found the archive sound.");
  private final Gauge drilledAt =
      gauge(
          "thywill_last_drill_timestamp_seconds",
          "When the last drill was made, of this archive or of a copy.");
  private final Gauge drillGreen = gauge("thywill_last_drill_green", "1 if it was green.");
  private final Gauge copies =
      gauge("thywill_copies", "How many copies of the archive the settings name.");
  private final Gauge copyAge =
      Gauge.builder()
          .name("thywill_copy_lacking_seconds")
          .help(
              "For how long a usable copy has lacked something; 0 for one that lacks nothing."
                  + " Copies are numbered as the settings name them.")
          .labelNames("copy")
          .register(registry);
  private final Gauge copyUsable =
      Gauge.builder()
          .name("thywill_copy_usable")
          .help("1 if the community could be rebuilt from it.")
          .labelNames("copy")
          .register(registry);

  /** Creates the metrics, and observes the writes of the ledger from now on. */
  public Metrics(ServerContext server, OperationsMonitor monitor) {
    this.monitor = monitor;
    counter(
        "thywill_view_rebuilds",
        "How often the database was built again since the server started.",
        server.ledger()::viewRebuilds);
    counter(
        "thywill_digest_mismatch",
        "How often the database was found to differ from the archive since the server started.",
        server.ledger()::digestMismatches);
    server
        .ledger()
        .observeWrites(
            () -> {
              long startNanos = server.nanoTime().getAsLong();
              return () ->
                  writes.observe((server.nanoTime().getAsLong() - startNanos) / NANOS_PER_SECOND);
            });
  }

  private void counter(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  private Gauge gauge(String name, String help) {
    return Gauge.builder().name(name).help(help).register(registry);
  }

  @Override
  public void answered(Route route, int status, long durationNanos) {
    requests
        .labelValues(
            route.method().name(),
            route.path().isEmpty() ? NO_ROUTE : route.path(),
            status / 100 + "xx")
        .observe(durationNanos / NANOS_PER_SECOND);
  }

  /**
   * Answers with all metrics in Prometheus' text format.
   *
   * <p>A view or an archive that cannot be read is a metric, and no exception.
   */
  public synchronized Response show(Request request) throws IOException {
    updateView(request);
    updateArchive(request.now());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return new Response.Content(
        200,
        PrometheusTextFormatWriter.CONTENT_TYPE,
        text.toString(StandardCharsets.UTF_8),
        "",
        false);
  }

  private void updateView(Request request) {
    try {
      set(viewSeq, request.viewSummary().seq());
      viewReadable.set(1);
    } catch (IOException e) {
      viewReadable.set(0);
    }
  }

  private void updateArchive(Instant now) {
    try {
      show(monitor.archiveStatus(now));
      archiveReadable.set(1);
    } catch (IOException e) {
      archiveReadable.set(0);
    }
    if (monitor.check() instanceof BackgroundJob.Done<CheckReport> done) {
      set(checkedAt, done.until().getEpochSecond());
      checkSound.set(done.result().sound() ? 1 : 0);
    }
  }

  private void show(ArchiveStatus status) {
    set(archiveSeq, status.seq());
    set(archiveBytes, status.archiveBytes());
    set(databaseBytes, status.databaseBytes());
    set(freeBytes, status.freeBytes());
    status.drill().ifPresent(this::show);
    copies.set(status.copies().size());
    int number = 0;
    for (ArchiveCopies.Location copy : status.copies()) {
      String label = Integer.toString(++number);
      copyUsable.labelValues(label).set(copy.isUsable() ? 1 : 0);
      if (copy.isUsable()) {
        set(copyAge.labelValues(label), copy.age().toSeconds());
      } else {
        copyAge.remove(label);
      }
    }
  }

  private void show(RecoveryReport.LastDrill drill) {
    set(drilledAt, drill.at().getEpochSecond());
    drillGreen.set(drill.report().green() ? 1 : 0);
  }

  /** Prometheus knows only doubles, which are exact up to 2^53. */
  private static void set(GaugeDataPoint gauge, long value) {
    gauge.set((double) value);
  }
}
