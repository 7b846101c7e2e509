package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * What moderators look at: reports with their reasons, and what is hidden. Everything can be
 * undone.
 */
public final class ModerationController {
  private final Moderation moderation;

  public ModerationController(ServerContext site) {
    this.moderation = site.community().moderation();
  }

  /** A prayer and what members and moderators said of it. */
  record Item(PrayerView card, List<PrayerFeeds.TimelineEntry> story) {}

  /**
   * A page of prayers in one state.
   *
   * @param next the address of the page behind; empty if there is none
   */
  record Items(List<Item> items, String next) {}

  record View(Items reported, Items hidden, Instant now) {}

  public Response show(Request visit) throws IOException {
    PrayerFeeds board = new PrayerFeeds(visit.view(), visit.member().handle());
    Items reported = items(board, board.reported(visit.queryParam("reported")), "reported");
    Items hidden = items(board, board.hidden(visit.queryParam("hidden")), "hidden");
    return Response.page(
        "prayer/moderation.jte", "Moderation", new View(reported, hidden, visit.now()));
  }

  private static Items items(PrayerFeeds board, PrayerFeeds.Page page, String parameter)
      throws IOException {
    Map<String, List<PrayerFeeds.TimelineEntry>> stories =
        board.timelines(page.prayers().stream().map(PrayerView::id).toList());
    List<Item> items =
        page.prayers().stream()
            .map(card -> new Item(card, stories.getOrDefault(card.id(), List.of())))
            .toList();
    return new Items(
        items,
        Optional.ofNullable(page.next())
            .map(next -> Response.address("/moderation", parameter, next))
            .orElse(""));
  }

  public Response hide(Request visit) throws IOException {
    moderation.hide(visit.member().handle(), visit.pathParam("prayer"), visit.formParam("reason"));
    return Response.redirect("/moderation", FlashMessage.HIDDEN);
  }

  public Response shown(Request visit) throws IOException {
    moderation.show(visit.member().handle(), visit.pathParam("prayer"), visit.formParam("reason"));
    return Response.redirect("/moderation", FlashMessage.SHOWN);
  }
}
