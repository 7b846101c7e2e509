package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
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
import org.thywill.community.settings.Feature;
import org.thywill.ledger.Ledger;
import org.thywill.view.ViewReader;

/**
 * One-time links that sign in one member on another device.
 *
 * <p>Members make them for their own devices. The operator makes them for a community in which no
 * member is signed in who could approve a sign-in, as after a recovery. A link is bound to its
 * member when it is made, and only the hash of its token is kept. Where a method throws, nothing
 * was changed.
 */
public final class SignInLinks {
  /** The lifetime of a member's own link. It is short, because the other device is at hand. */
  public static final Duration OWN_LIFETIME = Duration.ofHours(1);

  private static final int HANDLES_MAX = 10;

  private final Ledger ledger;
  private final Ids ids;
  private final SignInNotifier notifier;

  public SignInLinks(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
    this.notifier = new SignInNotifier(ledger, ids);
  }

  /**
   * Makes a link by which a member signs in on another of their devices.
   *
   * @return the token, to be shown once
   * @throws ForbiddenException if the member does not take part, or signing in from other devices
   *     is turned off
   */
  public String makeOwn(String member) throws IOException {
    String token = ids.token();
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          if (!Feature.MULTI_DEVICE_AUTH.isOn(tx)) {
            throw new ForbiddenException(
                "Signing in from another device is turned off here. Please ask an admin.");
          }
          tx.add(
              InviteLinks.link(
                      tx,
                      Ids.hash(token),
                      member,
                      LinkKind.MULTI_DEVICE,
                      OWN_LIFETIME,
                      OptionalLong.of(1))
                  .set(Catalog.Invites.USED_BY, member)
                  .build());
        });
    return token;
  }

  /**
   * A link that was made for a member.
   *
   * @param member the handle
   * @param token to be shown once
   */
  public record OperatorLink(String member, String token) {}

  /**
   * Makes the operator's link for a member, and adds a security event, which admins see.
   *
   * @param name the handle of the member, or the display name exactly as it is spelled
   * @throws InvalidInputException if no member has that handle or name, or several have the name,
   *     or the account is deactivated; the message lists the handles of members with a like name
   */
  public OperatorLink makeForOperator(String name, Duration lifetime) throws IOException {
    String token = ids.token();
    String event = ids.id();
    String member = named(name);
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("the operator lets a member in"),
        tx -> {
          if (Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
            throw new InvalidInputException("The account of " + member + " is deactivated.");
          }
          tx.add(
              InviteLinks.link(
                      tx,
                      Ids.hash(token),
                      HandleNormalizer.SYSTEM,
                      LinkKind.USER_LOGIN,
                      lifetime,
                      OptionalLong.of(1))
                  .set(Catalog.Invites.USED_BY, member)
                  .build());
          SignInLog.add(
              tx,
              event,
              new SignInLog.SecurityEvent("operator_link_made", member, null, Device.UNKNOWN));
        });
    return new OperatorLink(member, token);
  }

  /** The member of a link; empty if the link cannot be used. */
  public static Optional<String> member(ViewReader view, String token, Instant now)
      throws IOException {
    Optional<Row> link =
        view.find(Catalog.INVITES, Ids.hash(token)).filter(SignInLinks::isSignInLink);
    return link.filter(row -> InviteLinks.state(row, Timestamps.micros(now)) == LinkState.OPEN)
        .flatMap(row -> row.get(Catalog.Invites.USED_BY));
  }

  /**
   * Signs in the member of a link, notifies them, and adds a security event.
   *
   * @throws ForbiddenException if the link cannot be used, or its member does not take part
   */
  public Sessions.Session accept(String token, Device device) throws IOException {
    String key = Ids.hash(token);
    String secret = ids.secret();
    String event = ids.id();
    String member = memberOf(key);
    return ledger.compute(
        Change.Cause.by(member),
        tx -> {
          Row link =
              InviteLinks.requireOpen(
                  tx.find(Catalog.INVITES, key).orElseThrow(SignInLinks::noLink),
                  "link",
                  tx.atMicros());
          Authorization.require(tx, member, tx.atMicros());
          InviteLinks.use(tx, ids, link, member, device);
          SignInLog.add(
              tx, event, new SignInLog.SecurityEvent("signed_in_by_link", member, null, device));
          notifier.notifyOfEntry(tx, member, null);
          return Sessions.open(tx, member, secret, device, true, null);
        });
  }

  /**
   * The member of a link, open or not. It is needed before the transaction, because it is the actor
   * of the transaction.
   */
  private String memberOf(String key) throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.find(Catalog.INVITES, key)
          .filter(SignInLinks::isSignInLink)
          .flatMap(row -> row.get(Catalog.Invites.USED_BY))
          .orElseThrow(SignInLinks::noLink);
    }
  }

  private static boolean isSignInLink(Row link) {
    // Imported links of the original could have any number of uses, and a link for another device
    // could sign in any member. Such links are not accepted.
    boolean isOfOneUse = link.has(Catalog.Invites.MAX_USES, 1L);
    boolean isOfMaker =
        link.get(Catalog.Invites.USED_BY).equals(link.get(Catalog.Invites.CREATED_BY));
    return isOfOneUse
        && (LinkKind.USER_LOGIN.isKindOf(link)
            || LinkKind.MULTI_DEVICE.isKindOf(link) && isOfMaker);
  }

  private static ForbiddenException noLink() {
    return new ForbiddenException("This link signs nobody in. Please ask for a new one.");
  }

  /**
   * The handle of the member that a name means.
   *
   * <p>Several names can have one canonical form, so a name that is only alike is never taken: the
   * link would sign in another person.
   */
  private String named(String name) throws IOException {
    List<String> handles = new ArrayList<>();
    try (ViewReader view = ledger.read()) {
      if (view.find(Catalog.MEMBERS, name).isPresent()) {
        return name;
      }
      List<Row> exactly = view.findBy(Catalog.Members.DISPLAY_NAME, name);
      if (exactly.size() == 1) {
        return exactly.getFirst().key();
      }
      exactly.forEach(row -> handles.add(row.key()));
      if (exactly.isEmpty()) {
        String canonical = HandleNormalizer.canonical(name);
        view.forEach(
            Catalog.MEMBERS,
            row -> {
              String display = row.require(Catalog.Members.DISPLAY_NAME);
              if (HandleNormalizer.canonical(display).equals(canonical)) {
                handles.add(row.key());
              }
            });
      }
    }
    if (handles.isEmpty()) {
      throw new InvalidInputException("There is no member " + name + ".");
    }
    String shown = String.join(", ", handles.subList(0, Math.min(HANDLES_MAX, handles.size())));
    throw new InvalidInputException(
        "The name "
            + name
            + " does not say which member is meant. Name the member by the handle: "
            + shown
            + ".");
  }
}
