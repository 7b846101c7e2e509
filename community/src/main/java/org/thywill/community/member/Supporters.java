package org.thywill.community.member;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.ledger.Ledger;

/** Saying of members that they support the community, and in which ways. */
public final class Supporters {
  private final Ledger ledger;

  public Supporters(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Gives a member these badges and no others; none takes all of them back. Since when somebody is
   * a supporter stays as it was until then, and so do ways that an import knew and this program
   * does not.
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

  private static Map<String, @Nullable Object> none() {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("is_supporter", false);
    values.put("supporter_since", null);
    values.put("supporter_type", null);
    return values;
  }

  private static Map<String, @Nullable Object> values(Row before, Set<Badge> badges, long now) {
    Stream<String> unknown = Badge.words(before).stream().filter(word -> !Badge.isKnown(word));
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("is_supporter", true);
    values.put(
        "supporter_since",
        before.is(Catalog.Members.IS_SUPPORTER)
            ? before.get(Catalog.Members.SUPPORTER_SINCE).orElse(now)
            : now);
    values.put(
        "supporter_type",
        Stream.concat(badges.stream().sorted().map(Badge::label), unknown)
            .collect(Collectors.joining(",")));
    return values;
  }
}
