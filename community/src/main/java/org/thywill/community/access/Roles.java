package org.thywill.community.access;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Defines roles, and grants them to members.
 *
 * <p>Permissions come from roles only. A member can grant no more than they have, and a role that
 * allows everything cannot be revoked from the last member who has it. Where a method throws,
 * nothing was changed.
 */
public final class Roles {
  /** The role that allows everything. */
  public static final String ADMIN = "admin";

  /** The role that allows to moderate prayers. */
  public static final String MODERATOR = "moderator";

  /** The role that allows to take part. */
  public static final String MEMBER = "member";

  private static final List<SystemRole> SYSTEM_ROLES =
      List.of(
          new SystemRole(ADMIN, "Looks after the community as a whole.", Permission.EVERYTHING),
          new SystemRole(
              MODERATOR,
              "Looks after what is written.",
              Permission.TAKE_PART + "," + Permission.MODERATE_PRAYERS.label()),
          new SystemRole(MEMBER, "Takes part.", Permission.TAKE_PART));

  private static final int NAME_MAX = 60;
  private static final int DESCRIPTION_MAX = 500;

  private final Ledger ledger;
  private final Ids ids;

  private record SystemRole(String name, String description, String permissions) {}

  public Roles(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Defines a role of the community's own. It also allows to take part.
   *
   * @param name in small letters, digits and {@code _}
   * @throws ForbiddenException if the definer may not decide about roles, or may not do all that
   *     the role would allow
   * @throws InvalidInputException if the name is none, or is taken, or the description is too long
   */
  public void define(String definer, String name, String description, Set<Permission> permissions)
      throws IOException {
    requireName(name);
    TextValidation.requireShort(description, "the description", DESCRIPTION_MAX);
    ledger.write(
        Change.Cause.by(definer),
        tx -> {
          Set<String> words = words(permissions, Set.of());
          requireMayAll(tx, definer, name, words);
          if (tx.find(Catalog.ROLES, name).isPresent()) {
            throw new InvalidInputException("There is a role " + name + " already.");
          }
          tx.add(
              Row.in(Catalog.ROLES)
                  .set(Catalog.Roles.NAME, name)
                  .set(Catalog.Roles.DESCRIPTION, description.isBlank() ? null : description)
                  .set(Catalog.Roles.PERMISSIONS, String.join(",", words))
                  .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                  .set(Catalog.Roles.CREATED_BY, definer)
                  .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                  .build());
        });
  }

  /**
   * Changes the description and the permissions of a role of the community's own, at once for all
   * members who have it.
   *
   * @throws ForbiddenException if the definer may not decide about roles, or may not do all that
   *     the role allows or would allow
   * @throws InvalidInputException if there is no such role, it is one that the program relies on or
   *     that allows everything, or the description is too long
   */
  public void redefine(String definer, String name, String description, Set<Permission> permissions)
      throws IOException {
    TextValidation.requireShort(description, "the description", DESCRIPTION_MAX);
    ledger.write(
        Change.Cause.by(definer),
        tx -> {
          Row before = requireMayHandOn(tx, definer, name);
          if (!isOfTheCommunity(before)) {
            throw new InvalidInputException(
                "The role "
                    + name
                    + " stays as it is: the program relies on it, or it allows everything. Define"
                    + " another one.");
          }
          Set<String> words = words(permissions, Authorization.permissions(before));
          requireMayAll(tx, definer, name, words);
          tx.change(
              Catalog.ROLES,
              name,
              Values.of(Catalog.Roles.DESCRIPTION, description.isBlank() ? null : description)
                  .and(Catalog.Roles.PERMISSIONS, String.join(",", words)));
        });
  }

  /**
   * Whether a role may be redefined. Those of the program may not, nor those that allow everything
   * or nothing, because admins must remain and deactivated accounts must stay so.
   */
  public static boolean isOfTheCommunity(Row role) {
    Set<String> permissions = Authorization.permissions(role);
    return !role.is(Catalog.Roles.IS_SYSTEM_ROLE)
        && !isReserved(role.key())
        && !permissions.isEmpty()
        && !permissions.contains(Permission.EVERYTHING);
  }

  private static boolean isReserved(String name) {
    return isBuiltIn(name) || name.equals(AccountDeactivation.DEACTIVATED);
  }

  /**
   * The words of a role's permissions. Imported words that mean nothing to this program are kept.
   *
   * @param before the words that the role has now
   */
  private static Set<String> words(Set<Permission> permissions, Set<String> before) {
    Set<String> words = new LinkedHashSet<>(List.of(Permission.TAKE_PART));
    Set<String> known =
        Arrays.stream(Permission.values()).map(Permission::label).collect(Collectors.toSet());
    Arrays.stream(Permission.values())
        .filter(permissions::contains)
        .map(Permission::label)
        .forEach(words::add);
    before.stream().filter(word -> !known.contains(word)).sorted().forEach(words::add);
    return words;
  }

  private static void requireName(String name) {
    TextValidation.require(name, "the name of the role", NAME_MAX);
    String canonical = HandleNormalizer.canonical(name);
    if (!name.equals(canonical)) {
      throw new InvalidInputException(
          "The name of a role has only small letters, digits and _"
              + (canonical.isEmpty() ? "." : ", such as " + canonical + "."));
    }
    if (isReserved(name)) {
      throw new InvalidInputException(
          "The name " + name + " has a meaning of its own here. Please choose another.");
    }
  }

  /**
   * Gives a member a role without an end.
   *
   * @throws ForbiddenException if the granter may not grant roles, or does not have all permissions
   *     of the role
   * @throws InvalidInputException if there is no such member or role, or the member has it already
   */
  public void grant(String granter, String member, String role, String reason) throws IOException {
    grant(granter, member, role, null, reason);
  }

  /**
   * Gives a member a role until an instant; otherwise as {@link #grant(String, String, String,
   * String)}.
   */
  public void grantUntil(String granter, String member, String role, Instant until, String reason)
      throws IOException {
    grant(granter, member, role, Timestamps.micros(until), reason);
  }

  private void grant(
      String granter, String member, String role, @Nullable Long untilMicros, String reason)
      throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(granter).because(reason),
        tx -> {
          requireMayHandOn(tx, granter, role);
          requireThere(tx, member);
          if (untilMicros != null && untilMicros <= tx.atMicros()) {
            throw new InvalidInputException("That time has passed already.");
          }
          if (assignments(tx, member, role, tx.atMicros()).stream()
              .anyMatch(held -> lastsAsLong(held, untilMicros))) {
            throw new InvalidInputException(member + " has the role " + role + " already.");
          }
          give(tx, member, role, granter, reason, untilMicros);
        });
  }

  /**
   * Ends a role of a member now. The assignment is kept as history.
   *
   * @throws ForbiddenException as {@link #grant(String, String, String, String)}
   * @throws InvalidInputException if the member does not have the role, or it allows everything and
   *     no other member has such a role without an end
   */
  public void revoke(String revoker, String member, String role, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(revoker).because(reason),
        tx -> {
          Row definition = requireMayHandOn(tx, revoker, role);
          List<Row> held = assignments(tx, member, role, tx.atMicros());
          if (held.isEmpty()) {
            throw new InvalidInputException(member + " does not have the role " + role + ".");
          }
          if (allowsEverything(definition) && !isAdminLeft(tx, member, role)) {
            throw new InvalidInputException(
                member + " is the last who may do everything. Give somebody else the role first.");
          }
          for (Row assignment : held) {
            tx.change(
                Catalog.ROLE_ASSIGNMENTS,
                assignment.key(),
                Values.of(Catalog.RoleAssignments.EXPIRES_AT, tx.atMicros()));
          }
        });
  }

  /** Whether a member has a permission at a time. */
  public static boolean permits(ViewReader view, String member, Permission permission, Instant at)
      throws IOException {
    return Authorization.of(view, member, Timestamps.micros(at)).may(permission);
  }

  /** All permissions of a member at a time. */
  public static Set<Permission> permissions(ViewReader view, String member, Instant at)
      throws IOException {
    Authorization authorization = Authorization.of(view, member, Timestamps.micros(at));
    return Arrays.stream(Permission.values())
        .filter(authorization::may)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The names of the roles that a member may grant: those whose permissions the member has. The
   * role of deactivated accounts is not among them.
   */
  public static List<String> grantable(ViewReader view, String granter, Instant at)
      throws IOException {
    Authorization authorization = Authorization.of(view, granter, Timestamps.micros(at));
    List<String> names = new ArrayList<>();
    view.forEach(
        Catalog.ROLES,
        role -> {
          Set<String> permissions = Authorization.permissions(role);
          if (!permissions.isEmpty() && authorization.mayAll(permissions)) {
            names.add(role.key());
          }
        });
    return names;
  }

  /** Whether there is such a role, and it allows more than to take part. */
  public static boolean allowsMoreThanTakingPart(RowLookup rows, String role) throws IOException {
    return rows.find(Catalog.ROLES, role)
        .map(row -> new Authorization(Authorization.permissions(row), false))
        .filter(Authorization::mayMoreThanTakePart)
        .isPresent();
  }

  /** Whether there is such a member at a time whose account is not deactivated. */
  public static boolean takesPart(ViewReader view, String member, Instant at) throws IOException {
    return view.find(Catalog.MEMBERS, member).isPresent()
        && !Authorization.of(view, member, Timestamps.micros(at)).isDeactivated();
  }

  /**
   * Defines those of the program's three roles that are missing. A role of the same name that the
   * community defined is kept.
   */
  public static void define(Transaction tx) throws IOException {
    for (SystemRole role : SYSTEM_ROLES) {
      define(tx, role.name());
    }
  }

  /** Whether the program gives a meaning to the name of a role. */
  public static boolean isBuiltIn(String name) {
    return SYSTEM_ROLES.stream().anyMatch(role -> role.name().equals(name));
  }

  /** Defines one of the program's three roles, unless there is a role of that name. */
  public static void define(Transaction tx, String name) throws IOException {
    SystemRole role =
        SYSTEM_ROLES.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    if (tx.find(Catalog.ROLES, name).isEmpty()) {
      tx.add(
          Row.in(Catalog.ROLES)
              .set(Catalog.Roles.NAME, role.name())
              .set(Catalog.Roles.DESCRIPTION, role.description())
              .set(Catalog.Roles.PERMISSIONS, role.permissions())
              .set(Catalog.Roles.IS_SYSTEM_ROLE, true)
              .set(Catalog.Roles.CREATED_BY, HandleNormalizer.SYSTEM)
              .set(Catalog.Roles.CREATED_AT, tx.atMicros())
              .build());
    }
  }

  /** Gives a member a role, without any check. */
  public void give(Transaction tx, String member, String role, String granter, String reason)
      throws IOException {
    give(tx, member, role, granter, reason, null);
  }

  private void give(
      Transaction tx,
      String member,
      String role,
      String granter,
      String reason,
      @Nullable Long untilMicros)
      throws IOException {
    tx.add(
        Row.in(Catalog.ROLE_ASSIGNMENTS)
            .set(Catalog.RoleAssignments.MEMBER, member)
            .set(Catalog.RoleAssignments.ROLE, role)
            .set(Catalog.RoleAssignments.GRANTED_BY, granter)
            .set(Catalog.RoleAssignments.REASON, reason.isEmpty() ? null : reason)
            .set(Catalog.RoleAssignments.ID, ids.id())
            .set(Catalog.RoleAssignments.GRANTED_AT, tx.atMicros())
            .set(Catalog.RoleAssignments.EXPIRES_AT, untilMicros)
            .build());
  }

  /** Whether a member has a role without an end that allows everything. */
  public static boolean isAdminThere(ViewReader view) throws IOException {
    return isAdminLeft(view, "", "");
  }

  /** As {@link #isAdminThere}, within a transaction. */
  public static boolean isAdminLeft(Transaction tx) throws IOException {
    return isAdminLeft(tx, "", "");
  }

  /** As {@link #isAdminThere}, without counting one role of one member. */
  private static boolean isAdminLeft(RowLookup rows, String exceptMember, String exceptRole)
      throws IOException {
    for (Row role : rolesThatAllowEverything(rows)) {
      for (Row assignment : rows.findBy(Catalog.RoleAssignments.ROLE, role.key())) {
        boolean excepted =
            assignment.has(Catalog.RoleAssignments.MEMBER, exceptMember)
                && role.key().equals(exceptRole);
        if (!excepted && assignment.get(Catalog.RoleAssignments.EXPIRES_AT).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Row> rolesThatAllowEverything(RowLookup rows) throws IOException {
    List<Row> exactly = rows.findBy(Catalog.Roles.PERMISSIONS, Permission.EVERYTHING);
    Optional<Row> admin =
        rows.find(Catalog.ROLES, ADMIN)
            .filter(role -> allowsEverything(role) && !exactly.contains(role));
    return admin.isPresent() ? Stream.concat(exactly.stream(), admin.stream()).toList() : exactly;
  }

  /** Whether a role allows everything. */
  public static boolean allowsEverything(Row role) {
    return Authorization.permissions(role).contains(Permission.EVERYTHING);
  }

  /** The assignments of a role to a member that have not expired. */
  static List<Row> assignments(RowLookup rows, String member, String role, long atMicros)
      throws IOException {
    return rows.findBy(Catalog.RoleAssignments.MEMBER, member).stream()
        .filter(
            assignment ->
                assignment.has(Catalog.RoleAssignments.ROLE, role)
                    && Authorization.holds(assignment, atMicros))
        .toList();
  }

  private static boolean lastsAsLong(Row held, @Nullable Long untilMicros) {
    @Nullable Long heldUntilMicros = held.get(Catalog.RoleAssignments.EXPIRES_AT).orElse(null);
    return heldUntilMicros == null || untilMicros != null && heldUntilMicros >= untilMicros;
  }

  private static Row requireMayHandOn(Transaction tx, String granter, String role)
      throws IOException {
    Authorization.require(tx, granter, Permission.MANAGE_ROLES, tx.atMicros());
    Row definition =
        tx.find(Catalog.ROLES, role)
            .orElseThrow(() -> new InvalidInputException("There is no role " + role + "."));
    requireMayAll(tx, granter, role, Authorization.permissions(definition));
    return definition;
  }

  private static void requireMayAll(
      Transaction tx, String granter, String role, Set<String> permissions) throws IOException {
    if (!Authorization.require(tx, granter, Permission.MANAGE_ROLES, tx.atMicros())
        .mayAll(permissions)) {
      throw new ForbiddenException("The role " + role + " allows more than " + granter + " may.");
    }
  }

  private static void requireThere(Transaction tx, String member) throws IOException {
    if (tx.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new InvalidInputException("There is no member " + member + ".");
    }
  }
}
