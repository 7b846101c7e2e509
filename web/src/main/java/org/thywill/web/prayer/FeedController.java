package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** The feeds of prayers. */
public final class FeedController {
  private FeedController() {}

  /**
   * A page of a feed.
   *
   * @param after where the page begins; empty for the first page
   * @param next the address of the next page; empty on the last one
   * @param isNew whether to show the welcome for new members
   */
  record View(
      PrayerFeeds.Feed feed,
      List<PrayerView> prayers,
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

  /** The address of a page of a feed. */
  static String address(PrayerFeeds.Feed feed, String after) {
    return Response.address(path(feed), "after", after);
  }

  private static String path(PrayerFeeds.Feed feed) {
    return "/feed/" + feed.label();
  }

  public static Response show(Request request) throws IOException {
    String label = request.pathParam("feed");
    PrayerFeeds.Feed feed =
        Request.orNotFound(
            Arrays.stream(PrayerFeeds.Feed.values())
                .filter(each -> each.label().equals(label))
                .findFirst());
    String after = request.queryParam("after");
    PrayerFeeds.Page page =
        new PrayerFeeds(request.view(), request.member().handle()).feed(feed, after, request.now());
    View view =
        new View(
            feed,
            page.prayers(),
            after,
            Response.nextAddress(path(feed), "after", page.next()),
            request.member().isNew(),
            request.now());
    return Response.page("prayer/feed.jte", view.label(feed), view);
  }
}
