package org.thywill.community.join;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.view.ViewReader;

/**
 * An invite as the member sees it who made it.
 *
 * @param expiresAt {@link Instant#MAX} for one without an end
 * @param used how often
 * @param usesLeft null for any number
 */
public record InviteView(
    String token, Instant expiresAt, long used, @Nullable Long usesLeft, LinkState state) {

  /** Whether it can be used. */
  public boolean isOpen() {
    return state == LinkState.OPEN;
  }

  /** The invites of a member: the open ones first, and of each kind the last to expire first. */
  public static List<InviteView> ofMember(ViewReader view, String member, Instant now)
      throws IOException {
    return view.findBy(Catalog.Invites.CREATED_BY, member).stream()
        .filter(LinkKind.NEW_USER::isKindOf)
        .map(row -> of(row, now))
        .sorted(
            Comparator.comparing(InviteView::isOpen)
                .reversed()
                .thenComparing(Comparator.comparing(InviteView::expiresAt).reversed()))
        .toList();
  }

  /** The invite of a token; empty if there is none, or another member made it. */
  public static Optional<InviteView> find(ViewReader view, String member, String token, Instant now)
      throws IOException {
    return view.find(Catalog.INVITES, token)
        .filter(
            row -> row.has(Catalog.Invites.CREATED_BY, member) && LinkKind.NEW_USER.isKindOf(row))
        .map(row -> of(row, now));
  }

  private static InviteView of(Row row, Instant now) {
    long used = InviteLinks.used(row);
    return new InviteView(
        row.key(),
        row.get(Catalog.Invites.EXPIRES_AT).map(Timestamps::instant).orElse(Instant.MAX),
        used,
        row.get(Catalog.Invites.MAX_USES).map(most -> Math.max(0, most - used)).orElse(null),
        InviteLinks.state(row, Timestamps.micros(now)));
  }
}
