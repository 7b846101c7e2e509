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
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * A notification that a device was let in under a member's name, and that they have not answered.
 *
 * @param id of the notification
 * @param device that was let in, as it described itself
 */
public record EntryNotice(String id, Device device, Instant at) {
  private static final int SHOWN_MAX = 20;

  /** The notices that a member has not answered, the newest first; of very many the newest. */
  public static List<EntryNotice> unanswered(ViewReader view, String member) throws IOException {
    List<EntryNotice> notices = new ArrayList<>();
    for (Row row : view.rows(of(member).newestFirst().limit(SHOWN_MAX))) {
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

  /** How many notices a member has not answered. */
  public static long unansweredCount(ViewReader view, String member) throws IOException {
    return view.count(of(member));
  }

  private static Query of(String member) {
    return Query.of(Catalog.NOTIFICATIONS)
        .eq(Catalog.Notifications.MEMBER, member)
        .eq(Catalog.Notifications.KIND, SignInNotifier.LET_IN)
        .eq(Catalog.Notifications.IS_READ, false);
  }
}
