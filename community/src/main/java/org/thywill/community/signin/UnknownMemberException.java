package org.thywill.community.signin;

import org.thywill.community.access.ForbiddenException;

/**
 * There is no member of a name, or the account is deactivated. The caller must not reveal it to the
 * visitor who asks.
 */
public final class UnknownMemberException extends ForbiddenException {
  private static final long serialVersionUID = 1L;

  UnknownMemberException() {
    super("Nobody of that name can sign in here.");
  }
}
