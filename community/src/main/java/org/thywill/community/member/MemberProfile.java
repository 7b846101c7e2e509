package org.thywill.community.member;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Roles;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * A member as other members see them.
 *
 * @param badges all of them
 * @param takesPart false for an account that is deactivated
 */
public record MemberProfile(
    String handle,
    String name,
    Membership membership,
    Set<Badge> badges,
    List<HeldRole> roles,
    PrayerCounts counts,
    Invited invited,
    boolean takesPart) {
  private static final int INVITED_SHOWN_MAX = 100;

  /**
   * How somebody became a member.
   *
   * @param inviter the handle of the member who invited them; empty if there was none
   * @param inviterName the display name of that member; empty if there was none
   * @param supporterSince since when they support the community, or null if that is not known
   */
  public record Membership(
      Instant joinedAt, String inviter, String inviterName, @Nullable Instant supporterSince) {}

  /**
   * A role that a member has now.
   *
   * @param grantedBy the handle of the member who granted it, or null if that is not known
   * @param until null for a role without an end
   */
  public record HeldRole(
      String role, @Nullable String grantedBy, Instant grantedAt, @Nullable Instant until) {}

  /** How many prayers a member asked for, and how often they prayed. */
  public record PrayerCounts(long asked, long prayed) {}

  /**
   * The members whom a member invited.
   *
   * @param latest the last to join first; of many the latest
   * @param total how many they are
   */
  public record Invited(List<MemberView> latest, long total) {}

  /** The profile of a member; empty if there is no such member. */
  public static Optional<MemberProfile> find(ViewReader view, String handle, Instant now)
      throws IOException {
    Optional<Row> row = view.find(Catalog.MEMBERS, handle);
    return row.isEmpty() ? Optional.empty() : Optional.of(of(view, row.get(), now));
  }

  private static MemberProfile of(ViewReader view, Row row, Instant now) throws IOException {
    String handle = row.key();
    return new MemberProfile(
        handle,
        MemberView.nameOf(row),
        membership(view, row),
        Badge.of(row),
        heldRoles(view, handle, now),
        new PrayerCounts(
            view.count(Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.AUTHOR, handle)),
            view.count(Query.of(Catalog.MARKS).eq(Catalog.Marks.MEMBER, handle))),
        invited(view, handle),
        Roles.takesPart(view, handle, now));
  }

  private static Membership membership(ViewReader view, Row row) throws IOException {
    String inviter = row.get(Catalog.Members.INVITED_BY).orElse("");
    return new Membership(
        MemberView.joinedAtOf(row),
        inviter,
        MemberNames.of(view, inviter),
        row.get(Catalog.Members.SUPPORTER_SINCE).map(Timestamps::instant).orElse(null));
  }

  private static List<HeldRole> heldRoles(ViewReader view, String handle, Instant now)
      throws IOException {
    long nowMicros = Timestamps.micros(now);
    return view.findBy(Catalog.RoleAssignments.MEMBER, handle).stream()
        .filter(assignment -> Authorization.holds(assignment, nowMicros))
        .map(
            assignment ->
                new HeldRole(
                    assignment.get(Catalog.RoleAssignments.ROLE).orElse(""),
                    assignment.get(Catalog.RoleAssignments.GRANTED_BY).orElse(null),
                    Timestamps.instant(
                        assignment.get(Catalog.RoleAssignments.GRANTED_AT).orElse(0L)),
                    assignment
                        .get(Catalog.RoleAssignments.EXPIRES_AT)
                        .map(Timestamps::instant)
                        .orElse(null)))
        .toList();
  }

  private static Invited invited(ViewReader view, String handle) throws IOException {
    Query invited = Query.of(Catalog.MEMBERS).eq(Catalog.Members.INVITED_BY, handle);
    return new Invited(
        view.rows(invited.newestFirst().limit(INVITED_SHOWN_MAX)).stream()
            .map(MemberView::of)
            .toList(),
        view.count(invited));
  }
}
