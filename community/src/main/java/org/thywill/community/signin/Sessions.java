package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
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
 *
 * <p>A session ends when it has not been used for some days, and at the latest some days after it
 * began. The row has the idle end, which moves on as the session is used, by a day or more each
 * time. The absolute end follows from the begin and the setting, so a shorter setting ends sessions
 * that there are.
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
   * @param expiresAt its absolute end, until which the device keeps the secret; a session that is
   *     not used ends earlier
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
   * Notes that a session is used, so that it does not end as an idle one. Does nothing if there is
   * no such session, or {@link #isNoteDue} says no.
   *
   * @param sessionId the secret of the device
   */
  public void noteUse(String sessionId) throws IOException {
    change(
        sessionId,
        "the device is in use",
        (tx, session) -> {
          if (isNoteDue(tx, session, tx.atMicros())) {
            tx.change(
                Catalog.SESSIONS,
                session.key(),
                Values.of(Catalog.Sessions.EXPIRES_AT, idleEndMicros(tx, tx.atMicros())));
          }
        });
  }

  /**
   * Whether the use of a session is to be noted: it is full, has not ended, and its idle end would
   * move by a day or more. So a device that is in use all day costs one change a day.
   */
  public static boolean isNoteDue(RowLookup rows, String sessionId, Instant now)
      throws IOException {
    Optional<Row> session = rows.find(Catalog.SESSIONS, Ids.hash(sessionId));
    return session.isPresent() && isNoteDue(rows, session.get(), Timestamps.micros(now));
  }

  private static boolean isNoteDue(RowLookup rows, Row session, long atMicros) throws IOException {
    long noted = session.get(Catalog.Sessions.EXPIRES_AT).orElse(0L);
    return session.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)
        && endMicros(rows, session) > atMicros
        && Math.abs(idleEndMicros(rows, atMicros) - noted) >= MICROS_PER_DAY;
  }

  /**
   * Ends a session. Its secret cannot be used afterwards. Does nothing if there is no such session.
   */
  public void end(String sessionId) throws IOException {
    change(sessionId, "signed out", (tx, session) -> tx.remove(Catalog.SESSIONS, session.key()));
  }

  /** Changes a session within a transaction. */
  private interface SessionChange {
    void run(Transaction tx, Row session) throws IOException;
  }

  /** Changes a session in the name of its member. Does nothing if there is no such session. */
  private void change(String sessionId, String reason, SessionChange change) throws IOException {
    String key = Ids.hash(sessionId);
    Optional<String> member;
    try (ViewReader view = ledger.read()) {
      member = view.find(Catalog.SESSIONS, key).flatMap(row -> row.get(Catalog.Sessions.MEMBER));
    }
    if (member.isPresent()) {
      ledger.write(
          Change.Cause.by(member.get()).because(reason),
          tx -> {
            Optional<Row> session = tx.find(Catalog.SESSIONS, key);
            if (session.isPresent()) {
              change.run(tx, session.get());
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
    KnownDevices.forgetAll(tx, member);
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
    return !hasEnded(view, row.get(), Timestamps.micros(now)) && Roles.takesPart(view, member, now)
        ? Optional.of(
            new Session(
                sessionId,
                member,
                Timestamps.instant(absoluteEndMicros(view, row.get())),
                row.get().is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)))
        : Optional.empty();
  }

  /** Whether the time of a session is over. */
  static boolean hasEnded(RowLookup rows, Row session, long atMicros) throws IOException {
    return endMicros(rows, session) <= atMicros;
  }

  /**
   * When a session ends or ended: at its idle end, which is in its row, or at its absolute end if
   * that is earlier. In microseconds since 1970; 0 for an imported row that does not say.
   */
  static long endMicros(RowLookup rows, Row session) throws IOException {
    return Math.min(
        session.get(Catalog.Sessions.EXPIRES_AT).orElse(0L), absoluteEndMicros(rows, session));
  }

  private static long absoluteEndMicros(RowLookup rows, Row session) throws IOException {
    Optional<Long> since = session.get(Catalog.Sessions.CREATED_AT);
    return since.isPresent() ? since.get() + lifetimeMicros(rows) : 0;
  }

  private static long idleEndMicros(RowLookup rows, long usedAtMicros) throws IOException {
    return usedAtMicros + Settings.number(rows, Settings.SESSION_IDLE_DAYS) * MICROS_PER_DAY;
  }

  /** Whether a member is signed in on some device, and so could approve sign-ins of others. */
  public static boolean isAnybodySignedIn(ViewReader view, Instant now) throws IOException {
    for (Row row :
        view.rows(
            Query.of(Catalog.SESSIONS)
                .greaterThan(Catalog.Sessions.EXPIRES_AT, Timestamps.micros(now)))) {
      if (row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)
          && !hasEnded(view, row, Timestamps.micros(now))
          && Roles.takesPart(view, row.get(Catalog.Sessions.MEMBER).orElse(""), now)) {
        return true;
      }
    }
    return false;
  }

  /** How long a session lasts at most, however much it is used. */
  public static Duration lifetime(ViewReader view) throws IOException {
    return Duration.ofDays(Settings.number(view, Settings.SESSION_DAYS));
  }

  private static long lifetimeMicros(RowLookup rows) throws IOException {
    return Settings.number(rows, Settings.SESSION_DAYS) * MICROS_PER_DAY;
  }

  /**
   * Adds a session. Where the member then is signed in on more devices than the settings allow, the
   * device that has been idle for longest is signed out, and a security event says so.
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
    if (isFull) {
      makeRoom(tx, member);
    }
    tx.add(
        Row.in(Catalog.SESSIONS)
            .set(Catalog.Sessions.MEMBER, member)
            .set(Catalog.Sessions.DEVICE_INFO, device.description())
            .set(Catalog.Sessions.IP_ADDRESS, device.address())
            .set(Catalog.Sessions.IS_FULLY_AUTHENTICATED, isFull)
            .set(Catalog.Sessions.EXPIRES_AT, idleEndMicros(tx, tx.atMicros()))
            .set(Catalog.Sessions.REQUEST, signIn)
            .set(Catalog.Sessions.ID, Ids.hash(secret))
            .set(Catalog.Sessions.CREATED_AT, tx.atMicros())
            .build());
    return new Session(
        secret, member, Timestamps.instant(tx.atMicros() + lifetimeMicros(tx)), isFull);
  }

  /** Signs out the devices that have been idle for longest, so that one more has room. */
  private static void makeRoom(Transaction tx, String member) throws IOException {
    List<Row> open = new ArrayList<>();
    for (Row row : tx.findBy(Catalog.Sessions.MEMBER, member)) {
      if (row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED) && !hasEnded(tx, row, tx.atMicros())) {
        open.add(row);
      }
    }
    open.sort(
        Comparator.comparing((Row row) -> row.get(Catalog.Sessions.EXPIRES_AT).orElse(0L))
            .thenComparing(row -> row.get(Catalog.Sessions.CREATED_AT).orElse(0L)));
    long tooMany = open.size() + 1 - Settings.number(tx, Settings.SESSION_DEVICES_MAX);
    for (Row idle : open.subList(0, Math.clamp(tooMany, 0, open.size()))) {
      tx.remove(Catalog.SESSIONS, idle.key());
      SignInLog.add(
          tx,
          Ids.idOf("no room for " + idle.key()),
          new SignInLog.SecurityEvent(
              "signed_out_for_another_device",
              member,
              "it had been idle for longest",
              new Device(
                  idle.get(Catalog.Sessions.DEVICE_INFO).orElse(null),
                  idle.get(Catalog.Sessions.IP_ADDRESS).orElse(null))));
    }
  }
}
