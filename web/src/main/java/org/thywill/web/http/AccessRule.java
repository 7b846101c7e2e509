package org.thywill.web.http;

import java.util.Optional;
import org.thywill.community.access.Permission;

/**
 * Who may take a route. The services check once more what their own rules say, so that a mistake
 * here opens a page and never a change.
 */
public enum AccessRule {
  ANYBODY(Optional.empty()),
  /** Signed in, or waiting at the door for somebody to vouch. */
  WAITING(Optional.empty()),
  MEMBER(Optional.empty()),
  MODERATOR(Optional.of(Permission.MODERATE_PRAYERS)),
  MEMBER_MANAGER(Optional.of(Permission.MANAGE_MEMBERS)),
  ROLE_MANAGER(Optional.of(Permission.MANAGE_ROLES)),
  OPERATOR(Optional.of(Permission.MANAGE_SYSTEM)),
  /** The operator, and whoever shows the token for monitors instead of a cookie. */
  MONITOR(Optional.of(Permission.MANAGE_SYSTEM));

  private final Optional<Permission> permission;

  AccessRule(Optional<Permission> permission) {
    this.permission = permission;
  }

  public boolean includes(Principal viewer) {
    return switch (viewer) {
      case Principal.Stranger stranger -> this == ANYBODY;
      case Principal.AtTheDoor waiting -> this == ANYBODY || this == WAITING;
      case Principal.NobodyAtTheDoor nobody -> this == ANYBODY || this == WAITING;
      case Principal.Member member ->
          permission.isEmpty() || member.permissions().contains(permission.get());
    };
  }
}
