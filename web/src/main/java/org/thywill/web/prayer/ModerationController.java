package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Moderation: reported prayers with the reasons, and hidden ones. */
public final class ModerationController {
  private final Moderation moderation;

  public ModerationController(ServerContext server) {
    this.moderation = server.community().moderation();
  }

  /** A prayer with its timeline, which has the reasons of reports and decisions. */
  record Item(PrayerView prayer, List<PrayerFeeds.TimelineEntry> timeline) {}

  /**
   * A page of prayers in one state.
   *
   * @param next the address of the next page; empty on the last one
   */
  record Items(List<Item> items, String next) {}

  record View(Items reported, Items hidden, Instant now) {}

  public Response show(Request request) throws IOException {
    PrayerFeeds feeds = new PrayerFeeds(request.view(), request.member().handle());
    Items reported = items(feeds, feeds.reported(request.queryParam("reported")), "reported");
    Items hidden = items(feeds, feeds.hidden(request.queryParam("hidden")), "hidden");
    return Response.page(
        "prayer/moderation.jte", "Moderation", new View(reported, hidden, request.now()));
  }

  private static Items items(PrayerFeeds feeds, PrayerFeeds.Page page, String parameter)
      throws IOException {
    Map<String, List<PrayerFeeds.TimelineEntry>> timelines =
        feeds.timelines(page.prayers().stream().map(PrayerView::id).toList());
    List<Item> items =
        page.prayers().stream()
            .map(prayer -> new Item(prayer, timelines.getOrDefault(prayer.id(), List.of())))
            .toList();
    return new Items(items, Response.nextAddress("/moderation", parameter, page.next()));
  }

  public Response hide(Request request) throws IOException {
    moderation.hide(
        request.member().handle(), request.pathParam("prayer"), request.formParam("reason"));
    return Response.redirect("/moderation", FlashMessage.HIDDEN);
  }

  public Response shown(Request request) throws IOException {
    moderation.show(
        request.member().handle(), request.pathParam("prayer"), request.formParam("reason"));
    return Response.redirect("/moderation", FlashMessage.SHOWN);
  }
}
