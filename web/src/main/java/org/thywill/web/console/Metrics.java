package org.thywill.web.console;

import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.thywill.archive.check.CheckReport;
import org.thywill.operations.report.ArchiveCopies;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;

/**
 * Figures for Prometheus. Labels are the templates of routes, never addresses: so their number is
 * bounded, and they tell of nobody.
 */
public final class Metrics {
  /**
   * In seconds. The finer steps are where a page is to be, under 150 ms, and a durable change,
   * under 250 ms.
   */
  private static final double[] STEPS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10
  };

  private static final String NO_ROUTE = "none";
  private static final double NANOS = 1e9;

  private final OperationsMonitor watch;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram requests =
      Histogram.builder()
          .name("thywill_request")
          .unit(Unit.SECONDS)
          .help("How long requests took, by route and by the hundred of their status.")
          .labelNames("method", "route", "status")
          .classicOnly()
          .classicUpperBounds(STEPS)
          .register(registry);
  private final Histogram writes =
      Histogram.builder()
          .name("thywill_write")
          .unit(Unit.SECONDS)
          .help("How long writers waited until their change was safe in the archive, or refused.")
          .classicOnly()
          .classicUpperBounds(STEPS)
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

  public Metrics(ServerContext site, OperationsMonitor watch) {
    this.watch = watch;
    site.ledger()
        .observeWrites(
            () -> {
              long begun = site.nanoTime().getAsLong();
              return () -> writes.observe((site.nanoTime().getAsLong() - begun) / NANOS);
            });
  }

  private Gauge gauge(String name, String help) {
    return Gauge.builder().name(name).help(help).register(registry);
  }

  /** Counts a request that was answered. */
  public void answered(Route route, int status, long nanos) {
    requests
        .labelValues(
            route.method().name(),
            route.path().isEmpty() ? NO_ROUTE : route.path(),
            status / 100 + "xx")
        .observe(nanos / NANOS);
  }

  /** All figures as they are now, in the text format that every Prometheus reads. */
  public synchronized Response show(Request visit) throws IOException {
    lookAtView(visit);
    lookAtArchive(visit.now());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return new Response.Content(
        200,
        PrometheusTextFormatWriter.CONTENT_TYPE,
        text.toString(StandardCharsets.UTF_8),
        "",
        false);
  }

  private void lookAtView(Request visit) {
    try {
      set(viewSeq, visit.view().state().seq());
      viewReadable.set(1);
    } catch (IOException e) {
      viewReadable.set(0);
    }
  }

  private void lookAtArchive(Instant now) {
    try {
      show(watch.keeping(now));
      archiveReadable.set(1);
    } catch (IOException e) {
      archiveReadable.set(0);
    }
    if (watch.check() instanceof BackgroundJob.Done<CheckReport> done) {
      set(checkedAt, done.until().getEpochSecond());
      checkSound.set(done.result().sound() ? 1 : 0);
    }
  }

  private void show(ArchiveStatus keeping) {
    set(archiveSeq, keeping.seq());
    set(archiveBytes, keeping.archiveBytes());
    set(databaseBytes, keeping.databaseBytes());
    set(freeBytes, keeping.freeBytes());
    keeping.drill().ifPresent(this::show);
    copies.set(keeping.copies().size());
    int number = 0;
    for (ArchiveCopies.Location copy : keeping.copies()) {
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

  /**
   * Every figure of Prometheus is a double, which has whole numbers up to nine thousand million
   * millions.
   */
  private static void set(GaugeDataPoint gauge, long value) {
    gauge.set((double) value);
  }
}
