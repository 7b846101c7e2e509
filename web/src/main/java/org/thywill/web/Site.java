package org.thywill.web;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;
import org.thywill.community.Community;
import org.thywill.community.Ids;
import org.thywill.community.Scribe;
import org.thywill.ledger.Ledger;

/**
 * What the pages are made from.
 *
 * @param key that nobody has who has the archive; forms are signed with it
 * @param nanoTime by which durations are measured
 * @param log where problems of the server itself are written, for the operator
 */
public record Site(Ledger ledger, Community community, Scribe scribe, Ids ids, SecretKey key, InstantSource clock, LongSupplier nanoTime, Premises premises, PrintWriter log) {
  /**
   * Where the community is kept, for the operator's console and for monitors.
   *
   * @param copies folders with copies of the archive, parted by commas; may be empty
   */
  public record Premises(Path archive, Path database, String copies) {}
}
