package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.view.Query;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * A notification that a device was let in under a member's name, and that they have not answered.
 *
 * <p>Only devices that were signed in before see it and answer it: otherwise somebody who was let
 * in under another's name would confirm themselves.
 *
 * @param id of the notification
 * @param device that was let in, as it described itself
 */
public record EntryNotice(String id, Device device, Instant at) {
  private static final int SHOWN_MAX = 20;

  /**
   * The notices that a device may answer, the newest first; of very many the newest.
   *
   * @param session the secret of the device that the member looks from
   */
  public static List<EntryNotice> unanswered(ViewReader view, String member, String session)
      throws IOException {
    List<EntryNotice> notices = new ArrayList<>();
    for (Row row : view.rows(of(view, member, session).newestFirst().limit(SHOWN_MAX))) {
      Optional<String> signIn = row.get(Catalog.Notifications.REQUEST);
      Optional<Row> asked =
          signIn.isPresent() ? view.find(Catalog.AUTH_REQUESTS, signIn.get()) : Optional.empty();
      notices.add(
          new EntryNotice(
              row.key(),
              asked.map(SignIn::deviceOf).orElse(Device.UNKNOWN),
              Timestamps.instant(row.get(Catalog.Notifications.CREATED_AT).orElse(0L))));
    }
    notices.sort(Comparator.comparing(EntryNotice::at).reversed());
    return notices;
  }

  /** How many notices a device may answer. */
  public static long unansweredCount(ViewReader view, String member, String session)
      throws IOException {
    return view.count(of(view, member, session));
  }

  /** When a device was signed in, in microseconds since 1970; never for one that is not. */
  static long signedInAtMicros(RowLookup rows, String session) throws IOException {
    return rows.find(Catalog.SESSIONS, Ids.hash(session))
        .flatMap(row -> row.get(Catalog.Sessions.CREATED_AT))
        .orElse(Long.MAX_VALUE);
  }

  private static Query of(ViewReader view, String member, String session) throws IOException {
    return Query.of(Catalog.NOTIFICATIONS)
        .eq(Catalog.Notifications.MEMBER, member)
        .eq(Catalog.Notifications.KIND, SignInNotifier.LET_IN)
        .eq(Catalog.Notifications.IS_READ, false)
        .greaterThan(Catalog.Notifications.CREATED_AT, signedInAtMicros(view, session));
  }
}
