package org.thywill.community.member;

import java.time.Instant;
import java.util.List;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;

/**
 * A member in a list of members.
 *
 * @param depth how many invites away from a root of the tree of invites, up to a limit; 0 outside
 *     of the tree
 * @param invited how many members this one invited; 0 outside of the tree
 */
public record MemberView(
    String handle, String name, List<Badge> badges, Instant joinedAt, int depth, int invited) {

  static MemberView of(Row member) {
    return of(member, 0, 0);
  }

  static MemberView of(Row member, int depth, int invited) {
    return new MemberView(
        member.key(), nameOf(member), Badge.shown(member), joinedAtOf(member), depth, invited);
  }

  static String nameOf(Row member) {
    return member.get(Catalog.Members.DISPLAY_NAME).orElse(member.key());
  }

  static Instant joinedAtOf(Row member) {
    return Timestamps.instant(member.get(Catalog.Members.CREATED_AT).orElse(0L));
  }
}
