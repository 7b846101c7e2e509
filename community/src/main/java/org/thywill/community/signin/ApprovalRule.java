package org.thywill.community.signin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Permission;
import org.thywill.community.settings.Settings;
import org.thywill.view.RowLookup;

/**
 * Decides who may approve the sign-in of one member, and which approvals count at one time.
 *
 * <p>One approval is enough from the claimed member, and from a member who decides about sign-ins
 * and may do all that the claimed member may. Other members are peers. They can approve only a
 * member without any permission beyond taking part, and several independent ones are needed: so a
 * member who invites invented people gains no more than one approval by them.
 *
 * @param rows of the view or of a transaction
 * @param claimed the handle of the member who is claimed
 * @param atMicros the time of the decision, in microseconds since 1970
 */
record ApprovalRule(RowLookup rows, String claimed, long atMicros) {
  private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

  /** Why peers are not enough, and what is. */
  private static final String OPERATOR =
      " If there is no other way, the operator of the server can make a sign-in link for them.";

  /** The branch of members whose inviters form a circle; all of them together are one branch. */
  private static final String CIRCLE = "";

  /**
   * In which capacity a member may approve the sign-in now.
   *
   * @param earlier the approvals that there are
   * @throws ForbiddenException if the claimed member or the approver does not take part, or the
   *     approval could not count
   */
  SignInLog.Actor requireMayApprove(String approver, List<Row> earlier) throws IOException {
    Authorization.require(rows, claimed, atMicros);
    Authorization authorization = Authorization.require(rows, approver, atMicros);
    if (approver.equals(claimed)) {
      return SignInLog.Actor.SELF;
    }
    if (isEnough(authorization)) {
      return SignInLog.Actor.ADMIN;
    }
    if (!isOrdinary(claimed)) {
      throw new ForbiddenException(
          "This member has permissions. Only they on a device of theirs, or a member who may decide"
              + " about sign-ins and may do all that they may, can approve this."
              + OPERATOR);
    }
    if (!isLongEnoughHere(approver)) {
      throw new ForbiddenException(
          "You can approve this when you have been a member for "
              + minDays()
              + " days. Until then an admin, or members who have been here for longer, can."
              + OPERATOR);
    }
    for (String other : counted(earlier)) {
      if (!areIndependent(approver, other)) {
        throw new ForbiddenException(
            "A member who came by the same invites as you has approved this already. Now a member"
                + " who came by others, or an admin, has to."
                + OPERATOR);
      }
    }
    return SignInLog.Actor.PEER;
  }

  /** The peers whose approvals count now, the earliest first. None if peers cannot approve. */
  List<String> counted(List<Row> approvals) throws IOException {
    List<String> counted = new ArrayList<>();
    if (approvals.isEmpty() || !isOrdinary(claimed)) {
      return counted;
    }
    List<Row> inOrder =
        approvals.stream()
            .sorted(
                Comparator.comparing(
                    (Row row) -> row.get(Catalog.AuthApprovals.CREATED_AT).orElse(0L)))
            .toList();
    for (Row approval : inOrder) {
      String peer = approval.get(Catalog.AuthApprovals.APPROVER).orElse("");
      if (isPeer(peer) && isIndependentOfAll(peer, counted)) {
        counted.add(peer);
      }
    }
    return counted;
  }

  private boolean isEnough(Authorization approver) throws IOException {
    return approver.may(Permission.MANAGE_MEMBERS)
        && (isOrdinary(claimed)
            || approver.mayAll(Authorization.of(rows, claimed, atMicros).permissions()));
  }

  /** Whether a member has no permission beyond taking part. */
  private boolean isOrdinary(String member) throws IOException {
    return !Authorization.of(rows, member, atMicros).mayMoreThanTakePart();
  }

  private boolean isPeer(String member) throws IOException {
    return !member.equals(claimed)
        && rows.find(Catalog.MEMBERS, member).isPresent()
        && !Authorization.of(rows, member, atMicros).isDeactivated()
        && isLongEnoughHere(member);
  }

  private boolean isLongEnoughHere(String member) throws IOException {
    long since =
        rows.find(Catalog.MEMBERS, member)
            .flatMap(row -> row.get(Catalog.Members.CREATED_AT))
            .orElse(Long.MAX_VALUE);
    return since <= atMicros - minDays() * MICROS_PER_DAY;
  }

  private long minDays() throws IOException {
    return Settings.number(rows, Settings.PEER_MIN_DAYS);
  }

  private boolean isIndependentOfAll(String member, List<String> others) throws IOException {
    for (String other : others) {
      if (!areIndependent(member, other)) {
        return false;
      }
    }
    return true;
  }

  /** Whether neither invited the other, and they belong to different branches. */
  private boolean areIndependent(String one, String other) throws IOException {
    return !one.equals(other)
        && !inviter(one).equals(Optional.of(other))
        && !inviter(other).equals(Optional.of(one))
        && !branch(one).equals(branch(other));
  }

  /**
   * The first member of the branch of the invite tree to which a member belongs.
   *
   * <p>A branch begins with a member whom no member invited, or whose inviter may decide about
   * accounts: these may let in whom they want, and invite most members of a small community. All
   * whom an ordinary member invites, and whom those invite, belong to the branch of that member.
   */
  private String branch(String member) throws IOException {
    Set<String> visited = new HashSet<>();
    String first = member;
    Optional<String> inviter = inviter(first);
    while (inviter.isPresent() && !mayManageMembers(inviter.get())) {
      if (!visited.add(first)) {
        return CIRCLE;
      }
      first = inviter.get();
      inviter = inviter(first);
    }
    return first;
  }

  private boolean mayManageMembers(String member) throws IOException {
    return Authorization.of(rows, member, atMicros).may(Permission.MANAGE_MEMBERS);
  }

  /** The member who invited a member; empty if the operator did, or it is not known. */
  private Optional<String> inviter(String member) throws IOException {
    return rows.find(Catalog.MEMBERS, member)
        .flatMap(row -> row.get(Catalog.Members.INVITED_BY))
        .filter(inviter -> !inviter.equals(HandleNormalizer.SYSTEM));
  }
}
