package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.community.settings.Feature;
import org.thywill.community.settings.Settings;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.ledger.TransactionFunction;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Signing in without a password: somebody asks from a new device, and those who know them vouch for
 * it.
 *
 * <p>Until then they are a stranger. What they do is therefore written down as done by {@code
 * system}, never under the name that they claim. The six digits on the device's screen follow from
 * the server's key.
 */
public final class SignIn {
  private static final String PENDING = "pending";
  private static final String APPROVED = "approved";
  private static final String REJECTED = "rejected";
  private static final String EXPIRED = "expired";
  private static final String RATE_LIMIT_HIT = "rate_limit_hit";
  private static final String FAILED_LOGIN = "failed_login";
  private static final long PEERS_DEFAULT = 2;
  private static final long HOUR_SECONDS = Duration.ofHours(1).toSeconds();
  private static final long REQUEST_LIFETIME = Duration.ofDays(7).toNanos() / 1_000;

  private final Ledger ledger;
  private final Ids ids;
  private final VerificationCodes codes;
  private final SignInNotifier bell;
  private final AttemptLimiter attempts = new AttemptLimiter();

  public SignIn(Ledger ledger, Ids ids, VerificationCodes codes) {
    this.ledger = ledger;
    this.ids = ids;
    this.codes = codes;
    this.bell = new SignInNotifier(ledger, ids);
  }

