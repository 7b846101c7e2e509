package org.thywill.community.access;

import java.io.IOException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;

/**
 * Deactivates and reactivates accounts.
 *
 * <p>A deactivated member has one role, which allows nothing. What they wrote stays. A reactivated
 * member takes part; other roles must be granted again. Where a method throws, nothing was changed.
 */
public final class AccountDeactivation {
  /** The role of deactivated members. It allows nothing. */
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
   * Deactivates an account: ends its roles, its sessions and its links.
   *
   * @throws ForbiddenException if the admin may not decide about accounts, or the member has a
   *     permission that the admin does not have
   * @throws InvalidInputException if there is no reason or no such member, it is the admin, or a
   *     member who may do everything, or the account is deactivated already
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
          endSessionsAndLinks(tx, member);
          log(tx, member, "account_deactivated", admin);
        });
  }

  /**
   * Deactivates an account in a transaction of the program, because a lost change may have done so:
   * ends its roles. Does nothing if it is deactivated.
   */
  public void holdBack(Transaction tx, String member) throws IOException {
    if (!Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
      endRoles(tx, member);
      roles.give(
          tx,
          member,
          define(tx),
          HandleNormalizer.SYSTEM,
          "held back: a lost line may have deactivated this account");
    }
  }

  /**
   * Reactivates an account, so that its member takes part again.
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

  /** Defines the role when it is first needed, and returns its name. */
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

  /** Ends the sessions and links by which the account could still be used. */
  private static void endSessionsAndLinks(Transaction tx, String member) throws IOException {
    for (Row session : tx.findBy(Catalog.Sessions.MEMBER, member)) {
      tx.remove(Catalog.SESSIONS, session.key());
    }
    for (Row link : tx.findBy(Catalog.Invites.CREATED_BY, member)) {
      if (InviteLinks.isInTime(link, tx.atMicros())) {
        InviteLinks.close(tx, link);
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
