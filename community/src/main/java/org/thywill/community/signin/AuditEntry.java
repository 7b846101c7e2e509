package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Timestamps;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Something that happened at a sign-in, or that matters to security, for admins to look at. A text
 * that is not there is empty.
 *
 * @param what the word in the archive, such as {@code approval_vote}
 * @param who the member, or else what kind of actor it was
 * @param address the IP address
 */
public record AuditEntry(String what, String who, String details, String address, Instant at) {

  /** The last steps of sign-ins, the newest first. */
  public static List<AuditEntry> signIns(ViewReader view, int entriesMax) throws IOException {
    return view.rows(Query.of(Catalog.AUDIT).newestFirst().limit(entriesMax)).stream()
        .map(
            row ->
                new AuditEntry(
                    row.get(Catalog.Audit.ACTION).orElse(""),
                    row.get(Catalog.Audit.ACTOR_MEMBER)
                        .or(() -> row.get(Catalog.Audit.ACTOR_TYPE))
                        .orElse(""),
                    row.get(Catalog.Audit.DETAILS).orElse(""),
                    row.get(Catalog.Audit.IP_ADDRESS).orElse(""),
                    Timestamps.instant(row.get(Catalog.Audit.CREATED_AT).orElse(0L))))
        .toList();
  }

  /** The last security events, the newest first. */
  public static List<AuditEntry> securityEvents(ViewReader view, int entriesMax)
      throws IOException {
    return view.rows(Query.of(Catalog.SECURITY_EVENTS).newestFirst().limit(entriesMax)).stream()
        .map(
            row ->
                new AuditEntry(
                    row.get(Catalog.SecurityEvents.EVENT).orElse(""),
                    row.get(Catalog.SecurityEvents.MEMBER).orElse(""),
                    row.get(Catalog.SecurityEvents.DETAILS).orElse(""),
                    row.get(Catalog.SecurityEvents.IP_ADDRESS).orElse(""),
                    Timestamps.instant(row.get(Catalog.SecurityEvents.CREATED_AT).orElse(0L))))
        .toList();
  }
}
