package org.thywill.community.signin;

import java.util.Locale;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/** How far a sign-in has come. */
public enum SignInStatus {
  /** It waits for approvals. */
  PENDING,
  /** It has enough approvals; its device is signed in. */
  APPROVED,
  /** A member refused it. */
  REJECTED,
  /** It waited too long, or a recovery ended it. */
  EXPIRED;

  /** The word in the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a sign-in has this status. */
  boolean isStatusOf(Row signIn) {
    return signIn.has(Catalog.AuthRequests.STATUS, label());
  }
}
