package org.thywill.community.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
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
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.access.TextValidation;
import org.thywill.community.member.ConfusableNames;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * How people come in: the operator's link for the first admin, and invites from member to member.
 */
public final class Members {
  public static final String NEW_USER = "new_user";
  private static final String ADMIN_LINK = "admin";
  private static final int NAME_MAX = 50;
  private static final long INVITE_HOURS_DEFAULT = 12;
  private static final long INVITE_USES_DEFAULT = 1;
  private static final Duration INVITE_LIFETIME_MAX = Duration.ofDays(366);

  private final Ledger ledger;
  private final Ids ids;
  private final Roles roles;

  /**
   * One comes in after the other, so that nobody of a like name slips in between the look at all
   * names and the joining.
   */
  private final Lock joining = new ReentrantLock();

  public Members(Ledger ledger, Ids ids, Roles roles) {
    this.ledger = ledger;
    this.ids = ids;
    this.roles = roles;
  }

  /**
   * Somebody who has just come in.
   *
   * @param handle for good
   * @param session signed in fully on the device that was used
   */
  public record Joined(String handle, Sessions.Session session) {}

  /**
   * Makes the operator's one-time link, whose bearer becomes admin; defines the roles that the
   * program relies on. Only for a community in which nobody may do everything: a new one, or one
   * that lost its admins.
   *
   * @return the token, to be shown once; only its hash is kept
   * @throws InvalidInputException if there is an admin
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
          addInvite(
              tx,
              Ids.hash(token),
              HandleNormalizer.SYSTEM,
              ADMIN_LINK,
              lifetime,
              OptionalLong.of(1));
        });
    return token;
  }

  /** Makes an invite that lasts as long, and may be used as often, as the settings say. */
  public String invite(String member) throws IOException {
    return invite(
        member,
        tx ->
            Duration.ofHours(
                Settings.number(tx, Settings.INVITE_TOKEN_EXPIRATION_HOURS, INVITE_HOURS_DEFAULT)),
        tx ->
            OptionalLong.of(
                Settings.number(tx, Settings.DEFAULT_INVITE_MAX_USES, INVITE_USES_DEFAULT)));
  }

  /**
   * Makes an invite.
   *
   * @param usesMax how many people may come in by it; empty is any number
   * @return the token, which is kept since its maker may look at it again
   * @throws ForbiddenException if the member does not take part
   */
  public String invite(String member, Duration lifetime, OptionalLong usesMax) throws IOException {
    requireLifetime(lifetime);
    if (usesMax.isPresent() && usesMax.getAsLong() < 1) {
      throw new InvalidInputException("An invite is for one person at least.");
    }
    return invite(member, tx -> lifetime, tx -> usesMax);
  }

  /** Something that only a transaction can tell. */
  @FunctionalInterface
  private interface Known<T> {
    T in(Transaction tx) throws IOException;
  }

