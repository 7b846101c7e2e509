package org.thywill.web.http;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;
import org.thywill.community.Community;
import org.thywill.community.access.Ids;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.ledger.Ledger;
import org.thywill.operations.report.ClockSyncProbe;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.ViewException;
import org.thywill.view.ViewReader;

/**
 * The services and facts that controllers work with.
 *
 * @param key a secret that is not in the archive; signs forms and decoy sessions
 * @param log receives problems of the server itself, for the operator
 */
public record ServerContext(
    Ledger ledger,
    Community community,
    PrayerGenerationService generation,
    Ids ids,
    SecretKey key,
    Time time,
    Installation installation,
    PrintWriter log) {
  /**
   * The sources of time.
   *
   * @param nanoTime measures durations
   */
  public record Time(InstantSource clock, LongSupplier nanoTime) {}

  /**
   * Where the community is stored, for the operator's console and for monitoring systems.
   *
   * @param settings in force
   * @param clockSync whether the machine's clock is synchronised
   */
  public record Installation(
      Path archive, Path database, Configuration settings, ClockSyncProbe clockSync) {}

  public InstantSource clock() {
    return time.clock();
  }

  public LongSupplier nanoTime() {
    return time.nanoTime();
  }

  /** Reads something from the view. */
  @FunctionalInterface
  public interface ViewQuery<T> {
    T run(ViewReader view) throws IOException;
  }

  /**
   * Runs a query outside of a request.
   *
   * @throws IOException if the view cannot be read
   */
  public <T> T read(ViewQuery<T> query) throws IOException {
    try (ViewReader view = ledger.read()) {
      return query.run(view);
    }
  }

  /** Reports that the view could not be read, so that the ledger rebuilds it if need be. */
  public void reportUnreadable(IOException failure) {
    ledger.reportUnreadable(failure instanceof ViewException e && e.needsRebuild());
  }

  /** Writes a line to the log, after the present time. */
  public void report(String problem) {
    log.println(clock().instant() + " " + problem);
    log.flush();
  }
}
