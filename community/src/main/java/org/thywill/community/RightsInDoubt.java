package org.thywill.community;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.view.PendingRecovery;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Finds what members could do after a loss although a lost change may have ended it.
 *
 * <p>A row is certain if it was last written after the last lost change that may have been of its
 * table, or if the operator decided about it. In doubt are:
 *
 * <ul>
 *   <li>an assignment of a role with permissions, unless the assignment and the role are certain;
 *   <li>an account, unless an assignment that lets the member take part is certain, or the member
 *       did something after the loss, which a deactivated account does not allow;
 *   <li>a link or a recovery code that can be used, unless its row is certain.
 * </ul>
 */
final class RightsInDoubt {
  private static final int ROWS_PER_STEP = 1_000;

  private final ViewReader view;
  private final OperatorDecisions decisions;
  private final long atMicros;
  private final long lostRole;
  private final long lostRight;
  private final long lostLink;
  private final long lostCode;
  private final List<Row> assignments = new ArrayList<>();
  private final Set<String> undefined = new TreeSet<>();
  private final List<String> unknownRoles = new ArrayList<>();
  private final Set<String> certain = new HashSet<>();

  /** The members to whom a role is assigned that will be defined again. */
  private final Set<String> regaining = new HashSet<>();

  private final List<String> members = new ArrayList<>();
  private final List<Row> links = new ArrayList<>();
  private final List<Row> codes = new ArrayList<>();
  private boolean isAdminLeft;

  private RightsInDoubt(
      ViewReader view,
      List<PendingRecovery.Lost> lost,
      OperatorDecisions decisions,
      long atMicros) {
    this.view = view;
    this.decisions = decisions;
    this.atMicros = atMicros;
    this.lostRole = lastLost(lost, Catalog.ROLES);
    this.lostRight = lastLost(lost, Catalog.ROLES, Catalog.ROLE_ASSIGNMENTS);
    this.lostLink = lastLost(lost, Catalog.INVITES);
    this.lostCode = lastLost(lost, Catalog.RECOVERY_CODES);
  }

  /**
   * Finds them in a view.
   *
   * @param lost empty if nothing is lost; then nothing is in doubt
   */
  static RightsInDoubt find(
      ViewReader view, List<PendingRecovery.Lost> lost, OperatorDecisions decisions, long atMicros)
      throws IOException {
    RightsInDoubt found = new RightsInDoubt(view, lost, decisions, atMicros);
    found.findAssignments();
    if (found.lostRight > 0) {
      found.findMembers();
    }
    if (found.lostLink > 0) {
      found.findLinks();
    }
    if (found.lostCode > 0) {
      found.findCodes();
    }
    return found;
  }

  /** The seq of the last lost change that may have been of some tables; 0 if there is none. */
  static long lastLost(List<PendingRecovery.Lost> lost, Table... tables) {
    Set<String> names = new HashSet<>();
    for (Table table : tables) {
      names.add(table.name());
    }
    return lost.stream()
        .filter(run -> run.tables().stream().anyMatch(names::contains))
        .mapToLong(PendingRecovery.Lost::last)
        .max()
        .orElse(0);
  }

  /** The assignments in doubt. */
  List<Row> assignments() {
    return assignments;
  }

  /** The names of the program's roles whose definitions are lost. */
  Set<String> undefined() {
    return undefined;
  }

  /** The keys of assignments of roles that are not defined, and about which nothing is decided. */
  List<String> unknownRoles() {
    return unknownRoles;
  }

  /** The handles of members whose accounts are in doubt. */
  List<String> members() {
    return members;
  }

  /** The links in doubt. */
  List<Row> links() {
    return links;
  }

  /** The recovery codes in doubt. */
  List<Row> codes() {
    return codes;
  }

  /** Whether a member may do everything, without an end and without doubt. */
  boolean isAdminLeft() {
    return isAdminLeft;
  }

