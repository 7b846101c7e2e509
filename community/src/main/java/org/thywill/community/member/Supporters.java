package org.thywill.community.member;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.ledger.Ledger;

/** Gives badges to members who support the community. */
public final class Supporters {
  private final Ledger ledger;

  public Supporters(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Gives a member these badges and no others. An empty set removes all.
   *
   * <p>The day since when the member is a supporter is kept, and so are imported kinds of support
   * that are unknown here. Where it throws, nothing was changed.
   *
   * @param reason for the log; may be empty
   * @throws ForbiddenException if the admin may not decide about members
   * @throws InvalidInputException if there is no such member, or they have exactly these
   */
  public void setBadges(String admin, String member, Set<Badge> badges, String reason)
      throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(admin).because(reason),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_MEMBERS, tx.atMicros());
          Row before =
              tx.find(Catalog.MEMBERS, member)
                  .orElseThrow(
                      () -> new InvalidInputException("There is no member " + member + "."));
          if (Badge.of(before).equals(badges)) {
            throw new InvalidInputException("That is so already; nothing was changed.");
          }
          tx.change(
              Catalog.MEMBERS,
              member,
              badges.isEmpty() ? none() : values(before, badges, tx.atMicros()));
        });
  }

  private static Values none() {
    return Values.of(Catalog.Members.IS_SUPPORTER, false)
        .and(Catalog.Members.SUPPORTER_SINCE, null)
        .and(Catalog.Members.SUPPORTER_TYPE, null);
  }

  private static Values values(Row before, Set<Badge> badges, long nowMicros) {
    Stream<String> unknown = Badge.words(before).stream().filter(word -> !Badge.isKnown(word));
    boolean isSupporter = before.is(Catalog.Members.IS_SUPPORTER);
    return Values.of(Catalog.Members.IS_SUPPORTER, true)
        .and(
            Catalog.Members.SUPPORTER_SINCE,
            isSupporter
                ? before.get(Catalog.Members.SUPPORTER_SINCE).orElse(nowMicros)
                : Long.valueOf(nowMicros))
        .and(
            Catalog.Members.SUPPORTER_TYPE,
            Stream.concat(badges.stream().sorted().map(Badge::label), unknown)
                .collect(Collectors.joining(",")));
  }
}
