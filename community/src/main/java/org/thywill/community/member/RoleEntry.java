package org.thywill.community.member;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.view.ViewReader;

/**
 * A role as members see it: what it allows, and who has it.
 *
 * @param allowsEverything whether it allows everything, also what no permission is needed for
 * @param isOfTheCommunity whether it may be redefined
 * @param holders some of the members who have it now; empty for the role of all members
 * @param count how many members have it now
 */
public record RoleEntry(
    String name,
    String description,
    Set<Permission> permissions,
    boolean allowsEverything,
    boolean isOfTheCommunity,
    List<Holder> holders,
    long count) {
  private static final int HOLDERS_MAX = 50;

  /** A member who has a role. */
  public record Holder(String handle, String name) {}

  /**
   * What it allows, as words that follow {@code may}; empty if it allows no more than to take part.
   */
  public List<String> phrases() {
    return allowsEverything
        ? List.of("do everything")
        : Arrays.stream(Permission.values())
            .filter(permissions::contains)
            .map(Permission::phrase)
            .toList();
  }

  /**
   * All roles in the order of their names, without those of deactivated accounts, whose holders
   * only those who manage accounts may see.
   */
  public static List<RoleEntry> all(ViewReader view, Instant at) throws IOException {
    Map<String, Set<String>> holders = new HashMap<>();
    view.forEach(
        Catalog.ROLE_ASSIGNMENTS,
        assignment -> {
          if (Authorization.holds(assignment, Timestamps.micros(at))) {
            holders
                .computeIfAbsent(
                    assignment.get(Catalog.RoleAssignments.ROLE).orElse(""),
                    role -> new TreeSet<>())
                .add(assignment.get(Catalog.RoleAssignments.MEMBER).orElse(""));
          }
        });
    List<Row> roles = new ArrayList<>();
    view.forEach(
        Catalog.ROLES,
        role -> {
          if (!Authorization.permissions(role).isEmpty()) {
            roles.add(role);
          }
        });
    Map<String, String> names =
        MemberNames.of(
            view, roles.stream().flatMap(role -> first(holders, role).stream()).toList());
    return roles.stream()
        .map(
            role ->
                entry(
                    role,
                    first(holders, role).stream()
                        .map(handle -> new Holder(handle, names.getOrDefault(handle, handle)))
                        .toList(),
                    holders.getOrDefault(role.key(), Set.of()).size()))
        .toList();
  }

  private static Collection<String> first(Map<String, Set<String>> holders, Row role) {
    return role.key().equals(Roles.MEMBER)
        ? List.of()
        : holders.getOrDefault(role.key(), Set.of()).stream().limit(HOLDERS_MAX).toList();
  }

  private static RoleEntry entry(Row role, List<Holder> holders, long count) {
    Set<String> words = Authorization.permissions(role);
    Set<Permission> permissions =
        Arrays.stream(Permission.values())
            .filter(permission -> words.contains(permission.label()))
            .collect(Collectors.toUnmodifiableSet());
    return new RoleEntry(
        role.key(),
        role.get(Catalog.Roles.DESCRIPTION).orElse(""),
        permissions,
        Roles.allowsEverything(role),
        Roles.isOfTheCommunity(role),
        holders,
        count);
  }
}
