package org.thywill.community.access;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;

/**
 * The rows of links: invites, sign-in links and the operator's links.
 *
 * <p>Whether a link can still be used is decided here only. A link that has no end in its row does
 * not expire, and one without a number of uses can be used any number of times; only imported rows
 * lack an end.
 */
public final class InviteLinks {
  private InviteLinks() {}

  /**
   * The row of a link that has not been used, to be completed and added.
   *
   * @param key the hash of its token
   */
  public static Row.Builder link(
      Transaction tx,
      String key,
      String maker,
      LinkKind kind,
      Duration lifetime,
      OptionalLong usesMax) {
    return Row.in(Catalog.INVITES)
        .set(Catalog.Invites.TOKEN, key)
        .set(Catalog.Invites.CREATED_BY, maker)
        .set(
            Catalog.Invites.EXPIRES_AT,
            tx.atMicros() + TimeUnit.NANOSECONDS.toMicros(lifetime.toNanos()))
        .set(Catalog.Invites.USED_COUNT, 0L)
        .set(Catalog.Invites.MAX_USES, usesMax.isPresent() ? usesMax.getAsLong() : null)
        .set(Catalog.Invites.KIND, kind.label())
        .set(Catalog.Invites.CREATED_AT, tx.atMicros());
  }

  /**
   * Adds a link that has not been used.
   *
   * @param key the hash of its token
   */
  public static void add(
      Transaction tx,
      String key,
      String maker,
      LinkKind kind,
      Duration lifetime,
      OptionalLong usesMax)
      throws IOException {
    tx.add(link(tx, key, maker, kind, lifetime, usesMax).build());
  }

  /** Whether a link can be used at a time, in microseconds since 1970. */
  public static LinkState state(Row link, long atMicros) {
    if (isInTime(link, atMicros)) {
      return hasUsesLeft(link) ? LinkState.OPEN : LinkState.USED_UP;
    }
    return link.has(Catalog.Invites.MAX_USES, 0L) ? LinkState.REVOKED : LinkState.EXPIRED;
  }

  /** Whether a link has not expired, however often it has been used. */
  public static boolean isInTime(Row link, long atMicros) {
    return link.get(Catalog.Invites.EXPIRES_AT).map(until -> until > atMicros).orElse(true);
  }

  /** Whether a link has been used less often than it may be, whatever its time. */
  public static boolean hasUsesLeft(Row link) {
    return link.get(Catalog.Invites.MAX_USES).map(most -> used(link) < most).orElse(true);
  }

  /** How often a link has been used. */
  public static long used(Row link) {
    return link.get(Catalog.Invites.USED_COUNT).orElse(0L);
  }

  /**
   * The same row, if its link can be used.
   *
   * @param whatItIs a noun for the message, such as {@code invite}
   * @throws ForbiddenException if the link cannot be used any more
   */
  public static Row requireOpen(Row link, String whatItIs, long atMicros) {
    return switch (state(link, atMicros)) {
      case OPEN -> link;
      case EXPIRED, REVOKED ->
          throw new ForbiddenException(
              "This " + whatItIs + " has expired. Please ask for a new one.");
      case USED_UP ->
          throw new ForbiddenException(
              "This " + whatItIs + " has been used. Please ask for a new one.");
    };
  }

  /**
   * The row of the invite or operator's link of a token, which can be used.
   *
   * <p>A row is found by the token of which its key is the hash, and never by the key: a reader of
   * the archive cannot join by what it holds.
   *
   * @throws ForbiddenException if there is none, or it cannot be used any more
   */
  public static Row requireInvite(RowLookup rows, String token, long atMicros) throws IOException {
    return requireKept(rows, Ids.hash(token), atMicros);
  }

  /**
   * The row of an invite or operator's link by its key, if the link can be used.
   *
   * @throws ForbiddenException if there is none, or it cannot be used any more
   */
  public static Row requireKept(RowLookup rows, String key, long atMicros) throws IOException {
    return requireOpen(
        rows.find(Catalog.INVITES, key)
            .filter(row -> LinkKind.NEW_USER.isKindOf(row) || LinkKind.ADMIN.isKindOf(row))
            .orElseThrow(
                () -> new ForbiddenException("This link is no invite. Please ask for a new one.")),
        "invite",
        atMicros);
  }

  /** Counts one use of a link by a member, and keeps from which address. */
  public static void use(Transaction tx, Ids ids, Row link, String member, Device device)
      throws IOException {
    tx.change(
        Catalog.INVITES,
        link.key(),
        Values.of(Catalog.Invites.USED_COUNT, used(link) + 1).and(Catalog.Invites.USED_BY, member));
    tx.add(
        Row.in(Catalog.INVITE_USES)
            .set(Catalog.InviteUses.INVITE, link.key())
            .set(Catalog.InviteUses.MEMBER, member)
            .set(Catalog.InviteUses.ID, ids.id())
            .set(Catalog.InviteUses.CLAIMED_AT, tx.atMicros())
            .set(Catalog.InviteUses.IP_ADDRESS, device.address())
            .build());
  }

  /**
   * Ends a link and adds another one in its place, with the same end and as many uses as are left.
   *
   * @param key the hash of the other one's token
   */
  public static void replace(Transaction tx, Row link, String key) throws IOException {
    close(tx, link);
    tx.add(
        Row.in(Catalog.INVITES)
            .set(Catalog.Invites.TOKEN, key)
            .set(Catalog.Invites.CREATED_BY, link.get(Catalog.Invites.CREATED_BY).orElse(null))
            .set(Catalog.Invites.EXPIRES_AT, link.get(Catalog.Invites.EXPIRES_AT).orElse(null))
            .set(Catalog.Invites.USED_COUNT, 0L)
            .set(
                Catalog.Invites.MAX_USES,
                link.get(Catalog.Invites.MAX_USES).map(most -> most - used(link)).orElse(null))
            .set(Catalog.Invites.KIND, link.get(Catalog.Invites.KIND).orElse(""))
            .set(Catalog.Invites.CREATED_AT, tx.atMicros())
            .build());
  }

  /** Ends a link now, so that neither its time nor its number of uses lets it be used again. */
  public static void close(Transaction tx, Row link) throws IOException {
    // Both, because the snapshot of open invites knows the number of uses and no time.
    tx.change(
        Catalog.INVITES,
        link.key(),
        Values.of(Catalog.Invites.EXPIRES_AT, tx.atMicros())
            .and(Catalog.Invites.MAX_USES, used(link)));
  }
}
