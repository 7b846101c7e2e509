package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
import org.thywill.community.join.Members;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/**
 * Links that sign one member in on another device, once: those that members make for devices of
 * their own, and the operator's for a community in which nobody is signed in who could vouch, as
 * after a recovery. A link is bound to its member when it is made, and only its hash is kept.
 */
public final class SignInLinks {
  /** How long a member's own link lasts: the other device is at hand. */
  public static final Duration OWN_LIFETIME = Duration.ofHours(1);

  private static final String OWN_DEVICE = "multi_device";
  private static final String BY_OPERATOR = "user_login";

  private final Ledger ledger;
  private final Ids ids;

  public SignInLinks(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Makes a link by which a member signs in on another device of theirs.
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
              Members.link(
                      tx, Ids.hash(token), member, OWN_DEVICE, OWN_LIFETIME, OptionalLong.of(1))
                  .set("used_by", member)
                  .build());
        });
    return token;
  }

  /**
   * Makes the operator's link for a member. That it was made is a security event, which admins see.
   *
   * @param name of the member as they write it, or their handle
   * @return the token, to be shown once
   * @throws InvalidInputException if there is no such member, or the account is deactivated
   */
  public String makeForOperator(String name, Duration lifetime) throws IOException {
    String token = ids.token();
    String event = ids.id();
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("the operator lets a member in"),
        tx -> {
          String member = named(tx, name);
          if (Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
            throw new InvalidInputException("The account of " + member + " is deactivated.");
          }
          tx.add(
              Members.link(
                      tx,
                      Ids.hash(token),
                      HandleNormalizer.SYSTEM,
                      BY_OPERATOR,
                      lifetime,
                      OptionalLong.of(1))
                  .set("used_by", member)
                  .build());
          tx.add(securityEvent(event, "operator_link_made", member, Device.UNKNOWN, tx.atMicros()));
        });
    return token;
  }

  /** The member whom a link that can be used signs in. */
  public static Optional<String> member(ViewReader view, String token, Instant now)
      throws IOException {
    Optional<Row> link =
        view.find(Catalog.INVITES, Ids.hash(token)).filter(SignInLinks::isSignInLink);
    try {
      return link.map(row -> Members.requireOpen(row, "link", Timestamps.micros(now)))
          .flatMap(row -> row.get(Catalog.Invites.USED_BY));
    } catch (ForbiddenException e) {
      return Optional.empty();
    }
  }

  /**
   * Signs the member of a link in. That it was used is a security event.
   *
   * @throws ForbiddenException if the link cannot be used, or its member does not take part any
   *     more
   */
  public Sessions.Session accept(String token, Device device) throws IOException {
    String key = Ids.hash(token);
    String secret = ids.secret();
    String event = ids.id();
    String member = meant(key);
    return ledger.compute(
        Change.Cause.by(member),
        tx -> {
          Row link =
              Members.requireOpen(
                  tx.find(Catalog.INVITES, key).orElseThrow(SignInLinks::noLink),
                  "link",
                  tx.atMicros());
          Authorization.require(tx, member, tx.atMicros());
          Members.use(tx, ids, link, member, device);
          tx.add(securityEvent(event, "signed_in_by_link", member, device, tx.atMicros()));
          return Sessions.open(tx, member, secret, device, true, Optional.empty());
        });
  }

  /** Whom a link is for, open or not; who acts has to be known before anything is written. */
  private String meant(String key) throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.find(Catalog.INVITES, key)
          .filter(SignInLinks::isSignInLink)
          .flatMap(row -> row.get(Catalog.Invites.USED_BY))
          .orElseThrow(SignInLinks::noLink);
    }
  }

  private static boolean isSignInLink(Row row) {
    String kind = row.get(Catalog.Invites.KIND).orElse("");
    // The original had links that could be used without end, and let whoever had one for another
    // device name anybody. Such do not count here, though they were imported.
    boolean isOfOneUse = row.has(Catalog.Invites.MAX_USES, 1L);
    return isOfOneUse
        && (kind.equals(BY_OPERATOR)
            || kind.equals(OWN_DEVICE)
                && row.get(Catalog.Invites.USED_BY).equals(row.get(Catalog.Invites.CREATED_BY)));
  }

  private static ForbiddenException noLink() {
    return new ForbiddenException("This link signs nobody in. Please ask for a new one.");
  }

  private static String named(Transaction tx, String name) throws IOException {
    Optional<Row> exactly = tx.find(Catalog.MEMBERS, name.strip());
    Optional<Row> found =
        exactly.isPresent()
            ? exactly
            : tx.find(Catalog.MEMBERS, HandleNormalizer.canonical(name.strip()));
    return found
        .map(Row::key)
        .orElseThrow(() -> new InvalidInputException("There is no member " + name + "."));
  }

  private static Row securityEvent(String id, String event, String member, Device device, long at) {
    return Row.in(Catalog.SECURITY_EVENTS)
        .set(Catalog.SecurityEvents.EVENT, event)
        .set(Catalog.SecurityEvents.MEMBER, member)
        .set(Catalog.SecurityEvents.IP_ADDRESS, device.address().orElse(null))
        .set(Catalog.SecurityEvents.ID, id)
        .set(Catalog.SecurityEvents.USER_AGENT, device.description().orElse(null))
        .set(Catalog.SecurityEvents.CREATED_AT, at)
        .build();
  }
}
