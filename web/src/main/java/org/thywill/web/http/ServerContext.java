package org.thywill.web.http;

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

/**
 * What the pages are made from.
 *
 * @param key that nobody has who has the archive; forms are signed with it
 * @param nanoTime by which durations are measured
 * @param log where problems of the server itself are written, for the operator
 */
public record ServerContext(
    Ledger ledger,
    Community community,
    PrayerGenerationService scribe,
    Ids ids,
    SecretKey key,
    InstantSource clock,
    LongSupplier nanoTime,
    Premises premises,
    PrintWriter log) {
  /**
   * Where the community is kept, for the operator's console and for monitors.
   *
   * @param settings in force
   * @param machine on which the server runs
   */
  public record Premises(
      Path archive, Path database, Configuration settings, ClockSyncProbe machine) {}
}
