package org.thywill.community.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.access.TextValidation;
import org.thywill.community.member.ConfusableNames;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/**
 * How people become members: by the operator's link for the first admin, or by invites of members.
 *
 * <p>Where a method throws, nothing was changed.
 */
public final class Members {
  private static final Duration INVITE_LIFETIME_MAX = Duration.ofDays(366);

  private final Ledger ledger;
  private final Ids ids;
  private final Roles roles;

  /**
   * Held while one person joins, so that no other takes a similar name between the comparison with
   * all names and the new row.
   */
  private final Lock joining = new ReentrantLock();

  public Members(Ledger ledger, Ids ids, Roles roles) {
    this.ledger = ledger;
    this.ids = ids;
    this.roles = roles;
  }

  /**
   * A person who has just become a member.
   *
   * @param session of the device that was used; the sign-in needs no approval
   */
  public record NewMember(String handle, Sessions.Session session) {}

  /**
   * Makes the operator's one-time link, whose bearer becomes admin, and defines the program's
   * roles. It is for a community without an admin: a new one, or one that lost its admins.
   *
   * @return the token, to be shown once; only its hash is kept
   * @throws InvalidInputException if there is an admin, or the lifetime is too long
   */
  public String makeOperatorLink(Duration lifetime) throws IOException {
    requireLifetime(lifetime);
    String token = ids.token();
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM)
            .because("a community needs somebody who looks after it"),
        tx -> {
          requireNoAdmin(tx);
          Roles.define(tx);
          InviteLinks.add(
              tx,
              Ids.hash(token),
              HandleNormalizer.SYSTEM,
              LinkKind.ADMIN,
              lifetime,
              OptionalLong.of(1));
        });
    return token;
  }

  /**
   * Makes an invite with the number of uses of the settings, and their lifetime where the member's
   * quota allows it, or else the longest that it does.
   *
   * @return the token, to be shown once; only its hash is kept
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the invite would exceed the member's {@link InviteQuota}
   */
  public String invite(String member) throws IOException {
    String token = ids.token();
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          InviteQuota quota = InviteQuota.of(tx, member, tx.atMicros());
          long hours = Settings.number(tx, Settings.INVITE_TOKEN_EXPIRATION_HOURS);
          long uses = Settings.number(tx, Settings.DEFAULT_INVITE_MAX_USES);
          Duration lifetime =
              Duration.ofHours(Math.min(hours, Duration.ofDays(quota.daysMax()).toHours()));
          add(tx, token, member, lifetime, OptionalLong.of(uses));
        });
    return token;
  }

  /**
   * Makes an invite.
   *
   * @param usesMax how many people may join by it; empty for as many as the member's quota leaves
   * @return the token, to be shown once; only its hash is kept
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the lifetime or the number of uses is out of bounds, or the
   *     invite would exceed the member's {@link InviteQuota}
   */
  public String invite(String member, Duration lifetime, OptionalLong usesMax) throws IOException {
    requireLifetime(lifetime);
    if (usesMax.isPresent() && usesMax.getAsLong() < 1) {
      throw new InvalidInputException("An invite is for one person at least.");
    }
    String token = ids.token();
    ledger.write(Change.Cause.by(member), tx -> add(tx, token, member, lifetime, usesMax));
    return token;
  }

  private static void add(
      Transaction tx, String token, String member, Duration lifetime, OptionalLong usesMax)
      throws IOException {
    long uses =
        InviteQuota.of(tx, member, tx.atMicros())
            .requireRoom(tx, member, lifetime, usesMax, tx.atMicros());
    InviteLinks.add(
        tx, Ids.hash(token), member, LinkKind.NEW_USER, lifetime, OptionalLong.of(uses));
  }

  /**
   * Ends the link of an invite, and makes another one with the same end and as many uses as are
   * left.
   *
   * @param invite the key of its row
   * @return the token of the new link, to be shown once; only its hash is kept
   * @throws ForbiddenException if the member did not make the invite or does not take part, or
   *     there is no such invite that can be used
   */
  public String renewInvite(String member, String invite) throws IOException {
    String token = ids.token();
    ledger.write(
        Change.Cause.by(member).because("a new link for an invite"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row row = InviteLinks.requireKept(tx, invite, tx.atMicros());
          if (!row.has(Catalog.Invites.CREATED_BY, member)) {
            throw new ForbiddenException("A new link for an invite is made by its maker only.");
          }
          InviteLinks.replace(tx, row, Ids.hash(token));
        });
    return token;
  }

  /**
   * Ends an invite now.
   *
   * @param invite the key of its row
   * @throws ForbiddenException if the member neither made it nor may decide about invites of
   *     others, or there is no such invite that can be used
   */
  public void revokeInvite(String member, String invite, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(member).because(reason),
        tx -> {
          Authorization authorization = Authorization.require(tx, member, tx.atMicros());
          Row row = InviteLinks.requireKept(tx, invite, tx.atMicros());
          if (!row.has(Catalog.Invites.CREATED_BY, member)
              && !authorization.may(Permission.MANAGE_MEMBERS)) {
            throw new ForbiddenException(
                member + " may not " + Permission.MANAGE_MEMBERS.phrase() + ".");
          }
          InviteLinks.close(tx, row);
        });
  }

  /**
   * Makes a person a member by an invite or by the operator's link, and signs them in on that
   * device.
   *
   * @throws ForbiddenException if the link cannot be used
   * @throws InvalidInputException if the name is not allowed, or another member has it or a similar
   *     one
   */
  public NewMember join(String token, String name, Device device) throws IOException {
    String display = DisplayName.of(name);
    String secret = ids.secret();
    joining.lock();
    try {
      requireDistinct(token, display);
      String handle = handleFor(display);
      return new NewMember(handle, joinAs(handle, display, token, secret, device));
    } finally {
      joining.unlock();
    }
  }

  private Sessions.Session joinAs(
      String handle, String display, String token, String secret, Device device)
      throws IOException {
    return ledger.compute(
        Change.Cause.by(handle),
        tx -> {
          Row invite = InviteLinks.requireInvite(tx, token, tx.atMicros());
          requireFree(tx, handle, display);
          tx.add(
              Row.in(Catalog.MEMBERS)
                  .set(Catalog.Members.HANDLE, handle)
                  .set(Catalog.Members.DISPLAY_NAME, display)
                  .set(
                      Catalog.Members.INVITED_BY,
                      invite.get(Catalog.Invites.CREATED_BY).orElse(null))
                  .set(Catalog.Members.INVITE, invite.key())
                  .set(Catalog.Members.CREATED_AT, tx.atMicros())
                  .set(Catalog.Members.WELCOME_DISMISSED, false)
                  .set(Catalog.Members.IS_SUPPORTER, false)
                  .build());
          InviteLinks.use(tx, ids, invite, handle, device);
          giveFirstRole(tx, invite, handle);
          return Sessions.open(tx, handle, secret, device, true, null);
        });
  }

  /**
   * Makes a member admin by the operator's link, for a community that lost its admins.
   *
   * @throws ForbiddenException if the link cannot be used, or the member does not take part
   */
  public void acceptOperatorLink(String member, String token, Device device) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row invite = InviteLinks.requireInvite(tx, token, tx.atMicros());
          if (!LinkKind.ADMIN.isKindOf(invite)) {
            throw new ForbiddenException("This link is an invite for somebody new.");
          }
          InviteLinks.use(tx, ids, invite, member, device);
          giveFirstRole(tx, invite, member);
        });
  }

  /** Dismisses the welcome that new members see. */
  public void dismissWelcome(String member) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          tx.change(Catalog.MEMBERS, member, Values.of(Catalog.Members.WELCOME_DISMISSED, true));
        });
  }

  /**
   * Gives the first role: admin by the operator's link; else the role of all members, if the
   * community has one.
   */
  private void giveFirstRole(Transaction tx, Row invite, String member) throws IOException {
    if (LinkKind.ADMIN.isKindOf(invite)) {
      requireNoAdmin(tx);
      roles.give(tx, member, Roles.ADMIN, HandleNormalizer.SYSTEM, "came by the operator's link");
    } else if (tx.find(Catalog.ROLES, Roles.MEMBER).isPresent()) {
      roles.give(tx, member, Roles.MEMBER, HandleNormalizer.SYSTEM, "came by an invite");
    }
  }

  private static void requireNoAdmin(Transaction tx) throws IOException {
    if (Roles.isAdminLeft(tx)) {
      throw new InvalidInputException("The community has an admin already; ask them for the role.");
    }
  }

  /**
   * The handle for a name. It is needed before the transaction, because it is the actor of the
   * transaction.
   */
  private String handleFor(String display) throws IOException {
    String canonical = HandleNormalizer.canonical(display);
    if (!canonical.isEmpty()) {
      return canonical;
    }
    try (ViewReader view = ledger.read()) {
      return HandleNormalizer.derive(display, handle -> isTaken(view, handle));
    }
  }

  private static boolean isTaken(ViewReader view, String handle) {
    try {
      return view.find(Catalog.MEMBERS, handle).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses a name whose canonical form another member has. */
  private static void requireFree(Transaction tx, String handle, String display)
      throws IOException {
    if (tx.find(Catalog.MEMBERS, handle).isPresent()
        || !tx.findBy(Catalog.Members.DISPLAY_NAME, display).isEmpty()) {
      throw nameTaken(display);
    }
  }

  /**
   * Refuses a name that looks like that of another member. This reads all names, so it first checks
   * that the invite can be used.
   */
  private void requireDistinct(String token, String display) throws IOException {
    ConfusableNames alike = new ConfusableNames(display);
    try (ViewReader view = ledger.read()) {
      InviteLinks.requireInvite(view, token, view.state().atMicros());
      view.forEach(
          Catalog.MEMBERS,
          member -> {
            if (member.get(Catalog.Members.DISPLAY_NAME).filter(alike::include).isPresent()) {
              throw nameTaken(display);
            }
          });
    }
  }

  private static InvalidInputException nameTaken(String display) {
    return new InvalidInputException(
        "Somebody is called "
            + display
            + " already, or nearly so. Please add a second name or an initial.");
  }

  private static void requireLifetime(Duration lifetime) {
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(INVITE_LIFETIME_MAX) > 0) {
      throw new InvalidInputException("An invite lasts a year at most, and longer than no time.");
    }
  }
}
