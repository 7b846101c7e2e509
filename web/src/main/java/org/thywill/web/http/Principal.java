package org.thywill.web.http;

import java.util.Set;
import org.thywill.community.access.Permission;

/** Who sends a request, according to the session cookie. */
public sealed interface Principal {
  /** A person who is not signed in, or whose session has ended. */
  record Visitor() implements Principal {}

  /**
   * A person who claims to be a member, and whose sign-in is not approved yet.
   *
   * @param session the secret of their device
   * @param claimed the handle of the member who they claim to be
   */
  record Claimant(String session, String claimed) implements Principal {
    /** Without the secret. */
    @Override
    public String toString() {
      return "a claimant";
    }
  }

  /**
   * A person who claimed a name that no member has. They see what a {@link Claimant} sees.
   *
   * @param session the cookie of their browser
   */
  record DecoyClaimant(String session, DecoySessions.Decoy decoy) implements Principal {
    /** Without the secret, and like any other claimant. */
    @Override
    public String toString() {
      return "a claimant";
    }
  }

  /**
   * A member who is signed in.
   *
   * @param session the secret of their device
   * @param name the display name
   * @param isNew whether the welcome is still shown
   */
  record Member(
      String session, String handle, String name, Set<Permission> permissions, boolean isNew)
      implements Principal {
    public boolean may(Permission permission) {
      return permissions.contains(permission);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return handle;
    }
  }
}
