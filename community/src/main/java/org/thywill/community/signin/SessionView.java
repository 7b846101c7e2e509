package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Ids;
import org.thywill.view.ViewReader;

/**
 * A session as its member sees it among their devices.
 *
 * @param key names the session, and is not its secret
 * @param device what the device says of itself, or null
 * @param address its IP address when the session began, or null
 * @param until when it ends if it is not used before
 * @param isFull whether the sign-in is approved
 * @param isThis whether it is the device that the member looks from
 */
public record SessionView(
    String key,
    @Nullable String device,
    @Nullable String address,
    Instant since,
    Instant until,
    boolean isFull,
    boolean isThis) {

  /**
   * The sessions of a member that have not ended, the newest first.
   *
   * @param secret of the session that the member looks from
   */
  public static List<SessionView> ofMember(
      ViewReader view, String member, String secret, Instant now) throws IOException {
    List<SessionView> sessions = new ArrayList<>();
    for (Row row : view.findBy(Catalog.Sessions.MEMBER, member)) {
      if (!Sessions.hasEnded(view, row, Timestamps.micros(now))) {
        sessions.add(of(row, secret, Timestamps.instant(Sessions.endMicros(view, row))));
      }
    }
    sessions.sort(Comparator.comparing(SessionView::since).reversed());
    return sessions;
  }

  private static SessionView of(Row row, String secret, Instant until) {
    return new SessionView(
        row.key(),
        row.get(Catalog.Sessions.DEVICE_INFO).orElse(null),
        row.get(Catalog.Sessions.IP_ADDRESS).orElse(null),
        Timestamps.instant(row.get(Catalog.Sessions.CREATED_AT).orElse(0L)),
        until,
        row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED),
        Ids.hash(secret).equals(row.key()));
  }
}
