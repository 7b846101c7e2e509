package org.thywill.community.member;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.view.ViewReader;

/**
 * The member who makes a request: what every page needs to know of them.
 *
 * @param permissions what they may do now
 * @param seesWelcome whether they have not dismissed the welcome that new members see
 */
public record CurrentMember(
    String handle, String name, Set<Permission> permissions, boolean seesWelcome) {

  /** A member by their handle; empty if there is no such member. */
  public static Optional<CurrentMember> find(ViewReader view, String handle, Instant now)
      throws IOException {
    Optional<Row> row = view.find(Catalog.MEMBERS, handle);
    return row.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CurrentMember(
                handle,
                MemberView.nameOf(row.get()),
                Roles.permissions(view, handle, now),
                !row.get().is(Catalog.Members.WELCOME_DISMISSED)));
  }
}
