package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
 * Sign-ins without a password: a person asks on a new device, and members who know them approve.
 *
 * <p>Until then the person is not known to be the member. So what they do is logged as done by
 * {@code system}, never under the name that they claim. The six digits that the device shows are
 * computed from the server's key and the time; they change every few minutes. After too many wrong
 * digits a sign-in ends.
 *
 * <p>Where a method throws, nothing was changed, except that a refused attempt is logged as a
 * security event.
 */
public final class SignIn {
  private static final String RATE_LIMIT_HIT = "rate_limit_hit";
  private static final String FAILED_LOGIN = "failed_login";
  private static final int WRONG_CODES_MAX = 10;
  private static final int WRONG_CODES_KEPT_MAX = 10_000;

  /** How long a sign-in waits. */
  static final Duration LIFETIME = Duration.ofDays(7);

  /** Sign-ins that one block of addresses may ask for within an hour, of all members. */
  private static final int PER_BLOCK_MAX = 30;

  /** Sign-ins that one block of addresses may ask for within a day, of one member. */
  private static final int PER_BLOCK_AND_MEMBER_MAX = 10;

  private static final int BLOCKS_KEPT_MAX = 10_000;

  private final Ledger ledger;
  private final Ids ids;
  private final VerificationCodes codes;
  private final SignInNotifier notifier;
  private final SignInLog log;
  private final AttemptLimiter attempts = AttemptLimiter.perHour();
  private final AttemptLimiter byBlock =
      new AttemptLimiter(Duration.ofHours(1), PER_BLOCK_MAX, BLOCKS_KEPT_MAX);
  private final AttemptLimiter byBlockAndMember =
      new AttemptLimiter(Duration.ofDays(1), PER_BLOCK_AND_MEMBER_MAX, BLOCKS_KEPT_MAX);

  /** Wrong digits by the id of the sign-in. */
  private final AttemptLimiter wrongCodes =
      new AttemptLimiter(LIFETIME, WRONG_CODES_MAX, WRONG_CODES_KEPT_MAX);

  public SignIn(Ledger ledger, Ids ids, VerificationCodes codes) {
    this.ledger = ledger;
    this.ids = ids;
    this.codes = codes;
    this.notifier = new SignInNotifier(ledger, ids);
    this.log = new SignInLog(ids);
  }

