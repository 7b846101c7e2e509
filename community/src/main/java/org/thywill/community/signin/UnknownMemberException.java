package org.thywill.community.signin;

import org.thywill.community.access.ForbiddenException;

/**
 * Nobody of a name can sign in: there is no such member, or the account is deactivated. Whoever
 * asks is a stranger, and should not learn it.
 */
public final class UnknownMemberException extends ForbiddenException {
  private static final long serialVersionUID = 1L;

  UnknownMemberException() {
    super("Nobody of that name can sign in here.");
  }
}
