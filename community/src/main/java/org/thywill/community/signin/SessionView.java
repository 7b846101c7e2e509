package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
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
    return view.findBy(Catalog.Sessions.MEMBER, member).stream()
        .filter(row -> !Sessions.hasEnded(row, now))
        .map(row -> of(row, secret))
        .sorted(Comparator.comparing(SessionView::since).reversed())
        .toList();
  }

  private static SessionView of(Row row, String secret) {
    return new SessionView(
        row.key(),
        row.get(Catalog.Sessions.DEVICE_INFO).orElse(null),
        row.get(Catalog.Sessions.IP_ADDRESS).orElse(null),
        Timestamps.instant(row.get(Catalog.Sessions.CREATED_AT).orElse(0L)),
        Sessions.expiresAt(row),
        row.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED),
        Ids.hash(secret).equals(row.key()));
  }
}