  /**
   * A sign-in that waits for approvals, for its device.
   *
   * @param session of the new device, not yet full
   * @param code the six digits for its screen
   */
  public record NewSignIn(String id, Sessions.Session session, String code) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "sign-in " + id + " of " + session.member();
    }
  }

  /**
   * The approvals of a sign-in.
   *
   * @param given how many members have approved who count now
   * @param needed how many members must approve
   * @param isApproved whether the sign-in is approved now
   */
  public record Approvals(int given, int needed, boolean isApproved) {}

  /** An attempt that is refused and logged as a security event. */
  private static final class RefusedAttemptException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient SignInLog.SecurityEvent event;
    final transient ForbiddenException answer;

    /** The id of the sign-in that the refused attempt ends, or null. */
    final @Nullable String endedSignIn;

    RefusedAttemptException(SignInLog.SecurityEvent event, ForbiddenException answer) {
      this(event, answer, null);
    }

    RefusedAttemptException(
        SignInLog.SecurityEvent event, ForbiddenException answer, @Nullable String endedSignIn) {
      super(event.details());
      this.event = event;
      this.answer = answer;
      this.endedSignIn = endedSignIn;
    }
  }

  /**
   * Asks to sign in as a member from a new device. Each time is a sign-in with a session and digits
   * of its own, since an address and a description may belong to several devices.
   *
   * @param name the display name or the handle of the member
   * @throws UnknownMemberException if there is no such member, or the account is deactivated
   * @throws ForbiddenException if the feature is off, or there were too many attempts from that
   *     address
   */
  public NewSignIn request(String name, Device device) throws IOException {
    return request(name, device, null);
  }

  /**
   * As {@link #request(String, Device)}, from a browser that may be known.
   *
   * @param browser the secret that the browser keeps, or null if it has none
   * @throws ForbiddenException also if there were too many attempts from the block of addresses, or
   *     from there in the name of that member
   */
  public NewSignIn request(String name, Device device, @Nullable String browser)
      throws IOException {
    String claimed;
    try (ViewReader view = ledger.read()) {
      claimed = claimed(view, name);
    }
    String id = ids.id();
    String secret = ids.secret();
    String source = AttemptLimiter.source(device).orElse(id);
    List<String> recipients = notifier.recipients(claimed);
    return attempt(
        source,
        Change.Cause.by(HandleNormalizer.SYSTEM).because("somebody asks to sign in"),
        tx -> {
          requireMayAsk(tx, source, claimed, device);
          add(tx, id, claimed, device);
          boolean isKnown = KnownDevices.noteRequest(tx, claimed, browser, id);
          log.add(
              tx,
              id,
              new SignInLog.Step(
                  "created",
                  SignInLog.Actor.USER,
                  null,
                  isKnown ? "on a device known before" : null,
                  device));
          if (!isMuted(tx, claimed, device, tx.atMicros())) {
            notifier.notifyMembers(tx, claimed, id, recipients);
          }
          return new NewSignIn(
              id,
              Sessions.open(tx, claimed, secret, device, false, id),
              codes.code(id, codePeriod(tx, tx.atMicros())));
        });
  }

  /** The six digits that the device of a sign-in shows now. */
  public String code(ViewReader view, String signIn, Instant now) throws IOException {
    return codes.code(signIn, codePeriod(view, Timestamps.micros(now)));
  }

  /** The number of the period in which a device shows the same digits. */
  private static long codePeriod(RowLookup rows, long atMicros) throws IOException {
    long minutes = Settings.number(rows, Settings.VERIFICATION_CODE_MINUTES);
    return atMicros / TimeUnit.MINUTES.toMicros(minutes);
  }

  /**
   * Approves a sign-in. The member on another device approves at once, and so does a member who may
   * decide about sign-ins and may do all that the claimed member may. Of other members several are
   * needed, who have been here for some days and came by different invites; they can approve only a
   * member without permissions. Approvals count as they are at the time of the last one.
   *
   * @throws ForbiddenException if the approver does not take part, or the approval could not count,
   *     or the settings require the code
   * @throws InvalidInputException if the sign-in is not pending, or the approver has approved it
   *     already
   */
  public Approvals approve(String approver, String signIn) throws IOException {
    return approveWith(approver, signIn, null);
  }

  /**
   * Approves a sign-in with the digits that the new device shows; otherwise as {@link
   * #approve(String, String)}.
   *
   * @throws ForbiddenException also if the digits are wrong, or were too often; after ten wrong
   *     ones the sign-in has ended
   */
  public Approvals approve(String approver, String signIn, String code) throws IOException {
    return approveWith(approver, signIn, code);
  }

  private Approvals approveWith(String approver, String signIn, @Nullable String code)
      throws IOException {
    return attempt(
        approver,
        Change.Cause.by(approver),
        tx -> {
          Authorization.require(tx, approver, tx.atMicros());
          Row pending = requirePending(tx, signIn);
          requireCode(tx, approver, signIn, code);
          return addApproval(tx, pending, approver);
        });
  }

  /**
   * Signs in the device of an approved sign-in: its session ends, and a full one with a new secret
   * takes its place, so that a secret from before the approval opens nothing.
   *
   * @param claimed the member who is claimed
   * @param session the secret of the device, which waits
   * @return the full session; empty if there is no such session, or its sign-in is not approved
   * @throws ForbiddenException if the member does not take part
   */
  public Optional<Sessions.Session> complete(String claimed, String session) throws IOException {
    String key = Ids.hash(session);
    String secret = ids.secret();
    return ledger.compute(
        Change.Cause.by(claimed),
        tx -> {
          Optional<Row> waiting =
              tx.find(Catalog.SESSIONS, key)
                  .filter(row -> row.has(Catalog.Sessions.MEMBER, claimed))
                  .filter(row -> !row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED));
          Optional<Row> approved =
              waiting.isPresent() ? approvedSignIn(tx, waiting.get()) : Optional.empty();
          if (approved.isEmpty()) {
            return Optional.empty();
          }
          Authorization.require(tx, claimed, tx.atMicros());
          tx.remove(Catalog.SESSIONS, key);
          return Optional.of(
              Sessions.open(
                  tx, claimed, secret, deviceOf(approved.get()), true, approved.get().key()));
        });
  }

  private static Optional<Row> approvedSignIn(RowLookup rows, Row session) throws IOException {
    Optional<String> signIn = session.get(Catalog.Sessions.REQUEST);
    return signIn.isPresent()
        ? rows.find(Catalog.AUTH_REQUESTS, signIn.get()).filter(SignInStatus.APPROVED::isStatusOf)
        : Optional.empty();
  }

  /**
   * Says that a member knows the device that was let in under their name.
   *
   * @param notification of {@link EntryNotice}
   * @param session the secret of the device that the member uses
   * @throws ForbiddenException if the member does not take part, or their device was signed in
   *     later than the other
   * @throws InvalidInputException if the member has no such notification
   */
  public void own(String member, String notification, String session) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          setRead(tx, requireEntry(tx, member, notification, session));
        });
  }

  private static Row requireEntry(
      Transaction tx, String member, String notification, String session) throws IOException {
    Row notice = requireNotification(tx, member, notification);
    if (EntryNotice.signedInAtMicros(tx, session)
        >= notice.get(Catalog.Notifications.CREATED_AT).orElse(0L)) {
      throw new ForbiddenException(
          "A device cannot answer for itself. Please use one where you were signed in before.");
    }
    return notice;
  }

  /**
   * Says that a member knows nothing of a device that was let in under their name: all their other
   * devices are signed out, and a security event is added.
   *
   * @param notification of {@link EntryNotice}
   * @param session the secret of the device that the member uses, which stays signed in
   * @throws ForbiddenException if the member does not take part, or their device was signed in
   *     later than the other
   * @throws InvalidInputException if the member has no such notification
   */
  public void disown(String member, String notification, String session) throws IOException {
    ledger.write(
        Change.Cause.by(member).because("a device was let in that the member does not know"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row notice = requireEntry(tx, member, notification, session);
          setRead(tx, notice);
          Sessions.endOthers(tx, member, session);
          String signIn = notice.get(Catalog.Notifications.REQUEST).orElse("");
          Device device =
              tx.find(Catalog.AUTH_REQUESTS, signIn).map(SignIn::deviceOf).orElse(Device.UNKNOWN);
          log.add(
              tx,
              new SignInLog.SecurityEvent("sign_in_disowned", member, "sign-in " + signIn, device));
        });
  }

  /**
   * Rejects a sign-in, and ends its session.
   *
   * @param reason for the log; may be empty
   * @throws ForbiddenException if the decider neither is the member nor may decide about sign-ins
   * @throws InvalidInputException if the sign-in is not pending
   */
  public void reject(String decider, String signIn, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(decider).because(reason),
        tx -> {
          Authorization authorization = Authorization.require(tx, decider, tx.atMicros());
          Row pending = requirePending(tx, signIn);
          SignInLog.Actor actor = actor(decider, pending, authorization);
          if (actor == SignInLog.Actor.PEER) {
            throw new ForbiddenException(
                decider + " may not " + Permission.MANAGE_MEMBERS.phrase() + ".");
          }
          decide(tx, signIn, SignInStatus.REJECTED, decider);
          log.add(
              tx,
              signIn,
              SignInLog.Step.of("rejected", actor, decider, reason.isBlank() ? null : reason));
          log.add(
              tx,
              new SignInLog.SecurityEvent(
                  "sign_in_rejected", member(pending), "sign-in " + signIn, deviceOf(pending)));
          endSessions(tx, pending);
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
          for (Row pending : pending(tx)) {
            if (hasExpired(pending, tx.atMicros())) {
              end(tx, pending, null);
              endSessions(tx, pending);
              expired++;
            }
          }
          return expired;
        });
  }

  /**
   * Ends a pending sign-in, so that its person must ask again. Does nothing if it is not pending.
   *
   * @param why for the log
   */
  public void end(Transaction tx, String signIn, String why) throws IOException {
    Optional<Row> pending =
        tx.find(Catalog.AUTH_REQUESTS, signIn).filter(SignInStatus.PENDING::isStatusOf);
    if (pending.isPresent()) {
      end(tx, pending.get(), why);
    }
  }

  private void endWithItsSession(Transaction tx, String signIn) throws IOException {
    Optional<Row> pending =
        tx.find(Catalog.AUTH_REQUESTS, signIn).filter(SignInStatus.PENDING::isStatusOf);
    if (pending.isPresent()) {
      end(tx, pending.get(), WRONG_CODES_MAX + " wrong digits");
      endSessions(tx, pending.get());
    }
  }

  private void end(Transaction tx, Row pending, @Nullable String why) throws IOException {
    tx.change(
        Catalog.AUTH_REQUESTS,
        pending.key(),
        Values.of(Catalog.AuthRequests.STATUS, SignInStatus.EXPIRED.label()));
    log.add(tx, pending.key(), SignInLog.Step.of("expired", SignInLog.Actor.SYSTEM, null, why));
  }

  /** The rows of pending sign-ins, also of those that have waited too long. */
  public static List<Row> pending(RowLookup rows) throws IOException {
    return rows.findBy(Catalog.AuthRequests.STATUS, SignInStatus.PENDING.label());
  }

  /**
   * Marks a notification as read.
   *
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the member has no such notification
   */
  public void markRead(String member, String notification) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          setRead(tx, requireNotification(tx, member, notification));
        });
  }

  private static Row requireNotification(Transaction tx, String member, String notification)
      throws IOException {
    return tx.find(Catalog.NOTIFICATIONS, notification)
        .filter(found -> found.has(Catalog.Notifications.MEMBER, member))
        .orElseThrow(() -> new InvalidInputException("There is no such notification."));
  }

  private static void setRead(Transaction tx, Row notification) throws IOException {
    if (!notification.is(Catalog.Notifications.IS_READ)) {
      tx.change(
          Catalog.NOTIFICATIONS,
          notification.key(),
          Values.of(Catalog.Notifications.IS_READ, true)
              .and(Catalog.Notifications.READ_AT, tx.atMicros()));
    }
  }

  /**
   * The handle that a person means: what they typed, or that of the only member of exactly this
   * name, or the canonical form of it. Several names can have one canonical form.
   */
  static String claimed(RowLookup rows, String name) throws IOException {
    String typed = name.strip();
    if (rows.find(Catalog.MEMBERS, typed).isPresent()) {
      return typed;
    }
    List<Row> exactly = rows.findBy(Catalog.Members.DISPLAY_NAME, typed);
    return exactly.size() == 1 ? exactly.getFirst().key() : HandleNormalizer.canonical(typed);
  }

  private static boolean isMuted(RowLookup rows, String claimed, Device device, long atMicros)
      throws IOException {
    Optional<String> block = AttemptLimiter.addressBlock(device);
    return block.isPresent() && MutedClaimants.isMuted(rows, claimed, block.get(), atMicros);
  }

  /** Runs a transaction; logs a refused attempt in a transaction of its own. */
  private <T> T attempt(String source, Change.Cause cause, TransactionFunction<T> body)
      throws IOException {
    try {
      return ledger.compute(cause, body);
    } catch (RefusedAttemptException refused) {
      SignInLog.SecurityEvent event = refused.event;
      String kind = event.event() + " " + (event.member() == null ? "" : event.member());
      ledger.write(
          cause.because("an attempt was refused"),
          tx -> {
            if (attempts.shouldLog(source, kind, tx.atMicros())) {
              log.add(tx, event);
            }
            if (refused.endedSignIn != null) {
              endWithItsSession(tx, refused.endedSignIn);
            }
          });
      throw refused.answer;
    }
  }

  private void requireMayAsk(Transaction tx, String source, String member, Device device)
      throws IOException {
    requireWithinLimits(tx, source, member, device);
    if (!Feature.MULTI_DEVICE_AUTH.isOn(tx)) {
      throw new RefusedAttemptException(
          new SignInLog.SecurityEvent(
              "sign_in_off", null, "signing in from other devices is turned off", device),
          new ForbiddenException(
              "Signing in from another device is turned off here. Please ask an admin."));
    }
    if (tx.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new RefusedAttemptException(
          new SignInLog.SecurityEvent(FAILED_LOGIN, null, "no member of that name", device),
          new UnknownMemberException());
    }
    if (Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
      throw new RefusedAttemptException(
          new SignInLog.SecurityEvent(FAILED_LOGIN, member, "the account is deactivated", device),
          new UnknownMemberException());
    }
  }

  /**
   * Counts an attempt by its address, by its block of addresses, and by the block and the name that
   * is claimed. Whether a member has that name makes no difference, so that a refusal says nothing
   * about it.
   */
  private void requireWithinLimits(Transaction tx, String source, String member, Device device) {
    String block = AttemptLimiter.addressBlock(device).orElse(source);
    // A visitor chooses the name, which may be long.
    String claim = Ids.hash(block + "\n" + member);
    String exceeded = "";
    if (attempts.isExhausted(source, tx.atMicros())) {
      exceeded = AttemptLimiter.TRIES_PER_HOUR + " attempts within an hour";
    } else if (byBlock.isExhausted(block, tx.atMicros())) {
      exceeded = PER_BLOCK_MAX + " attempts from " + block + " within an hour";
    } else if (byBlockAndMember.isExhausted(claim, tx.atMicros())) {
      exceeded = PER_BLOCK_AND_MEMBER_MAX + " attempts from " + block + " within a day";
    }
    if (!exceeded.isEmpty()) {
      throw new RefusedAttemptException(
          new SignInLog.SecurityEvent(RATE_LIMIT_HIT, null, exceeded, device),
          new ForbiddenException(
              "There were too many attempts from there. Please try again later."));
    }
    attempts.count(source, tx.atMicros());
    byBlock.count(block, tx.atMicros());
    byBlockAndMember.count(claim, tx.atMicros());
  }

  private static void add(Transaction tx, String id, String member, Device device)
      throws IOException {
    tx.add(
        Row.in(Catalog.AUTH_REQUESTS)
            .set(Catalog.AuthRequests.MEMBER, member)
            .set(Catalog.AuthRequests.DEVICE_INFO, device.description())
            .set(Catalog.AuthRequests.IP_ADDRESS, device.address())
            .set(Catalog.AuthRequests.STATUS, SignInStatus.PENDING.label())
            .set(
                Catalog.AuthRequests.EXPIRES_AT,
                tx.atMicros() + TimeUnit.NANOSECONDS.toMicros(LIFETIME.toNanos()))
            .set(Catalog.AuthRequests.ID, id)
            .set(Catalog.AuthRequests.CREATED_AT, tx.atMicros())
            .set(Catalog.AuthRequests.CODE_WITHHELD, true)
            .build());
  }

  private static Row requirePending(Transaction tx, String signIn) throws IOException {
    Row row =
        tx.find(Catalog.AUTH_REQUESTS, signIn)
            .orElseThrow(() -> new InvalidInputException("There is no such sign-in."));
    if (!SignInStatus.PENDING.isStatusOf(row)) {
      throw new InvalidInputException(
          "This sign-in is " + row.get(Catalog.AuthRequests.STATUS).orElse("") + " already.");
    }
    if (hasExpired(row, tx.atMicros())) {
      throw new InvalidInputException(
          "This sign-in has waited too long. It must be asked for again.");
    }
    return row;
  }

  private static boolean hasExpired(Row signIn, long atMicros) {
    return signIn.get(Catalog.AuthRequests.EXPIRES_AT).orElse(0L) <= atMicros;
  }

  private void requireCode(Transaction tx, String approver, String signIn, @Nullable String code)
      throws IOException {
    if (code == null) {
      if (Settings.isYes(tx, Settings.REQUIRE_VERIFICATION_CODE)) {
        throw new ForbiddenException(
            "Please ask for the six digits on the new device, and type them.");
      }
      return;
    }
    // Tries are counted by who makes them, so that a member is not locked out by tries of others.
    String digits = "digits of " + approver;
    if (attempts.isExhausted(digits, tx.atMicros())) {
      throw new ForbiddenException(
          "These were too many wrong digits. Please talk to the one who waits, and try again in an"
              + " hour.");
    }
    if (wrongCodes.isExhausted(signIn, tx.atMicros())) {
      throw new ForbiddenException(
          "There were too many wrong digits for this sign-in. It must be asked for again.");
    }
    if (!codes.isCode(signIn, code, codePeriod(tx, tx.atMicros()))) {
      attempts.count(digits, tx.atMicros());
      wrongCodes.count(signIn, tx.atMicros());
      boolean isEnded = wrongCodes.isExhausted(signIn, tx.atMicros());
      throw new RefusedAttemptException(
          new SignInLog.SecurityEvent("wrong_code", approver, "sign-in " + signIn, Device.UNKNOWN),
          new ForbiddenException(
              "These are not the digits on the new device."
                  + (isEnded ? " After so many wrong ones the sign-in has ended." : "")),
          isEnded ? signIn : null);
    }
  }

  private static SignInLog.Actor actor(String handle, Row signIn, Authorization authorization) {
    if (handle.equals(member(signIn))) {
      return SignInLog.Actor.SELF;
    }
    return authorization.may(Permission.MANAGE_MEMBERS)
        ? SignInLog.Actor.ADMIN
        : SignInLog.Actor.PEER;
  }

  private Approvals addApproval(Transaction tx, Row pending, String approver) throws IOException {
    List<Row> earlier = tx.findBy(Catalog.AuthApprovals.REQUEST, pending.key());
    if (earlier.stream().anyMatch(row -> row.has(Catalog.AuthApprovals.APPROVER, approver))) {
      throw new InvalidInputException("You have vouched for this sign-in already.");
    }
    ApprovalRule rule = new ApprovalRule(tx, member(pending), tx.atMicros());
    SignInLog.Actor actor = rule.requireMayApprove(approver, earlier);
    tx.add(
        Row.in(Catalog.AUTH_APPROVALS)
            .set(Catalog.AuthApprovals.REQUEST, pending.key())
            .set(Catalog.AuthApprovals.APPROVER, approver)
            .set(Catalog.AuthApprovals.ID, ids.id())
            .set(Catalog.AuthApprovals.CREATED_AT, tx.atMicros())
            .build());
    int given = rule.counted(earlier).size() + 1;
    int needed = approvalsNeeded(tx);
    log.add(
        tx,
        pending.key(),
        SignInLog.Step.of("approval_vote", actor, approver, given + " of " + needed));
    boolean isApproved = actor != SignInLog.Actor.PEER || given >= needed;
    if (isApproved) {
      completeApproval(tx, pending, approver, actor);
    }
    return new Approvals(given, needed, isApproved);
  }

  private void completeApproval(Transaction tx, Row pending, String approver, SignInLog.Actor actor)
      throws IOException {
    decide(tx, pending.key(), SignInStatus.APPROVED, approver);
    log.add(tx, pending.key(), SignInLog.Step.of("approved", actor, approver, null));
    notifier.notifyOfEntry(tx, member(pending), pending.key());
  }

  private static void decide(Transaction tx, String signIn, SignInStatus status, String decider)
      throws IOException {
    tx.change(
        Catalog.AUTH_REQUESTS,
        signIn,
        Values.of(Catalog.AuthRequests.STATUS, status.label())
            .and(Catalog.AuthRequests.APPROVED_BY, decider)
            .and(Catalog.AuthRequests.APPROVED_AT, tx.atMicros()));
  }

  /** How many members must approve a sign-in. */
  static int approvalsNeeded(RowLookup rows) throws IOException {
    return (int) Settings.number(rows, Settings.PEER_APPROVAL_COUNT);
  }

  private static List<Row> sessionsOf(Transaction tx, Row signIn) throws IOException {
    return tx.findBy(Catalog.Sessions.MEMBER, member(signIn)).stream()
        .filter(session -> session.has(Catalog.Sessions.REQUEST, signIn.key()))
        .toList();
  }

  private static void endSessions(Transaction tx, Row signIn) throws IOException {
    for (Row session : sessionsOf(tx, signIn)) {
      tx.remove(Catalog.SESSIONS, session.key());
    }
  }

  static String member(Row signIn) {
    return signIn.get(Catalog.AuthRequests.MEMBER).orElse("");
  }

  static Device deviceOf(Row signIn) {
    return new Device(
        signIn.get(Catalog.AuthRequests.DEVICE_INFO).orElse(null),
        signIn.get(Catalog.AuthRequests.IP_ADDRESS).orElse(null));
  }
}
