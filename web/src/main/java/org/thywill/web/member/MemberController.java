package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.AccountDeactivation;
import org.thywill.community.access.Roles;
import org.thywill.community.member.Badge;
import org.thywill.community.member.MemberNames;
import org.thywill.community.member.Supporters;
import org.thywill.community.settings.Feature;
import org.thywill.view.Query;
import org.thywill.web.http.AccessRule;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The members, who invited whom, and the roles they have. */
public final class MemberController {
  /** The tree of so many can be taken in at a look, and be drawn at once. */
  private static final int TREE_MAX = 1_000;

  private static final int DEPTH_MAX = 8;
  private static final int LISTED = 100;
  private final Roles roles;
  private final AccountDeactivation accounts;
  private final Supporters supporters;

  public MemberController(ServerContext site) {
    this.roles = site.community().roles();
    this.accounts = site.community().accounts();
    this.supporters = site.community().supporters();
  }

  /**
   * A member in the tree of invites.
   *
   * @param depth how many invites away from the beginning; no deeper than can be drawn
   */
  record Entry(
      String handle, String name, List<Badge> badges, Instant joinedAt, int depth, int invited) {}

  /** How a list of members comes about. */
  enum Shape {
    /** All, each below the one who invited them. */
    TREE,
    /** A page of very many, the last to join first. */
    LAST_FIRST,
    /** Those whose name begins as somebody wrote. */
    FOUND
  }

  /**
   * Members, in one of the shapes.
   *
   * @param find how the name begins; empty for all
   * @param total how many members there are
   * @param isFirst whether the list begins here
   * @param next the address of the page behind; empty if there is none
   */
  record AllView(
      Shape shape, List<Entry> entries, String find, long total, boolean isFirst, String next) {}

  record RoleView(
      String role, Optional<String> grantedBy, Instant grantedAt, Optional<Instant> until) {}

  /**
   * A member.
   *
   * @param badges all of them
   * @param supporterSince since when they support the community, if that is known
   */
  record OneView(
      String handle,
      String name,
      Set<Badge> badges,
      Optional<Instant> supporterSince,
      Instant joinedAt,
      String inviter,
      String inviterName,
      List<RoleView> roles,
      long asked,
      long prayed,
      List<Entry> invited,
      long invitedCount,
      List<String> grantable,
      boolean mayGrant,
      boolean takesPart,
      boolean mayDeactivate,
      boolean mayGiveBadges) {
    List<Badge> allBadges() {
      return List.of(Badge.values());
    }
  }

  public Response all(Request visit) throws IOException {
    String find = visit.queryParam("find").strip();
    String after = visit.queryParam("after");
    Query all = Query.of(Catalog.MEMBERS);
    long total = visit.view().count(all);
    if (!find.isEmpty()) {
      String handle = HandleNormalizer.canonical(find);
      Query found =
          handle.isEmpty() ? all.eq("display_name", find) : all.startsWith("handle", handle);
      return page(
          new AllView(
              Shape.FOUND, entries(visit.view().rows(found.limit(LISTED))), find, total, true, ""));
    }
    if (total <= TREE_MAX) {
      return page(new AllView(Shape.TREE, tree(visit.view().rows(all)), "", total, true, ""));
    }
    Query last = all.newestFirst().limit(LISTED + 1);
    List<Entry> entries = entries(visit.view().rows(after.isEmpty() ? last : last.after(after)));
    boolean hasMore = entries.size() > LISTED;
    List<Entry> shown = hasMore ? entries.subList(0, LISTED) : entries;
    return page(
        new AllView(
            Shape.LAST_FIRST,
            shown,
            "",
            total,
            after.isEmpty(),
            hasMore ? Response.address("/members", "after", shown.getLast().handle()) : ""));
  }

  private static Response page(AllView view) {
    return Response.page("member/members.jte", "Members", view);
  }

  private static List<Entry> entries(List<Row> members) {
    return members.stream().map(row -> entry(row, 0, 0)).toList();
  }

  private static Entry entry(Row row, int depth, int invited) {
    return new Entry(
        row.key(),
        row.text("display_name").orElse(row.key()),
        Badge.shown(row),
        joined(row),
        Math.min(depth, DEPTH_MAX),
        invited);
  }

  private static List<Entry> tree(List<Row> members) {
    Map<String, List<Row>> byInviter = new HashMap<>();
    Set<String> handles = members.stream().map(Row::key).collect(Collectors.toSet());
    for (Row row : members) {
      String inviter =
          row.text("invited_by")
              .filter(handle -> handles.contains(handle) && !handle.equals(row.key()))
              .orElse("");
      byInviter.computeIfAbsent(inviter, handle -> new ArrayList<>()).add(row);
    }
    byInviter
        .values()
        .forEach(
            rows ->
                rows.sort(Comparator.comparing(MemberController::joined).thenComparing(Row::key)));
    return walk(byInviter);
  }

