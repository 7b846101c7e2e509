package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** Praying one prayer after the other, with nothing else on the page. */
public final class PrayerModeController {
  private PrayerModeController() {}

  record View(Optional<PrayerView> card, Instant now) {}

  public static Response show(Request visit) throws IOException {
    visit.requireFeature(Feature.PRAYER_MODE);
    Optional<PrayerView> next =
        new PrayerFeeds(visit.view(), visit.member().handle()).nextToPray(visit.now());
    return Response.page("prayer/pray.jte", "Pray", new View(next, visit.now()));
  }
}
