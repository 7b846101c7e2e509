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
 * What a member may do at one moment: what all roles allow together that the member has and that
 * have not run out.
 *
 * <p>Taking part (asking, praying, inviting, reporting, vouching) needs no permission. Who has no
 * role at all takes part, as nearly all members of an imported community do; who has only roles
 * that allow nothing is shut out. No name and no role name is magic here.
 *
 * @param permissions their words
 * @param isDeactivated whether there are roles, and none of them allows anything
 */
public record Authorization(Set<String> permissions, boolean isDeactivated) {

  public static Authorization of(RowLookup rows, String member, long at) throws IOException {
    Set<String> permissions = new HashSet<>();
    boolean hasRoles = false;
    for (Row assignment : rows.findBy(Catalog.RoleAssignments.MEMBER, member)) {
      Optional<Row> role =
          holds(assignment, at)
              ? rows.find(Catalog.ROLES, assignment.get(Catalog.RoleAssignments.ROLE).orElse(""))
              : Optional.empty();
      if (role.isPresent()) {
        hasRoles = true;
        permissions.addAll(permissions(role.get()));
      }
    }
    return new Authorization(permissions, hasRoles && permissions.isEmpty());
  }

  /** Whether an assignment has not run out. */
  public static boolean holds(Row assignment, long at) {
    return assignment
        .get(Catalog.RoleAssignments.EXPIRES_AT)
        .map(expiresAt -> expiresAt > at)
        .orElse(true);
  }

  /** The words in a role's list. */
  public static Set<String> permissions(Row role) {
    List<String> words =
        Arrays.asList(role.get(Catalog.Roles.PERMISSIONS).orElse("").split(",", -1));
    return words.stream()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  public boolean may(Permission permission) {
    return may(permission.label());
  }

  boolean mayEverything() {
    return permissions.contains(Permission.EVERYTHING);
  }

  /** Whether everything in a list is allowed: nobody hands on more than they have. */
  boolean mayAll(Set<String> words) {
    return words.stream().allMatch(this::may);
  }

  private boolean may(String word) {
    return mayEverything()
        || permissions.contains(word)
        || word.equals(Permission.TAKE_PART) && !isDeactivated;
  }

  /**
   * The standing of a member who takes part.
   *
   * @throws ForbiddenException if there is no such member, or the member is shut out
   */
  public static Authorization require(RowLookup rows, String member, long at) throws IOException {
    if (rows.find(Catalog.MEMBERS, member).isEmpty()) {
      throw new ForbiddenException("There is no member " + member + ".");
    }
    Authorization standing = of(rows, member, at);
    if (standing.isDeactivated()) {
      throw new ForbiddenException("The account of " + member + " is deactivated.");
    }
    return standing;
  }

  /**
   * The standing of a member who has a permission.
   *
   * @throws ForbiddenException if the member has not
   */
  public static Authorization require(RowLookup rows, String member, Permission permission, long at)
      throws IOException {
    Authorization standing = require(rows, member, at);
    if (!standing.may(permission)) {
      throw new ForbiddenException(member + " may not " + permission.phrase() + ".");
    }
    return standing;
  }
}
