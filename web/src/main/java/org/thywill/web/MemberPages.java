package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.Accounts;
import org.thywill.community.Names;
import org.thywill.community.Roles;

/** The members, who invited whom, and the roles they have. */
final class MemberPages {
  private static final int DEPTH_MAX = 8;
  private final Roles roles;
  private final Accounts accounts;

  MemberPages(Site site) {
    this.roles = site.community().roles();
    this.accounts = site.community().accounts();
  }

  /**
   * A member in the tree of invites.
   *
   * @param depth how many invites away from the beginning; no deeper than can be drawn
   */
  record Entry(String handle, String name, Instant joinedAt, int depth, int invited) {}

  record AllView(List<Entry> entries, Instant now) {}

  record RoleView(String role, Optional<String> grantedBy, Instant grantedAt, Optional<Instant> until) {}

  record OneView(String handle, String name, Instant joinedAt, String inviter, String inviterName, List<RoleView> roles, int asked, int prayed,
      List<String> grantable, boolean mayGrant, boolean takesPart, boolean mayDeactivate) {}

  Answer all(Visit visit) throws IOException {
    Map<String, List<Row>> byInviter = new HashMap<>();
    Map<String, Row> all = new HashMap<>();
    visit.view().forEach(Catalog.MEMBERS, row -> all.put(row.key(), row));
    for (Row row : all.values()) {
      String inviter = row.text("invited_by").filter(handle -> all.containsKey(handle) && !handle.equals(row.key())).orElse("");
      byInviter.computeIfAbsent(inviter, handle -> new ArrayList<>()).add(row);
    }
    byInviter.values().forEach(rows -> rows.sort(Comparator.comparing(MemberPages::joined).thenComparing(Row::key)));
    List<Entry> entries = new ArrayList<>();
    walk("", 0, byInviter, entries);
    return Answer.page("members.jte", "Members", new AllView(entries, visit.now()));
  }

  /** Depth first; iterative in depth by the list that is left, so that a long chain of invites needs no deep stack. */
  private static void walk(String root, int depth, Map<String, List<Row>> byInviter, List<Entry> entries) {
    ArrayDeque<Map.Entry<Row, Integer>> open = new ArrayDeque<>();
    byInviter.getOrDefault(root, List.of()).reversed().forEach(row -> open.push(Map.entry(row, depth)));
    while (!open.isEmpty()) {
      Map.Entry<Row, Integer> next = open.pop();
      Row row = next.getKey();
      List<Row> invited = byInviter.getOrDefault(row.key(), List.of());
      entries.add(new Entry(row.key(), row.text("display_name").orElse(row.key()), joined(row), Math.min(next.getValue(), DEPTH_MAX), invited.size()));
      invited.reversed().forEach(child -> open.push(Map.entry(child, next.getValue() + 1)));
    }
  }

  Answer one(Visit visit) throws IOException {
    String handle = visit.part("member");
    Row row = Visit.found(visit.view().find(Catalog.MEMBERS, handle));
    String inviter = row.text("invited_by").orElse("");
    List<RoleView> held = new ArrayList<>();
    for (Row assignment : visit.view().where(Catalog.ROLE_ASSIGNMENTS, "member", handle)) {
      Optional<Instant> until = assignment.number("expires_at").map(Timestamps::instant);
      if (until.map(end -> end.isAfter(visit.now())).orElse(true)) {
        held.add(new RoleView(assignment.text("role").orElse(""), assignment.text("granted_by"),
            Timestamps.instant(assignment.number("granted_at").orElse(0L)), until));
      }
    }
    List<String> grantable = new ArrayList<>();
    visit.view().forEach(Catalog.ROLES, role -> grantable.add(role.key()));
    return Answer.page("member.jte", row.text("display_name").orElse(handle), new OneView(handle, row.text("display_name").orElse(handle), joined(row),
        inviter, Names.of(visit.view(), inviter), held, visit.view().where(Catalog.PRAYERS, "author", handle).size(),
        visit.view().where(Catalog.MARKS, "member", handle).size(), grantable, Who.ROLE_MANAGER.includes(visit.viewer()),
        Roles.takesPart(visit.view(), handle, visit.now()), Who.MEMBER_MANAGER.includes(visit.viewer()) && !handle.equals(visit.member().handle())));
  }

  Answer grant(Visit visit) throws IOException {
    roles.grant(visit.member().handle(), visit.part("member"), visit.field("role"), visit.field("reason"));
    return Answer.goOn("/members/" + visit.part("member"), Said.ROLE_GRANTED);
  }

  Answer revoke(Visit visit) throws IOException {
    roles.revoke(visit.member().handle(), visit.part("member"), visit.field("role"), visit.field("reason"));
    return Answer.goOn("/members/" + visit.part("member"), Said.ROLE_REVOKED);
  }

  Answer deactivate(Visit visit) throws IOException {
    accounts.deactivate(visit.member().handle(), visit.part("member"), visit.field("reason"));
    return Answer.goOn("/members/" + visit.part("member"), Said.DEACTIVATED);
  }

  Answer reactivate(Visit visit) throws IOException {
    accounts.reactivate(visit.member().handle(), visit.part("member"), visit.field("reason"));
    return Answer.goOn("/members/" + visit.part("member"), Said.REACTIVATED);
  }

  private static Instant joined(Row member) {
    return Timestamps.instant(member.number("created_at").orElse(0L));
  }
}