  private void findAssignments() throws IOException {
    List<Row> holding = new ArrayList<>();
    view.forEach(
        Catalog.ROLE_ASSIGNMENTS,
        row ->
            decisions
                .decided(row)
                .filter(each -> Authorization.holds(each, atMicros))
                .ifPresent(holding::add));
    for (Row assignment : holding) {
      String name = assignment.get(Catalog.RoleAssignments.ROLE).orElse("");
      Optional<Row> role = view.find(Catalog.ROLES, name).flatMap(decisions::decided);
      if (role.isEmpty()) {
        if (lostRole > 0 && Roles.isBuiltIn(name)) {
          undefined.add(name);
          assignment.get(Catalog.RoleAssignments.MEMBER).ifPresent(regaining::add);
        } else if (!decisions.isDecided(Catalog.ROLE_ASSIGNMENTS, assignment.key())) {
          unknownRoles.add(assignment.key());
        }
      }
      boolean inDoubt = isPrivileged(assignment, role) && !isCertain(assignment, name);
      if (inDoubt) {
        assignments.add(assignment);
      } else if (isCertain(assignment, name)
          && role.filter(each -> !Authorization.permissions(each).isEmpty()).isPresent()) {
        assignment.get(Catalog.RoleAssignments.MEMBER).ifPresent(certain::add);
      }
      isAdminLeft |=
          !inDoubt
              && role.filter(Roles::allowsEverything).isPresent()
              && assignment.get(Catalog.RoleAssignments.EXPIRES_AT).isEmpty();
    }
  }

  /** Whether an assignment is as it was last written, and so is its role. */
  private boolean isCertain(Row assignment, String role) throws IOException {
    return decisions.isKept(Catalog.ROLE_ASSIGNMENTS, assignment.key(), lostRight)
        || isAfter(Catalog.ROLE_ASSIGNMENTS, assignment.key(), lostRight)
            && (lostRole == 0
                || isAfter(Catalog.ROLES, role, lostRole)
                || decisions.isDecided(Catalog.ROLES, role));
  }

  private boolean isAfter(Table table, String key, long seq) throws IOException {
    return view.seqOf(table, key).orElse(0L) > seq;
  }

  /** Whether a role allows more than to take part; a lost one if the program's own does. */
  private boolean isPrivileged(Row assignment, Optional<Row> role) {
    if (role.isEmpty()) {
      return undefined.contains(assignment.get(Catalog.RoleAssignments.ROLE).orElse(""))
          && !assignment.has(Catalog.RoleAssignments.ROLE, Roles.MEMBER);
    }
    Set<String> words = Authorization.permissions(role.get());
    return Roles.allowsEverything(role.get())
        || Arrays.stream(Permission.values())
            .anyMatch(permission -> words.contains(permission.label()));
  }

  private void findMembers() throws IOException {
    addThoseWhoActed();
    view.forEach(
        Catalog.MEMBERS,
        row -> {
          if (!certain.contains(row.key())
              && !decisions.isKept(Catalog.MEMBERS, row.key(), lostRight)
              && (regaining.contains(row.key())
                  || !Authorization.of(view, row.key(), atMicros).isDeactivated())) {
            members.add(row.key());
          }
        });
  }

  /** Adds the members who did something to a prayer after the loss; such rows never change. */
  private void addThoseWhoActed() throws IOException {
    Query newest = Query.of(Catalog.ACTIVITY).newestFirst().limit(ROWS_PER_STEP);
    for (List<Row> rows = view.rows(newest);
        !rows.isEmpty();
        rows = view.rows(newest.after(rows.getLast().key()))) {
      for (Row row : rows) {
        if (!isAfter(Catalog.ACTIVITY, row.key(), lostRight)) {
          return;
        }
        row.get(Catalog.Activity.MEMBER).ifPresent(certain::add);
      }
    }
  }

  private void findLinks() throws IOException {
    view.forEach(
        Catalog.INVITES,
        row -> {
          if (InviteLinks.state(row, atMicros) == LinkState.OPEN
              && !isAfter(Catalog.INVITES, row.key(), lostLink)
              && !decisions.isKept(Catalog.INVITES, row.key(), lostLink)) {
            links.add(row);
          }
        });
  }

  private void findCodes() throws IOException {
    view.forEach(
        Catalog.RECOVERY_CODES,
        row -> {
          if (!row.has(Catalog.RecoveryCodes.USED_AT)
              && !isAfter(Catalog.RECOVERY_CODES, row.key(), lostCode)
              && !decisions.isKept(Catalog.RECOVERY_CODES, row.key(), lostCode)) {
            codes.add(row);
          }
        });
  }
}
