package org.thywill.community.signin;

import org.thywill.community.access.NotAllowed;

/**
 * Nobody of a name can sign in: there is no such member, or the account is deactivated. Whoever
 * asks is a stranger, and should not learn it.
 */
public final class NobodyOfThatName extends NotAllowed {
  private static final long serialVersionUID = 1L;

  NobodyOfThatName() {
    super("Nobody of that name can sign in here.");
  }
}
