package org.thywill.web.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.catalog.Change;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.operations.report.RecoveryReporter;
import org.thywill.operations.settings.Configuration;
import org.thywill.web.http.ServerContext;

/**
 * What the console shows and monitors ask for beside the view: how the archive is kept, and the
 * last check, drill and report that were started from the console.
 */
public final class OperationsMonitor {
  /**
   * Names and sizes of a large archive take a second, so not everybody who asks makes it look
   * again.
   */
  private static final Duration LOOKS_AGAIN = Duration.ofMinutes(1);

  private final ServerContext site;
  private final BackgroundJob<CheckReport> check;
  private final BackgroundJob<Drill.Result> drill;
  private final BackgroundJob<RecoveryReport> report;
  private Optional<ArchiveStatus> keeping = Optional.empty();

  public OperationsMonitor(ServerContext site) {
    this.site = site;
    this.check = new BackgroundJob<>("check", site.clock());
    this.drill = new BackgroundJob<>("drill", site.clock());
    this.report = new BackgroundJob<>("report", site.clock());
  }

  /** The last check that was started from the console. */
  BackgroundJob.State<CheckReport> check() {
    return check.state();
  }

  /** The last drill that was started from the console. */
  BackgroundJob.State<Drill.Result> drill() {
    return drill.state();
  }

  /** The last report that was started from the console. */
  BackgroundJob.State<RecoveryReport> report() {
    return report.state();
  }

  /**
   * How the archive is kept, as it was a minute ago at most.
   *
   * @throws IOException if the archive cannot be read
   */
  synchronized ArchiveStatus keeping(Instant now) throws IOException {
    if (keeping.isEmpty() || Duration.between(keeping.get().at(), now).compareTo(LOOKS_AGAIN) > 0) {
      keeping =
          Optional.of(
              ArchiveStatus.read(
                  site.premises().archive(),
                  site.premises().database(),
                  site.premises().settings().value(Configuration.LOCATIONS),
                  now));
    }
    return keeping.get();
  }

  /** Starts a check of every byte. */
  void startCheck(String by, Instant since) {
    check.start(
        by,
        since,
        progress ->
            new ArchiveChecker(ArchiveFolders.archiveAsItIs(site.premises().archive()))
                .check(ArchiveChecker.Mode.FULL, progress));
  }

  /** Starts a drill, whose report is written down as a change by whoever started it. */
  void startDrill(String by, Instant since) {
    String id = site.ids().id();
    drill.start(
        by,
        since,
        progress -> {
          Drill.Result result =
              Drill.whileServing(
                      site.premises().archive(),
                      site.premises().database(),
                      site.nanoTime(),
                      progress,
                      entry ->
                          site.ledger()
                              .write(
                                  Change.Cause.by(by).because("started from the console"),
                                  tx -> tx.add(entry.row()))
                              .first())
                  .run(null, id);
          forget();
          return result;
        });
  }

  /**
   * Starts a report on whether the community can be rebuilt today, which reads every byte, too.
   * What is in the journal alone is copied first, so that the figures are those of today.
   */
  void startReport(String by, Instant since) {
    ServerContext.Premises premises = site.premises();
    report.start(
        by,
        since,
        progress -> {
          site.ledger().checkpoint();
          return new RecoveryReporter(
                  premises.archive(),
                  premises.database(),
                  premises.settings(),
                  premises.machine(),
                  since)
              .make(progress);
        });
  }

  /** What was seen a moment ago holds no more. */
  private synchronized void forget() {
    keeping = Optional.empty();
  }
}
