package org.thywill.web.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.community.access.InvalidInputException;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.report.ArchiveStatus;
import org.thywill.operations.report.RecoveryReport;
import org.thywill.operations.report.RecoveryReporter;
import org.thywill.operations.settings.Configuration;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.ServerContext;

/**
 * Knows the status of the archive, and runs the checks, drills and reports that operators start
 * from the console.
 */
public final class OperationsMonitor {
  /** Listing a large archive takes a second, so not each request does it. */
  private static final Duration STATUS_AGE_MAX = Duration.ofMinutes(1);

  private final ServerContext server;
  private final BackgroundJob<CheckReport> check;
  private final BackgroundJob<Drill.Result> drill;
  private final BackgroundJob<RecoveryReport> report;
  private @Nullable ArchiveStatus lastStatus;

  /**
   * Creates a monitor.
   *
   * @param tasks runs the jobs
   */
  public OperationsMonitor(ServerContext server, BackgroundTasks tasks) {
    this.server = server;
    this.check = new BackgroundJob<>("check", server.clock(), tasks);
    this.drill = new BackgroundJob<>("drill", server.clock(), tasks);
    this.report = new BackgroundJob<>("report", server.clock(), tasks);
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
   * The status of the archive, at most a minute old.
   *
   * @throws IOException if the archive cannot be read
   */
  synchronized ArchiveStatus archiveStatus(Instant now) throws IOException {
    ArchiveStatus status = lastStatus;
    if (status == null || Duration.between(status.at(), now).compareTo(STATUS_AGE_MAX) > 0) {
      status =
          ArchiveStatus.read(
              server.installation().archive(),
              server.installation().database(),
              server.installation().settings().value(Configuration.LOCATIONS),
              now);
      lastStatus = status;
    }
    return status;
  }

  /**
   * Starts a check of every byte.
   *
   * @throws InvalidInputException if one is running already
   */
  void startCheck(String by, Instant since) {
    check.start(
        by,
        since,
        progress ->
            new ArchiveChecker(ArchiveFolders.archiveAsItIs(server.installation().archive()))
                .check(ArchiveChecker.Mode.FULL, progress));
  }

  /**
   * Starts a drill. Its report becomes a change, made by the operator who started it.
   *
   * @throws InvalidInputException if one is running already
   */
  void startDrill(String by, Instant since) {
    String id = server.ids().id();
    drill.start(
        by,
        since,
        progress -> {
          Drill.Result result =
              Drill.whileServing(
                      server.installation().archive(),
                      server.installation().database(),
                      server.nanoTime(),
                      progress,
                      entry -> entry.write(server.ledger(), by, "started from the console"))
                  .run(null, id);
          forgetStatus();
          return result;
        });
  }

  /**
   * Starts a report on whether the community can be rebuilt today, which reads every byte. A
   * checkpoint comes first, so that the figures include the changes of the journal.
   *
   * @throws InvalidInputException if one is running already
   */
  void startReport(String by, Instant since) {
    ServerContext.Installation installation = server.installation();
    report.start(
        by,
        since,
        progress -> {
          server.ledger().checkpoint();
          return new RecoveryReporter(
                  installation.archive(),
                  installation.database(),
                  installation.settings(),
                  installation.clockSync(),
                  since)
              .make(progress);
        });
  }

  private synchronized void forgetStatus() {
    lastStatus = null;
  }
}