  private String invite(String member, Known<Duration> lifetime, Known<OptionalLong> usesMax)
      throws IOException {
    String token = ids.token();
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          addInvite(tx, token, member, NEW_USER, lifetime.in(tx), usesMax.in(tx));
        });
    return token;
  }

  /**
   * Ends an invite now.
   *
   * @throws ForbiddenException if the member neither made it nor may decide about invites of others
   * @throws InvalidInputException if it can no longer be used anyway
   */
  public void revokeInvite(String member, String token, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(member).because(reason),
        tx -> {
          Authorization standing = Authorization.require(tx, member, tx.atMicros());
          Row invite = usable(tx, token, tx.atMicros());
          if (!invite.has(Catalog.Invites.CREATED_BY, member)
              && !standing.may(Permission.MANAGE_MEMBERS)) {
            throw new ForbiddenException(
                member + " may not " + Permission.MANAGE_MEMBERS.phrase() + ".");
          }
          // Both, so that it also leaves the list of invites that are open, which knows uses and no
          // time.
          tx.change(
              Catalog.INVITES,
              invite.key(),
              Values.of(Catalog.Invites.EXPIRES_AT, tx.atMicros())
                  .and(
                      Catalog.Invites.MAX_USES, invite.get(Catalog.Invites.USED_COUNT).orElse(0L)));
        });
  }

  /**
   * Comes in by an invite, or by the operator's link, under a name that nobody has, and is signed
   * in on that device.
   *
   * @throws ForbiddenException if the link cannot be used
   * @throws InvalidInputException if the name cannot be taken
   */
  public Joined join(String token, String name, Device device) throws IOException {
    String display = tidy(name);
    String secret = ids.secret();
    joining.lock();
    try {
      requireDistinct(token, display);
      String handle = handleFor(display);
      return new Joined(handle, joinAs(handle, display, token, secret, device));
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
          Row invite = usable(tx, token, tx.atMicros());
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
          use(tx, ids, invite, handle, device);
          giveFirstRole(tx, invite, handle);
          return Sessions.open(tx, handle, secret, device, true, Optional.empty());
        });
  }

  /**
   * Makes a member admin by the operator's link: the way back for a community that has members but
   * lost its admins.
   *
   * @throws ForbiddenException if the link cannot be used, or the member does not take part
   */
  public void acceptOperatorLink(String member, String token, Device device) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row invite = usable(tx, token, tx.atMicros());
          if (!isKind(invite, ADMIN_LINK)) {
            throw new ForbiddenException("This link is an invite for somebody new.");
          }
          use(tx, ids, invite, member, device);
          giveFirstRole(tx, invite, member);
        });
  }

  /** Puts the welcome away that new members see. */
  public void dismissWelcome(String member) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          tx.change(Catalog.MEMBERS, member, Values.of(Catalog.Members.WELCOME_DISMISSED, true));
        });
  }

  static void addInvite(
      Transaction tx,
      String key,
      String maker,
      String kind,
      Duration lifetime,
      OptionalLong usesMax)
      throws IOException {
    tx.add(link(tx, key, maker, kind, lifetime, usesMax).build());
  }

  /** The row of a link that has not been used. */
  public static Row.Builder link(
      Transaction tx,
      String key,
      String maker,
      String kind,
      Duration lifetime,
      OptionalLong usesMax) {
    return Row.in(Catalog.INVITES)
        .set(Catalog.Invites.TOKEN, key)
        .set(Catalog.Invites.CREATED_BY, maker)
        .set(Catalog.Invites.EXPIRES_AT, tx.atMicros() + micros(lifetime))
        .set(Catalog.Invites.USED_COUNT, 0L)
        .set(Catalog.Invites.MAX_USES, usesMax.isPresent() ? usesMax.getAsLong() : null)
        .set(Catalog.Invites.KIND, kind)
        .set(Catalog.Invites.CREATED_AT, tx.atMicros());
  }

  /** The row of a token that lets somebody in now. */
  private static Row usable(RowLookup lookup, String token, long at) throws IOException {
    // What is hashed is found by the secret itself only: what stands in the archive opens nothing.
    Optional<Row> kept = lookup.find(Catalog.INVITES, token).filter(row -> isKind(row, NEW_USER));
    Optional<Row> hashed =
        lookup
            .find(Catalog.INVITES, Ids.hash(token))
            .filter(row -> isKind(row, NEW_USER) || isKind(row, ADMIN_LINK));
    return requireOpen(
        kept.or(() -> hashed)
            .orElseThrow(
                () -> new ForbiddenException("This link is no invite. Please ask for a new one.")),
        "invite",
        at);
  }

  /** The same row, if its link can still be used. */
  public static Row requireOpen(Row link, String whatItIs, long at) {
    if (link.get(Catalog.Invites.EXPIRES_AT).map(expiresAt -> expiresAt <= at).orElse(false)) {
      throw new ForbiddenException("This " + whatItIs + " has expired. Please ask for a new one.");
    }
    if (link.get(Catalog.Invites.MAX_USES)
        .map(most -> link.get(Catalog.Invites.USED_COUNT).orElse(0L) >= most)
        .orElse(false)) {
      throw new ForbiddenException(
          "This " + whatItIs + " has been used. Please ask for a new one.");
    }
    return link;
  }

  public static void use(Transaction tx, Ids ids, Row invite, String member, Device device)
      throws IOException {
    tx.change(
        Catalog.INVITES,
        invite.key(),
        Values.of(Catalog.Invites.USED_COUNT, invite.get(Catalog.Invites.USED_COUNT).orElse(0L) + 1)
            .and(Catalog.Invites.USED_BY, member));
    tx.add(
        Row.in(Catalog.INVITE_USES)
            .set(Catalog.InviteUses.INVITE, invite.key())
            .set(Catalog.InviteUses.MEMBER, member)
            .set(Catalog.InviteUses.ID, ids.id())
            .set(Catalog.InviteUses.CLAIMED_AT, tx.atMicros())
            .set(Catalog.InviteUses.IP_ADDRESS, device.address().orElse(null))
            .build());
  }

  /**
   * Who comes by the operator's link looks after everything; others take part, by a role where the
   * community has it.
   */
  private void giveFirstRole(Transaction tx, Row invite, String member) throws IOException {
    if (isKind(invite, ADMIN_LINK)) {
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

  private static boolean isKind(Row invite, String kind) {
    return invite.has(Catalog.Invites.KIND, kind);
  }

  /**
   * The name as it will be shown: no blanks around it, and nothing in it that would make a page
   * read otherwise than it is.
   */
  static String tidy(String name) {
    String tidy = name.strip();
    TextValidation.require(tidy, "the name", NAME_MAX);
    if (tidy.codePoints().anyMatch(Members::confusesReaders)) {
      throw new InvalidInputException(
          "A name has no line breaks and no signs that cannot be seen.");
    }
    if (new ConfusableNames(HandleNormalizer.SYSTEM).include(tidy)) {
      throw new InvalidInputException(
          "The name " + tidy + " is the program's own. Please choose another.");
    }
    return tidy;
  }

  /** Joiners are left in, since names of many languages need them. */
  private static boolean confusesReaders(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> codePoint != 0x200C && codePoint != 0x200D;
      default -> false;
    };
  }

  /**
   * The handle that a name would have now. It is needed before the transaction, whose lines carry
   * it as their actor.
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

  /** Names are unique by their canonical form, so that nobody can be taken for another. */
  private static void requireFree(Transaction tx, String handle, String display)
      throws IOException {
    if (tx.find(Catalog.MEMBERS, handle).isPresent()
        || !tx.findBy(Catalog.Members.DISPLAY_NAME, display).isEmpty()) {
      throw nameTaken(display);
    }
  }

  /**
   * No name looks like that of another member. This is asked only for somebody whose invite is
   * good, since it reads all names.
   */
  private void requireDistinct(String token, String display) throws IOException {
    ConfusableNames alike = new ConfusableNames(display);
    try (ViewReader view = ledger.read()) {
      usable(view, token, view.state().at());
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

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
