package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** Prayer mode: one prayer after another, with nothing else on the page. */
public final class PrayerModeController {
  private PrayerModeController() {}

  /**
   * The page of prayer mode.
   *
   * @param prayer the next one; null if the member has prayed for all
   */
  record View(@Nullable PrayerView prayer, Instant now) {}

  public static Response show(Request request) throws IOException {
    request.requireFeature(Feature.PRAYER_MODE);
    Optional<PrayerView> next =
        new PrayerFeeds(request.view(), request.member().handle()).nextToPray(request.now());
    return Response.page("prayer/pray.jte", "Pray", new View(next.orElse(null), request.now()));
  }
}
