package org.thywill.community.access;

import java.util.Locale;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/** What a link in the table of invites is for. */
public enum LinkKind {
  /** An invite: it lets somebody become a member. */
  NEW_USER,
  /** The operator's link: it makes its bearer admin. */
  ADMIN,
  /** A member's own link: it signs that member in on another device. */
  MULTI_DEVICE,
  /** The operator's link for one member: it signs that member in. */
  USER_LOGIN;

  /** The word in the archive. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a link is of this kind. */
  public boolean isKindOf(Row link) {
    return link.has(Catalog.Invites.KIND, label());
  }
}
