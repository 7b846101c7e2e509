package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Ids;
import org.thywill.view.RowLookup;

/**
 * New proof of who a member is, which is asked for before the steps that could hand over an account
 * or the community: the device was signed in minutes ago, and by something else than another device
 * of the same member.
 *
 * <p>Another device is no proof, because those who have got hold of one device can sign in a second
 * one by it.
 */
public final class FreshSignIn {
  /** How long a sign-in is fresh. */
  public static final Duration LIFETIME = Duration.ofMinutes(15);

  private FreshSignIn() {}

  /**
   * Whether a session is the proof: it began within {@link #LIFETIME}, by a link, an invite, a
   * recovery code, or the approval of others.
   *
   * @param session the secret of the device
   */
  public static boolean isProof(RowLookup rows, String session, Instant now) throws IOException {
    Optional<Row> row = rows.find(Catalog.SESSIONS, Ids.hash(session));
    long since = row.flatMap(found -> found.get(Catalog.Sessions.CREATED_AT)).orElse(0L);
    return row.filter(found -> found.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)).isPresent()
        && Timestamps.instant(since).plus(LIFETIME).isAfter(now)
        && !isApprovedByThemselves(rows, row.orElseThrow());
  }

  private static boolean isApprovedByThemselves(RowLookup rows, Row session) throws IOException {
    Optional<String> signIn = session.get(Catalog.Sessions.REQUEST);
    Optional<String> approver =
        signIn.isPresent()
            ? rows.find(Catalog.AUTH_REQUESTS, signIn.get())
                .flatMap(row -> row.get(Catalog.AuthRequests.APPROVED_BY))
            : Optional.empty();
    return approver.isPresent() && approver.equals(session.get(Catalog.Sessions.MEMBER));
  }

  /**
   * Whether a member needs the proof to make recovery codes. A member without permissions who has
   * none left does not: otherwise those who never made any would need others to begin.
   */
  public static boolean isNeededForRecoveryCodes(RowLookup rows, String member, Instant now)
      throws IOException {
    return RecoveryCodes.remaining(rows, member).unused() > 0
        || Authorization.of(rows, member, Timestamps.micros(now)).mayMoreThanTakePart();
  }
}