  /**
   * A sign-in that waits for approval.
   *
   * @param request its id
   * @param session of the new device, not full yet
   * @param code the six digits for its screen
   */
  public record Waiting(String request, Sessions.Session session, String code) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "sign-in " + request + " of " + session.member();
    }
  }

  /**
   * How far a sign-in has come.
   *
   * @param needed how many must vouch
   */
  public record Votes(int given, int needed, boolean approved) {}

  /** Something that was tried and refused, and that is written down besides. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String event;
    final transient Optional<String> member;
    final String details;
    final transient ForbiddenException answer;

    Refused(String event, Optional<String> member, String details, ForbiddenException answer) {
      super(details);
      this.event = event;
      this.member = member;
      this.details = details;
      this.answer = answer;
    }
  }

  /**
   * Asks to sign in as a member, named by name or handle, from a new device. Asked again from the
   * same device within the same hour of the clock, the same request goes on waiting.
   *
   * @throws ForbiddenException if there is no such member, the account is deactivated, the feature
   *     is off, or there were too many attempts from there; that is written down as a security
   *     event
   */
  public Waiting request(String name, Device device) throws IOException {
    String claimed = claimed(name);
    String newId = ids.id();
    String secret = ids.secret();
    String source = AttemptLimiter.source(device).orElse(newId);
    List<String> told = bell.recipients(claimed);
    return attempt(
        source,
        device,
        Change.Cause.by(HandleNormalizer.SYSTEM).because("somebody asks to sign in"),
        tx -> {
          requireMayAsk(tx, source, claimed);
          Optional<Row> earlier = sameDevice(tx, claimed, device);
          String id = earlier.map(Row::key).orElse(newId);
          if (earlier.isEmpty()) {
            addRequest(tx, id, claimed, device);
            audit(tx, id, "created", Optional.empty(), "user", Optional.empty(), device);
            bell.notifyMembers(tx, claimed, id, told);
          }
          return new Waiting(
              id,
              Sessions.open(tx, claimed, secret, device, false, Optional.of(id)),
              codes.code(id));
        });
  }

  /** The six digits that the device of a request shows. */
  public String code(String request) {
    return codes.code(request);
  }

  /**
   * Vouches for a sign-in. The member's own device, or somebody who may decide about sign-ins,
   * approves at once; others together.
   *
   * @throws ForbiddenException if the approver does not take part, or the community wants the code
   *     to be typed
   * @throws InvalidInputException if the sign-in no longer waits, or the approver has vouched
   *     already
   */
  public Votes approve(String approver, String request) throws IOException {
    return approve(approver, request, Optional.empty());
  }

  /**
   * Vouches for a sign-in with the digits that the new device shows; otherwise as {@link
   * #approve(String, String)}.
   *
   * @throws ForbiddenException also if the code is another; that is written down as a security
   *     event
   */
  public Votes approve(String approver, String request, String code) throws IOException {
    return approve(approver, request, Optional.of(code));
  }

  private Votes approve(String approver, String request, Optional<String> code) throws IOException {
    return attempt(
        approver,
        Device.UNKNOWN,
        Change.Cause.by(approver),
        tx -> {
          Authorization standing = Authorization.require(tx, approver, tx.atMicros());
          Row waiting = requirePending(tx, request);
          requireCode(tx, approver, request, code);
          String member = waiting.get(Catalog.AuthRequests.MEMBER).orElse("");
          return vote(tx, waiting, approver, kindOfActor(approver, member, standing));
        });
  }

  /**
   * Refuses a sign-in. What its device had is taken away.
   *
   * @throws ForbiddenException if the decider neither is the member nor may decide about sign-ins
   * @throws InvalidInputException if it no longer waits
   */
  public void reject(String decider, String request, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(decider).because(reason),
        tx -> {
          Authorization standing = Authorization.require(tx, decider, tx.atMicros());
          Row waiting = requirePending(tx, request);
          String member = waiting.get(Catalog.AuthRequests.MEMBER).orElse("");
          String actor = kindOfActor(decider, member, standing);
          if (actor.equals("peer")) {
            throw new ForbiddenException(
                decider + " may not " + Permission.MANAGE_MEMBERS.phrase() + ".");
          }
          tx.change(
              Catalog.AUTH_REQUESTS,
              request,
              Values.of(Catalog.AuthRequests.STATUS, REJECTED)
                  .and(Catalog.AuthRequests.APPROVED_BY, decider)
                  .and(Catalog.AuthRequests.APPROVED_AT, tx.atMicros()));
          audit(tx, request, "rejected", Optional.of(decider), actor, said(reason), Device.UNKNOWN);
          tx.add(
              securityEvent(
                  tx,
                  "sign_in_rejected",
                  Optional.of(member),
                  "sign-in " + request,
                  deviceOf(waiting)));
          endSessions(tx, waiting);
        });
  }

  /**
   * Ends all sign-ins that have waited too long.
   *
   * @return how many
   */
  public int expire() throws IOException {
    return ledger.compute(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("nobody vouched in time"),
        tx -> {
          int expired = 0;
          for (Row waiting : tx.findBy(Catalog.AuthRequests.STATUS, PENDING)) {
            if (hasRunOut(waiting, tx.atMicros())) {
              tx.change(
                  Catalog.AUTH_REQUESTS,
                  waiting.key(),
                  Values.of(Catalog.AuthRequests.STATUS, EXPIRED));
              audit(
                  tx,
                  waiting.key(),
                  "expired",
                  Optional.empty(),
                  "system",
                  Optional.empty(),
                  Device.UNKNOWN);
              endSessions(tx, waiting);
              expired++;
            }
          }
          return expired;
        });
  }

  /** Ends a sign-in that waits: its device is not known any more, and has to ask anew. */
  public void end(Transaction tx, String request, String why) throws IOException {
    Optional<Row> waiting =
        tx.find(Catalog.AUTH_REQUESTS, request)
            .filter(row -> row.has(Catalog.AuthRequests.STATUS, PENDING));
    if (waiting.isPresent()) {
      tx.change(Catalog.AUTH_REQUESTS, request, Values.of(Catalog.AuthRequests.STATUS, EXPIRED));
      audit(tx, request, "expired", Optional.empty(), "system", Optional.of(why), Device.UNKNOWN);
    }
  }

  /** The sign-ins that wait. */
  public static List<Row> waiting(ViewReader view) throws IOException {
    return view.findBy(Catalog.AuthRequests.STATUS, PENDING);
  }

  /**
   * Puts a notification away.
   *
   * @throws InvalidInputException if the member has no such notification
   */
  public void markRead(String member, String notification) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row row =
              tx.find(Catalog.NOTIFICATIONS, notification)
                  .filter(found -> found.has(Catalog.Notifications.MEMBER, member))
                  .orElseThrow(() -> new InvalidInputException("There is no such notification."));
          if (!row.is(Catalog.Notifications.IS_READ)) {
            tx.change(
                Catalog.NOTIFICATIONS,
                notification,
                Values.of(Catalog.Notifications.IS_READ, true)
                    .and(Catalog.Notifications.READ_AT, tx.atMicros()));
          }
        });
  }

  /**
   * The handle that somebody means: what they typed, if it is one, else the one that a name like
   * that has.
   */
  private String claimed(String name) throws IOException {
    String typed = name.strip();
    try (ViewReader view = ledger.read()) {
      return view.find(Catalog.MEMBERS, typed)
          .map(Row::key)
          .orElseGet(() -> HandleNormalizer.canonical(typed));
    }
  }

  /**
   * Writes; what was refused with a security event leaves that event, in a transaction of its own.
   */
  private <T> T attempt(
      String source, Device device, Change.Cause cause, TransactionFunction<T> work)
      throws IOException {
    try {
      return ledger.compute(cause, work);
    } catch (Refused refused) {
      ledger.write(
          cause.because("an attempt was refused"),
          tx -> {
            if (attempts.shouldLog(
                source, refused.event + " " + refused.member.orElse(""), tx.atMicros())) {
              tx.add(securityEvent(tx, refused.event, refused.member, refused.details, device));
            }
          });
      throw refused.answer;
    }
  }

  private void requireMayAsk(Transaction tx, String source, String member) throws IOException {
    if (attempts.isExhausted(source, tx.atMicros())) {
      throw new Refused(
          RATE_LIMIT_HIT,
          Optional.empty(),
          AttemptLimiter.TRIES_PER_HOUR + " attempts within an hour",
          new ForbiddenException(
              "There were too many attempts from there. Please try again in an hour."));
    }
    attempts.count(source, tx.atMicros());
    if (!Feature.MULTI_DEVICE_AUTH.isOn(tx)) {
      throw new Refused(
          "sign_in_off",
          Optional.empty(),
          "signing in from other devices is turned off",
          new ForbiddenException(
              "Signing in from another device is turned off here. Please ask an admin."));
    }
    if (tx.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new Refused(
          FAILED_LOGIN, Optional.empty(), "no member of that name", new UnknownMemberException());
    }
    if (Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
      throw new Refused(
          FAILED_LOGIN,
          Optional.of(member),
          "the account is deactivated",
          new UnknownMemberException());
    }
  }

  /**
   * Of which hour of the clock a time is. Within one, the same name from the same device gets the
   * same digits, whether somebody has that name or not: an hour that began with the first request
   * could not be told of a name that nobody has, of which nothing is kept.
   */
  public static long hour(Instant at) {
    return at.getEpochSecond() / HOUR_SECONDS;
  }

  private static Optional<Row> sameDevice(Transaction tx, String member, Device device)
      throws IOException {
    return tx.findBy(Catalog.AuthRequests.MEMBER, member).stream()
        .filter(
            row ->
                row.has(Catalog.AuthRequests.STATUS, PENDING)
                    && deviceOf(row).equals(device)
                    && !device.equals(Device.UNKNOWN))
        .filter(
            row ->
                hour(Timestamps.instant(row.get(Catalog.AuthRequests.CREATED_AT).orElse(0L)))
                    == hour(Timestamps.instant(tx.atMicros())))
        .findFirst();
  }

  private static void addRequest(Transaction tx, String id, String member, Device device)
      throws IOException {
    tx.add(
        Row.in(Catalog.AUTH_REQUESTS)
            .set(Catalog.AuthRequests.MEMBER, member)
            .set(Catalog.AuthRequests.DEVICE_INFO, device.description().orElse(null))
            .set(Catalog.AuthRequests.IP_ADDRESS, device.address().orElse(null))
            .set(Catalog.AuthRequests.STATUS, PENDING)
            .set(Catalog.AuthRequests.EXPIRES_AT, tx.atMicros() + REQUEST_LIFETIME)
            .set(Catalog.AuthRequests.ID, id)
            .set(Catalog.AuthRequests.CREATED_AT, tx.atMicros())
            .set(Catalog.AuthRequests.CODE_WITHHELD, true)
            .build());
  }

  private static Row requirePending(Transaction tx, String request) throws IOException {
    Row row =
        tx.find(Catalog.AUTH_REQUESTS, request)
            .orElseThrow(() -> new InvalidInputException("There is no such sign-in."));
    String status = row.get(Catalog.AuthRequests.STATUS).orElse("");
    if (!status.equals(PENDING)) {
      throw new InvalidInputException("This sign-in is " + status + " already.");
    }
    if (hasRunOut(row, tx.atMicros())) {
      throw new InvalidInputException(
          "This sign-in has waited too long. It must be asked for anew.");
    }
    return row;
  }

  private static boolean hasRunOut(Row request, long at) {
    return request.get(Catalog.AuthRequests.EXPIRES_AT).orElse(0L) <= at;
  }

  private void requireCode(Transaction tx, String approver, String request, Optional<String> code)
      throws IOException {
    if (code.isEmpty()) {
      if (Settings.isYes(tx, Settings.REQUIRE_VERIFICATION_CODE)) {
        throw new ForbiddenException(
            "Please ask for the six digits on the new device, and type them.");
      }
      return;
    }
    // Members are not locked out for what others try, so tries are counted by who makes them;
    // nobody finds six digits by trying.
    String digits = "digits of " + approver;
    if (attempts.isExhausted(digits, tx.atMicros())) {
      throw new ForbiddenException(
          "These were too many wrong digits. Please talk to the one who waits, and try again in an"
              + " hour.");
    }
    if (!codes.isCode(request, code.get())) {
      attempts.count(digits, tx.atMicros());
      throw new Refused(
          "wrong_code",
          Optional.of(approver),
          "sign-in " + request,
          new ForbiddenException("These are not the digits on the new device."));
    }
  }

  private static String kindOfActor(String actor, String member, Authorization standing) {
    return actor.equals(member)
        ? "self"
        : standing.may(Permission.MANAGE_MEMBERS) ? "admin" : "peer";
  }

  private Votes vote(Transaction tx, Row waiting, String approver, String actor)
      throws IOException {
    List<Row> earlier = tx.findBy(Catalog.AuthApprovals.REQUEST, waiting.key());
    if (earlier.stream().anyMatch(row -> row.has(Catalog.AuthApprovals.APPROVER, approver))) {
      throw new InvalidInputException("You have vouched for this sign-in already.");
    }
    tx.add(
        Row.in(Catalog.AUTH_APPROVALS)
            .set(Catalog.AuthApprovals.REQUEST, waiting.key())
            .set(Catalog.AuthApprovals.APPROVER, approver)
            .set(Catalog.AuthApprovals.ID, ids.id())
            .set(Catalog.AuthApprovals.CREATED_AT, tx.atMicros())
            .build());
    int given = earlier.size() + 1;
    int needed = votesNeeded(tx);
    audit(
        tx,
        waiting.key(),
        "approval_vote",
        Optional.of(approver),
        actor,
        Optional.of(given + " of " + needed),
        Device.UNKNOWN);
    boolean approved = !actor.equals("peer") || given >= needed;
    if (approved) {
      tx.change(
          Catalog.AUTH_REQUESTS,
          waiting.key(),
          Values.of(Catalog.AuthRequests.STATUS, APPROVED)
              .and(Catalog.AuthRequests.APPROVED_BY, approver)
              .and(Catalog.AuthRequests.APPROVED_AT, tx.atMicros()));
      audit(
          tx,
          waiting.key(),
          "approved",
          Optional.of(approver),
          actor,
          Optional.empty(),
          Device.UNKNOWN);
      for (Row session : sessionsOf(tx, waiting)) {
        tx.change(
            Catalog.SESSIONS,
            session.key(),
            Values.of(Catalog.Sessions.IS_FULLY_AUTHENTICATED, true));
      }
    }
    return new Votes(given, needed, approved);
  }

  /** How many peers must vouch. */
  static int votesNeeded(RowLookup rows) throws IOException {
    return (int) Settings.number(rows, Settings.PEER_APPROVAL_COUNT, PEERS_DEFAULT);
  }

  private static List<Row> sessionsOf(Transaction tx, Row request) throws IOException {
    return tx
        .findBy(Catalog.Sessions.MEMBER, request.get(Catalog.AuthRequests.MEMBER).orElse(""))
        .stream()
        .filter(session -> session.has(Catalog.Sessions.REQUEST, request.key()))
        .toList();
  }

  private static void endSessions(Transaction tx, Row request) throws IOException {
    for (Row session : sessionsOf(tx, request)) {
      tx.remove(Catalog.SESSIONS, session.key());
    }
  }

  private static Device deviceOf(Row request) {
    return new Device(
        request.get(Catalog.AuthRequests.DEVICE_INFO),
        request.get(Catalog.AuthRequests.IP_ADDRESS));
  }

  private static Optional<String> said(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  private void audit(
      Transaction tx,
      String request,
      String action,
      Optional<String> actor,
      String actorType,
      Optional<String> details,
      Device device)
      throws IOException {
    @Nullable String member = actor.orElse(null);
    tx.add(
        Row.in(Catalog.AUDIT)
            .set(Catalog.Audit.REQUEST, request)
            .set(Catalog.Audit.ACTION, action)
            .set(Catalog.Audit.ACTOR_MEMBER, member)
            .set(Catalog.Audit.ACTOR_TYPE, actorType)
            .set(Catalog.Audit.DETAILS, details.orElse(null))
            .set(Catalog.Audit.IP_ADDRESS, device.address().orElse(null))
            .set(Catalog.Audit.USER_AGENT, device.description().orElse(null))
            .set(Catalog.Audit.ID, ids.id())
            .set(Catalog.Audit.CREATED_AT, tx.atMicros())
            .build());
  }

  private Row securityEvent(
      Transaction tx, String event, Optional<String> member, String details, Device device) {
    return Row.in(Catalog.SECURITY_EVENTS)
        .set(Catalog.SecurityEvents.EVENT, event)
        .set(Catalog.SecurityEvents.MEMBER, member.orElse(null))
        .set(Catalog.SecurityEvents.IP_ADDRESS, device.address().orElse(null))
        .set(Catalog.SecurityEvents.DETAILS, details)
        .set(Catalog.SecurityEvents.ID, ids.id())
        .set(Catalog.SecurityEvents.USER_AGENT, device.description().orElse(null))
        .set(Catalog.SecurityEvents.CREATED_AT, tx.atMicros())
        .build();
  }
}
