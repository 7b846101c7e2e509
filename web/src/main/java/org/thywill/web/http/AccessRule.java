package org.thywill.web.http;

import org.jspecify.annotations.Nullable;
import org.thywill.community.access.Permission;

/**
 * Who may call a route. The services check permissions once more, so that a mistake here can show a
 * page but never change anything.
 */
public enum AccessRule {
  ANYBODY(null),
  /** Signed in, or with a sign-in that is not approved yet. */
  WAITING(null),
  MEMBER(null),
  MODERATOR(Permission.MODERATE_PRAYERS),
  MEMBER_MANAGER(Permission.MANAGE_MEMBERS),
  ROLE_MANAGER(Permission.MANAGE_ROLES),
  OPERATOR(Permission.MANAGE_SYSTEM),
  /** An operator, or a monitoring system that sends its token instead of a cookie. */
  MONITOR(Permission.MANAGE_SYSTEM);

  private final @Nullable Permission permission;

  AccessRule(@Nullable Permission permission) {
    this.permission = permission;
  }

  /**
   * Whether a principal may call the route by its session; a monitor's token is checked elsewhere.
   */
  public boolean includes(Principal principal) {
    return switch (principal) {
      case Principal.Visitor _ -> this == ANYBODY;
      case Principal.Claimant _, Principal.DecoyClaimant _ -> this == ANYBODY || this == WAITING;
      case Principal.Member member -> permission == null || member.may(permission);
    };
  }
}
