package org.thywill.community.access;

import java.io.IOException;
import java.util.List;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;

/**
 * Accounts that rest. A member who is deactivated has one role that allows nothing, and none beside
 * it; what they wrote stays, and everything can be undone. Rights that were taken away do not come
 * back with the account: a member who is active again takes part, and is given other roles anew.
 */
public final class AccountDeactivation {
  /** Allows nothing. */
  public static final String DEACTIVATED = "deactivated";

  private final Ledger ledger;
  private final Ids ids;
  private final Roles roles;

  public AccountDeactivation(Ledger ledger, Ids ids, Roles roles) {
    this.ledger = ledger;
    this.ids = ids;
    this.roles = roles;
  }

  /**
   * Shuts a member out: ends their roles, their devices' sessions and their invites.
   *
   * @throws ForbiddenException if the admin may not decide about accounts, or the member may do
   *     what the admin may not
   * @throws InvalidInputException if there is no such member, it is the admin, somebody who may do
   *     everything, or deactivated already
   */
  public void deactivate(String admin, String member, String reason) throws IOException {
    TextValidation.require(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(admin).because(reason),
        tx -> {
          Authorization mine =
              Authorization.require(tx, admin, Permission.MANAGE_MEMBERS, tx.atMicros());
          Authorization theirs = requireThere(tx, member);
          if (admin.equals(member)) {
            throw new InvalidInputException("Nobody deactivates their own account.");
          }
          if (theirs.isDeactivated()) {
            throw new InvalidInputException("This account is deactivated already.");
          }
          if (theirs.mayEverything()) {
            throw new InvalidInputException(
                "This member may do everything. Take that role back first.");
          }
          if (!mine.mayAll(theirs.permissions())) {
            throw new ForbiddenException(
                "This member may do more than you. Please ask somebody who may do all of it.");
          }
          endRoles(tx, member);
          roles.give(tx, member, define(tx), admin, reason);
          takeAway(tx, member);
          log(tx, member, "account_deactivated", admin);
        });
  }

  /**
   * Lets a member who was deactivated take part again.
   *
   * @throws ForbiddenException if the admin may not decide about accounts
   * @throws InvalidInputException if there is no such member, or the account is not deactivated
   */
  public void reactivate(String admin, String member, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(admin).because(reason),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_MEMBERS, tx.atMicros());
          if (!requireThere(tx, member).isDeactivated()) {
            throw new InvalidInputException("This account is not deactivated.");
          }
          endRoles(tx, member);
          Roles.define(tx, Roles.MEMBER);
          roles.give(tx, member, Roles.MEMBER, admin, reason);
          log(tx, member, "account_reactivated", admin);
        });
  }

  private static Authorization requireThere(Transaction tx, String member) throws IOException {
    if (tx.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new InvalidInputException("There is no member " + member + ".");
    }
    return Authorization.of(tx, member, tx.atMicros());
  }

  /** The role's name; defined when it is first needed. */
  private static String define(Transaction tx) throws IOException {
    if (tx.find(Catalog.ROLES, DEACTIVATED).isEmpty()) {
      tx.add(
          Row.in(Catalog.ROLES)
              .set(Catalog.Roles.NAME, DEACTIVATED)
              .set(Catalog.Roles.DESCRIPTION, "Takes no part at present.")
              .set(Catalog.Roles.PERMISSIONS, "")
              .set(Catalog.Roles.IS_SYSTEM_ROLE, true)
              .set(Catalog.Roles.CREATED_BY, HandleNormalizer.SYSTEM)
              .set(Catalog.Roles.CREATED_AT, tx.atMicros())
              .build());
    } else if (!Authorization.permissions(tx.find(Catalog.ROLES, DEACTIVATED).orElseThrow())
        .isEmpty()) {
      throw new InvalidInputException(
          "The role " + DEACTIVATED + " allows something here, so it cannot shut anybody out.");
    }
    return DEACTIVATED;
  }

  private static void endRoles(Transaction tx, String member) throws IOException {
    for (Row assignment : tx.findBy(Catalog.RoleAssignments.MEMBER, member)) {
      if (Authorization.holds(assignment, tx.atMicros())) {
        tx.change(
            Catalog.ROLE_ASSIGNMENTS,
            assignment.key(),
            Values.of(Catalog.RoleAssignments.EXPIRES_AT, tx.atMicros()));
      }
    }
  }

  /** What would still let somebody in. */
  private static void takeAway(Transaction tx, String member) throws IOException {
    for (Row session : tx.findBy(Catalog.Sessions.MEMBER, member)) {
      tx.remove(Catalog.SESSIONS, session.key());
    }
    List<Row> invites = tx.findBy(Catalog.Invites.CREATED_BY, member);
    for (Row invite : invites) {
      if (invite.get(Catalog.Invites.EXPIRES_AT).map(until -> until > tx.atMicros()).orElse(true)) {
        tx.change(
            Catalog.INVITES,
            invite.key(),
            Values.of(Catalog.Invites.EXPIRES_AT, tx.atMicros())
                .and(Catalog.Invites.MAX_USES, invite.get(Catalog.Invites.USED_COUNT).orElse(0L)));
      }
    }
  }

  private void log(Transaction tx, String member, String event, String admin) throws IOException {
    tx.add(
        Row.in(Catalog.SECURITY_EVENTS)
            .set(Catalog.SecurityEvents.EVENT, event)
            .set(Catalog.SecurityEvents.MEMBER, member)
            .set(Catalog.SecurityEvents.DETAILS, "by " + admin)
            .set(Catalog.SecurityEvents.ID, ids.id())
            .set(Catalog.SecurityEvents.CREATED_AT, tx.atMicros())
            .build());
  }
}
