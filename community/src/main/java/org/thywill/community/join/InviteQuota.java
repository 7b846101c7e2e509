package org.thywill.community.join;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Permission;
import org.thywill.community.settings.Settings;
import org.thywill.view.RowLookup;

/**
 * How much a member may invite: how many people by how many open invites, each for how long.
 *
 * <p>Members who may manage members have limits of their own, which are wider by default.
 *
 * @param peopleMax how many people may still join by the member's open invites together
 * @param openMax how many open invites the member may have
 * @param daysMax for how many days an invite can be used
 */
public record InviteQuota(long peopleMax, long openMax, long daysMax) {

  /**
   * The quota of a member at a time, in microseconds since 1970.
   *
   * @throws ForbiddenException if the member does not take part
   */
  public static InviteQuota of(RowLookup rows, String member, long atMicros) throws IOException {
    return Authorization.require(rows, member, atMicros).may(Permission.MANAGE_MEMBERS)
        ? new InviteQuota(
            Settings.number(rows, Settings.MANAGER_INVITE_PEOPLE_MAX),
            Settings.number(rows, Settings.MANAGER_INVITE_OPEN_MAX),
            Settings.number(rows, Settings.MANAGER_INVITE_DAYS_MAX))
        : new InviteQuota(
            Settings.number(rows, Settings.INVITE_PEOPLE_MAX),
            Settings.number(rows, Settings.INVITE_OPEN_MAX),
            Settings.number(rows, Settings.INVITE_DAYS_MAX));
  }

  /**
   * The number of uses of a new invite.
   *
   * @param usesMax how many are wanted; empty for as many as the quota leaves
   * @throws InvalidInputException if the invite would exceed the quota
   */
  long requireRoom(
      RowLookup rows, String member, Duration lifetime, OptionalLong usesMax, long atMicros)
      throws IOException {
    if (lifetime.compareTo(Duration.ofDays(daysMax)) > 0) {
      throw new InvalidInputException(
          "An invite of yours can be used for " + daysMax + " days at most.");
    }
    List<Row> open =
        rows.findBy(Catalog.Invites.CREATED_BY, member).stream()
            .filter(LinkKind.NEW_USER::isKindOf)
            .filter(invite -> InviteLinks.state(invite, atMicros) == LinkState.OPEN)
            .toList();
    if (open.size() >= openMax) {
      throw new InvalidInputException(
          "You have "
              + open.size()
              + " open invites, and "
              + openMax
              + " are allowed. Please revoke one, or wait until one is used.");
    }
    long left = Math.max(0, peopleMax - open.stream().mapToLong(this::peopleLeft).sum());
    long wanted = usesMax.orElse(Math.max(1, left));
    if (wanted > left) {
      throw new InvalidInputException(
          "Your open invites may be for "
              + peopleMax
              + " people together, so that a new one can be for "
              + left
              + " at most.");
    }
    return wanted;
  }

  /** How many people may join by an invite; an imported one without a number uses all places. */
  private long peopleLeft(Row invite) {
    return invite
        .get(Catalog.Invites.MAX_USES)
        .map(most -> Math.min(peopleMax, most - InviteLinks.used(invite)))
        .orElse(peopleMax);
  }
}
