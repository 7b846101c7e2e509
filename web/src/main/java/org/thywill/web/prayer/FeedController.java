package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** The feeds of prayers. */
public final class FeedController {
  private FeedController() {}

  /**
   * One feed among the others, page by page.
   *
   * @param after where the page begins; empty for the beginning of the feed
   * @param next the address of the page behind; empty if there is none
   */
  record View(
      PrayerFeeds.Feed feed,
      List<PrayerView> cards,
      String after,
      String next,
      boolean isNew,
      Instant now) {
    String label(PrayerFeeds.Feed each) {
      return switch (each) {
        case PRAY_NOW -> "Pray now";
        case ALL -> "All";
        case MINE -> "Mine";
        case PRAISE -> "Praise";
        case ARCHIVED -> "Archived";
      };
    }

    String empty() {
      return switch (feed) {
        case PRAY_NOW ->
            "You have prayed for everything that waits. Come back later, or ask for prayer"
                + " yourself.";
        case ALL -> "Nobody has asked for prayer yet. You can be the first.";
        case MINE -> "You have not asked for prayer yet.";
        case PRAISE ->
            "No praise reports yet. When a prayer of yours is answered, tell the others.";
        case ARCHIVED -> "Nothing is put away.";
      };
    }
  }

  /** Where a page of a feed is. */
  static String address(PrayerFeeds.Feed feed, String after) {
    return Response.address("/feed/" + feed.label(), "after", after);
  }

  public static Response show(Request visit) throws IOException {
    String word = visit.pathParam("feed");
    PrayerFeeds.Feed feed =
        Request.orNotFound(
            Arrays.stream(PrayerFeeds.Feed.values())
                .filter(each -> each.label().equals(word))
                .findFirst());
    String after = visit.queryParam("after");
    PrayerFeeds.Page page =
        new PrayerFeeds(visit.view(), visit.member().handle()).feed(feed, after, visit.now());
    View view =
        new View(
            feed,
            page.prayers(),
            after,
            Optional.ofNullable(page.next()).map(next -> address(feed, next)).orElse(""),
            visit.member().isNew(),
            visit.now());
    return Response.page("prayer/feed.jte", view.label(feed), view);
  }
}
