package org.thywill.community.access;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.view.RowLookup;

/**
 * What a member may do at one time: the permissions of all roles that the member has then.
 *
 * <p>Taking part (asking, praying, inviting, reporting, approving) needs no permission. A member
 * without any role takes part, as most members of an imported community do. A member all of whose
 * roles allow nothing is deactivated. The names of members and roles have no meaning here.
 *
 * @param permissions the words of the permissions
 * @param isDeactivated whether there are roles, and none of them allows anything
 */
public record Authorization(Set<String> permissions, boolean isDeactivated) {

  /** The authorization of a member at a time, in microseconds since 1970. */
  public static Authorization of(RowLookup rows, String member, long atMicros) throws IOException {
    Set<String> permissions = new HashSet<>();
    boolean hasRoles = false;
    for (Row assignment : rows.findBy(Catalog.RoleAssignments.MEMBER, member)) {
      Optional<Row> role =
          holds(assignment, atMicros)
              ? rows.find(Catalog.ROLES, assignment.get(Catalog.RoleAssignments.ROLE).orElse(""))
              : Optional.empty();
      if (role.isPresent()) {
        hasRoles = true;
        permissions.addAll(permissions(role.get()));
      }
    }
    return new Authorization(permissions, hasRoles && permissions.isEmpty());
  }

  /** Whether an assignment of a role has not expired. */
  public static boolean holds(Row assignment, long atMicros) {
    return assignment
        .get(Catalog.RoleAssignments.EXPIRES_AT)
        .map(expiresAt -> expiresAt > atMicros)
        .orElse(true);
  }

  /** The words of the permissions of a role. */
  public static Set<String> permissions(Row role) {
    List<String> words =
        Arrays.asList(role.get(Catalog.Roles.PERMISSIONS).orElse("").split(",", -1));
    return words.stream()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Whether the member has a permission. */
  public boolean may(Permission permission) {
    return may(permission.label());
  }

  /** Whether the member has a permission beyond taking part. */
  public boolean mayMoreThanTakePart() {
    return Arrays.stream(Permission.values()).anyMatch(this::may);
  }

  boolean mayEverything() {
    return permissions.contains(Permission.EVERYTHING);
  }

  /** Whether the member has all of some permissions, and so may grant a role with them. */
  public boolean mayAll(Set<String> words) {
    return words.stream().allMatch(this::may);
  }

  private boolean may(String word) {
    return mayEverything()
        || permissions.contains(word)
        || word.equals(Permission.TAKE_PART) && !isDeactivated;
  }

  /**
   * The authorization of a member who takes part.
   *
   * @throws ForbiddenException if there is no such member, or the account is deactivated
   */
  public static Authorization require(RowLookup rows, String member, long atMicros)
      throws IOException {
    if (rows.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new ForbiddenException("There is no member " + member + ".");
    }
    Authorization authorization = of(rows, member, atMicros);
    if (authorization.isDeactivated()) {
      throw new ForbiddenException("The account of " + member + " is deactivated.");
    }
    return authorization;
  }

  /**
   * The authorization of a member who has a permission.
   *
   * @throws ForbiddenException if the member does not take part, or does not have it
   */
  public static Authorization require(
      RowLookup rows, String member, Permission permission, long atMicros) throws IOException {
    Authorization authorization = require(rows, member, atMicros);
    if (!authorization.may(permission)) {
      throw new ForbiddenException(member + " may not " + permission.phrase() + ".");
    }
    return authorization;
  }
}