  /**
   * Depth first; iterative in depth by the list that is left, so that a long chain of invites needs
   * no deep stack.
   */
  private static List<Entry> walk(Map<String, List<Row>> byInviter) {
    List<Entry> entries = new ArrayList<>();
    ArrayDeque<Map.Entry<Row, Integer>> open = new ArrayDeque<>();
    byInviter.getOrDefault("", List.of()).reversed().forEach(row -> open.push(Map.entry(row, 0)));
    while (!open.isEmpty()) {
      Map.Entry<Row, Integer> next = open.pop();
      List<Row> invited = byInviter.getOrDefault(next.getKey().key(), List.of());
      entries.add(entry(next.getKey(), next.getValue(), invited.size()));
      invited.reversed().forEach(child -> open.push(Map.entry(child, next.getValue() + 1)));
    }
    return entries;
  }

  public Response one(Request visit) throws IOException {
    String handle = visit.pathParam("member");
    Row row = Request.orNotFound(visit.view().find(Catalog.MEMBERS, handle));
    String inviter = row.text("invited_by").orElse("");
    List<RoleView> held = new ArrayList<>();
    for (Row assignment : visit.view().findBy(Catalog.ROLE_ASSIGNMENTS, "member", handle)) {
      Optional<Instant> until = assignment.number("expires_at").map(Timestamps::instant);
      if (until.map(end -> end.isAfter(visit.now())).orElse(true)) {
        held.add(
            new RoleView(
                assignment.text("role").orElse(""),
                assignment.text("granted_by"),
                Timestamps.instant(assignment.number("granted_at").orElse(0L)),
                until));
      }
    }
    List<String> grantable =
        AccessRule.ROLE_MANAGER.includes(visit.viewer())
            ? Roles.grantable(visit.view(), visit.member().handle(), visit.now())
            : List.of();
    Query invited = Query.of(Catalog.MEMBERS).eq("invited_by", handle);
    return Response.page(
        "member/member.jte",
        row.text("display_name").orElse(handle),
        new OneView(
            handle,
            row.text("display_name").orElse(handle),
            Badge.of(row),
            row.number("supporter_since").map(Timestamps::instant),
            joined(row),
            inviter,
            MemberNames.of(visit.view(), inviter),
            held,
            visit.view().count(Query.of(Catalog.PRAYERS).eq("author", handle)),
            visit.view().count(Query.of(Catalog.MARKS).eq("member", handle)),
            entries(visit.view().rows(invited.newestFirst().limit(LISTED))),
            visit.view().count(invited),
            grantable,
            AccessRule.ROLE_MANAGER.includes(visit.viewer()),
            Roles.takesPart(visit.view(), handle, visit.now()),
            AccessRule.MEMBER_MANAGER.includes(visit.viewer())
                && !handle.equals(visit.member().handle()),
            AccessRule.MEMBER_MANAGER.includes(visit.viewer())));
  }

  public Response grant(Request visit) throws IOException {
    roles.grant(
        visit.member().handle(),
        visit.pathParam("member"),
        visit.formParam("role"),
        visit.formParam("reason"));
    return Response.redirect("/members/" + visit.pathParam("member"), FlashMessage.ROLE_GRANTED);
  }

  public Response revoke(Request visit) throws IOException {
    roles.revoke(
        visit.member().handle(),
        visit.pathParam("member"),
        visit.formParam("role"),
        visit.formParam("reason"));
    return Response.redirect("/members/" + visit.pathParam("member"), FlashMessage.ROLE_REVOKED);
  }

  public Response deactivate(Request visit) throws IOException {
    accounts.deactivate(
        visit.member().handle(), visit.pathParam("member"), visit.formParam("reason"));
    return Response.redirect("/members/" + visit.pathParam("member"), FlashMessage.DEACTIVATED);
  }

  public Response reactivate(Request visit) throws IOException {
    accounts.reactivate(
        visit.member().handle(), visit.pathParam("member"), visit.formParam("reason"));
    return Response.redirect("/members/" + visit.pathParam("member"), FlashMessage.REACTIVATED);
  }

  /** Those that are ticked, and no others. */
  public Response badges(Request visit) throws IOException {
    visit.requireFeature(Feature.SUPPORTER_BADGES);
    Set<Badge> ticked = EnumSet.noneOf(Badge.class);
    for (Badge badge : Badge.values()) {
      if (visit.isChecked(badge.label())) {
        ticked.add(badge);
      }
    }
    supporters.setBadges(
        visit.member().handle(), visit.pathParam("member"), ticked, visit.formParam("reason"));
    return Response.redirect("/members/" + visit.pathParam("member"), FlashMessage.BADGES_SET);
  }

  private static Instant joined(Row member) {
    return Timestamps.instant(member.number("created_at").orElse(0L));
  }
}
