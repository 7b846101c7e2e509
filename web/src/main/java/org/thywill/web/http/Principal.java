package org.thywill.web.http;

import java.util.Set;
import org.thywill.community.access.Permission;

/** Whoever looks at a page. */
public sealed interface Principal {
  /** Somebody who is not signed in, or whose session has ended. */
  record Stranger() implements Principal {}

  /**
   * Somebody who asks to sign in and waits until others vouch. They may be anybody.
   *
   * @param session the secret of their device
   * @param claimed the handle of the member who they say they are
   */
  record AtTheDoor(String session, String claimed) implements Principal {
    /** Without the secret. */
    @Override
    public String toString() {
      return "somebody at the door";
    }
  }

  /**
   * Somebody who asked to sign in by a name that nobody has, and is not told so: to them everything
   * is as for one who waits.
   *
   * @param session the cookie of their browser
   */
  record NobodyAtTheDoor(String session, DecoySessions.Decoy decoy) implements Principal {
    /** As somebody else who waits. */
    @Override
    public String toString() {
      return "somebody at the door";
    }
  }

  /**
   * A member who is signed in.
   *
   * @param session the secret of their device
   * @param name as they write it
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
