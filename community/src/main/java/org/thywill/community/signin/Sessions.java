package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Roles;
import org.thywill.community.settings.Settings;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.Query;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Sessions: devices on which a member is signed in, or that wait for an approval.
 *
 * <p>The id of a session is a secret of the device. The archive contains only its hash, which is
 * the key of the session's row.
 */
public final class Sessions {
  private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

  private final Ledger ledger;
  private final Ids ids;

  public Sessions(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * A session, for the device that it belongs to.
   *
   * @param id the secret, which only the device keeps
   * @param isFull whether the sign-in is approved
   */
  public record Session(String id, String member, Instant expiresAt, boolean isFull) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "session of " + member;
    }
  }

  /**
   * Signs in a member on a device. The caller has verified who it is.
   *
   * @throws ForbiddenException if the member does not take part
   */
  public Session start(String member, Device device) throws IOException {
    String secret = ids.secret();
    return ledger.compute(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          return open(tx, member, secret, device, true, null);
        });
  }

  /**
   * Ends a session. Its secret cannot be used afterwards. Does nothing if there is no such session.
   */
  public void end(String sessionId) throws IOException {
    String key = Ids.hash(sessionId);
    Optional<String> member;
    try (ViewReader view = ledger.read()) {
      member = view.find(Catalog.SESSIONS, key).flatMap(row -> row.get(Catalog.Sessions.MEMBER));
    }
    if (member.isPresent()) {
      ledger.write(
          Change.Cause.by(member.get()).because("signed out"),
          tx -> {
            if (tx.find(Catalog.SESSIONS, key).isPresent()) {
              tx.remove(Catalog.SESSIONS, key);
            }
          });
    }
  }

  /**
   * Ends another session of a member.
   *
   * @param session the key of its row
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the member has no such session
   */
  public void endOther(String member, String session) throws IOException {
    ledger.write(
        Change.Cause.by(member).because("signed out from another device"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          if (tx.find(Catalog.SESSIONS, session)
              .filter(row -> row.has(Catalog.Sessions.MEMBER, member))
              .isEmpty()) {
            throw new InvalidInputException("There is no such device.");
          }
          tx.remove(Catalog.SESSIONS, session);
        });
  }

  /**
   * Signs out a member on all devices but the one they use, and closes their open links for other
   * devices. Sign-ins that others ask for in their name go on waiting.
   *
   * @param session the secret of the device that stays signed in
   * @throws ForbiddenException if the member does not take part
   */
  public void endOthers(String member, String session) throws IOException {
    ledger.write(
        Change.Cause.by(member).because("signed out on all other devices"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          endOthers(tx, member, session);
        });
  }

  static void endOthers(Transaction tx, String member, String session) throws IOException {
    String kept = Ids.hash(session);
    for (Row row : tx.findBy(Catalog.Sessions.MEMBER, member)) {
      if (row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED) && !row.key().equals(kept)) {
        tx.remove(Catalog.SESSIONS, row.key());
      }
    }
    for (Row link : tx.findBy(Catalog.Invites.CREATED_BY, member)) {
      if (LinkKind.MULTI_DEVICE.isKindOf(link)
          && InviteLinks.state(link, tx.atMicros()) == LinkState.OPEN) {
        InviteLinks.close(tx, link);
      }
    }
  }

  /**
   * The session of a secret; empty if there is none, it has ended, or its member does not take
   * part.
   */
  public static Optional<Session> find(ViewReader view, String sessionId, Instant now)
      throws IOException {
    Optional<Row> row = view.find(Catalog.SESSIONS, Ids.hash(sessionId));
    if (row.isEmpty()) {
      return Optional.empty();
    }
    String member = row.get().get(Catalog.Sessions.MEMBER).orElse("");
    return !hasEnded(row.get(), now) && Roles.takesPart(view, member, now)
        ? Optional.of(
            new Session(
                sessionId,
                member,
                expiresAt(row.get()),
                row.get().is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)))
        : Optional.empty();
  }

  /** Whether the time of a session is over. */
  static boolean hasEnded(Row session, Instant now) {
    return !expiresAt(session).isAfter(now);
  }

  /** When a session ends or ended; 1970 for an imported row that does not say. */
  static Instant expiresAt(Row session) {
    return Timestamps.instant(session.get(Catalog.Sessions.EXPIRES_AT).orElse(0L));
  }

  /** Whether a member is signed in on some device, and so could approve sign-ins of others. */
  public static boolean isAnybodySignedIn(ViewReader view, Instant now) throws IOException {
    for (Row row :
        view.rows(
            Query.of(Catalog.SESSIONS)
                .greaterThan(Catalog.Sessions.EXPIRES_AT, Timestamps.micros(now)))) {
      if (row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)
          && Roles.takesPart(view, row.get(Catalog.Sessions.MEMBER).orElse(""), now)) {
        return true;
      }
    }
    return false;
  }

  /** How long a new session lasts. */
  public static Duration lifetime(ViewReader view) throws IOException {
    return Duration.ofDays(days(view));
  }

  private static long days(RowLookup rows) throws IOException {
    return Settings.number(rows, Settings.SESSION_DAYS);
  }

  /**
   * Adds a session.
   *
   * @param secret made by the caller
   * @param isFull whether the sign-in is approved
   * @param signIn the id of the sign-in that the session came from, or null
   */
  public static Session open(
      Transaction tx,
      String member,
      String secret,
      Device device,
      boolean isFull,
      @Nullable String signIn)
      throws IOException {
    long expiresAtMicros = tx.atMicros() + MICROS_PER_DAY * days(tx);
    tx.add(
        Row.in(Catalog.SESSIONS)
            .set(Catalog.Sessions.MEMBER, member)
            .set(Catalog.Sessions.DEVICE_INFO, device.description())
            .set(Catalog.Sessions.IP_ADDRESS, device.address())
            .set(Catalog.Sessions.IS_FULLY_AUTHENTICATED, isFull)
            .set(Catalog.Sessions.EXPIRES_AT, expiresAtMicros)
            .set(Catalog.Sessions.REQUEST, signIn)
            .set(Catalog.Sessions.ID, Ids.hash(secret))
            .set(Catalog.Sessions.CREATED_AT, tx.atMicros())
            .build());
    return new Session(secret, member, Timestamps.instant(expiresAtMicros), isFull);
  }
}
