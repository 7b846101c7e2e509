package org.thywill.community.join;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.community.member.MemberNames;
import org.thywill.view.ViewReader;

/**
 * An invite as the member sees it who made it. Its link is not part of it, because only the hash of
 * its token is kept.
 *
 * @param key of the row
 * @param madeAt null for an imported one, whose time is not known
 * @param lastUsedBy the name of the member who joined by it last, or null
 * @param expiresAt {@link Instant#MAX} for one without an end
 * @param used how often
 * @param usesLeft null for any number
 */
public record InviteView(
    String key,
    @Nullable Instant madeAt,
    Instant expiresAt,
    long used,
    @Nullable String lastUsedBy,
    @Nullable Long usesLeft,
    LinkState state) {

  /** Whether it can be used. */
  public boolean isOpen() {
    return state == LinkState.OPEN;
  }

  /** Whether it has an end. */
  public boolean hasEnd() {
    return !expiresAt.equals(Instant.MAX);
  }

  /** The invites of a member: the open ones first, and of each kind the last to expire first. */
  public static List<InviteView> ofMember(ViewReader view, String member, Instant now)
      throws IOException {
    List<InviteView> invites = new ArrayList<>();
    for (Row row : view.findBy(Catalog.Invites.CREATED_BY, member)) {
      if (LinkKind.NEW_USER.isKindOf(row)) {
        invites.add(of(view, row, now));
      }
    }
    invites.sort(
        Comparator.comparing(InviteView::isOpen)
            .reversed()
            .thenComparing(Comparator.comparing(InviteView::expiresAt).reversed()));
    return invites;
  }

  /** The invite of a token, of any maker; empty if there is none. */
  public static Optional<InviteView> ofToken(ViewReader view, String token, Instant now)
      throws IOException {
    Optional<Row> row =
        view.find(Catalog.INVITES, Ids.hash(token)).filter(LinkKind.NEW_USER::isKindOf);
    return row.isPresent() ? Optional.of(of(view, row.get(), now)) : Optional.empty();
  }

  private static InviteView of(ViewReader view, Row row, Instant now) throws IOException {
    long used = InviteLinks.used(row);
    Optional<String> user = row.get(Catalog.Invites.USED_BY);
    return new InviteView(
        row.key(),
        row.get(Catalog.Invites.CREATED_AT).map(Timestamps::instant).orElse(null),
        row.get(Catalog.Invites.EXPIRES_AT).map(Timestamps::instant).orElse(Instant.MAX),
        used,
        user.isPresent() ? MemberNames.of(view, user.get()) : null,
        row.get(Catalog.Invites.MAX_USES).map(most -> Math.max(0, most - used)).orElse(null),
        InviteLinks.state(row, Timestamps.micros(now)));
  }
}
