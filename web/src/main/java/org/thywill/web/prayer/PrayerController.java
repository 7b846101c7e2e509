package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.Permission;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.prayer.ActivityNames;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The page of one prayer, and the actions on it. */
public final class PrayerController {
  private final Prayers prayers;
  private final Moderation moderation;
  private final PrayerGenerationService generation;

  public PrayerController(ServerContext server) {
    this.prayers = server.community().prayers();
    this.moderation = server.community().moderation();
    this.generation = server.generation();
  }

  /**
   * A prayer, who prayed it, and its timeline.
   *
   * @param mayManage whether the member may mark it as answered and archive it: as its author, or
   *     by a permission
   * @param isBeingWritten whether a prayer is being generated for it, which only its author sees
   * @param reader the service that the request is sent to for the generation; empty for none
   */
  record View(
      PrayerView prayer,
      List<PrayerFeeds.PrayingMember> people,
      List<PrayerFeeds.TimelineEntry> timeline,
      boolean mayManage,
      boolean isBeingWritten,
      String reader,
      Instant now) {}

  public Response show(Request request) throws IOException {
    Principal.Member member = request.member();
    PrayerFeeds feeds = new PrayerFeeds(request.view(), member.handle());
    boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
    PrayerView prayer =
        Request.orNotFound(feeds.findPrayer(request.pathParam("prayer"), isModerator));
    // Only moderators see who reported a prayer; what a moderator wrote, the author sees too.
    List<PrayerFeeds.TimelineEntry> timeline =
        feeds.timeline(prayer.id()).stream()
            .filter(entry -> isModerator || !entry.action().equals(ActivityNames.FLAGGED))
            .toList();
    boolean mayManage = prayer.isMine() || member.may(Permission.MANAGE_PRAYERS);
    return Response.page(
        "prayer/prayer.jte",
        "A prayer",
        new View(
            prayer,
            feeds.whoPrayed(prayer.id()),
            timeline,
            mayManage,
            prayer.isMine() && generation.isUnderWay(prayer.id()),
            generation.reader().orElse(""),
            request.now()));
  }

  public Response prayed(Request request) throws IOException {
    prayers.markPrayed(
        request.member().handle(), request.pathParam("prayer"), request.formParam("client_id"));
    return back(request, FlashMessage.PRAYED);
  }

  /** Skips the prayer in prayer mode. */
  public Response skip(Request request) throws IOException {
    request.requireFeature(Feature.PRAYER_MODE);
    prayers.skip(request.member().handle(), request.pathParam("prayer"));
    return back(request, FlashMessage.SKIPPED);
  }

  public Response edit(Request request) throws IOException {
    prayers.edit(request.member().handle(), request.pathParam("prayer"), request.formParam("text"));
    return toPrayer(request, FlashMessage.EDITED);
  }

  /** Replaces the generated prayer by one that the author wrote. */
  public Response attachPrayer(Request request) throws IOException {
    prayers.attachPrayer(
        request.member().handle(), request.pathParam("prayer"), request.formParam("words"));
    generation.cancel(request.pathParam("prayer"));
    return toPrayer(request, FlashMessage.COMPOSED);
  }

  public Response generateOther(Request request) throws IOException {
    boolean isDone =
        generation.generateOther(request.member().handle(), request.pathParam("prayer"));
    return toPrayer(request, isDone ? FlashMessage.COMPOSED : FlashMessage.COMPOSING);
  }

  public Response detachPrayer(Request request) throws IOException {
    prayers.detachPrayer(request.member().handle(), request.pathParam("prayer"));
    generation.cancel(request.pathParam("prayer"));
    return toPrayer(request, FlashMessage.DETACHED);
  }

  public Response praise(Request request) throws IOException {
    prayers.praise(
        request.member().handle(), request.pathParam("prayer"), request.formParam("testimony"));
    return toPrayer(request, FlashMessage.PRAISED);
  }

  public Response archive(Request request) throws IOException {
    prayers.archive(request.member().handle(), request.pathParam("prayer"));
    return toPrayer(request, FlashMessage.ARCHIVED);
  }

  public Response restore(Request request) throws IOException {
    prayers.restore(request.member().handle(), request.pathParam("prayer"));
    return toPrayer(request, FlashMessage.RESTORED);
  }

  public Response visibility(Request request) throws IOException {
    prayers.setVisibility(
        request.member().handle(),
        request.pathParam("prayer"),
        Visibility.of(request.formParam("visibility")));
    return toPrayer(request, FlashMessage.VISIBILITY_SET);
  }

  public Response report(Request request) throws IOException {
    moderation.report(
        request.member().handle(), request.pathParam("prayer"), request.formParam("reason"));
    return toPrayer(request, FlashMessage.REPORTED);
  }

  private static Response toPrayer(Request request, FlashMessage message) {
    return Response.redirect("/prayers/" + request.pathParam("prayer"), message);
  }

  /** To the page that the button was on, which the form names. */
  private static Response back(Request request, FlashMessage message) {
    String from = request.formParam("from");
    if (from.equals("pray")) {
      return Response.redirect("/pray", message);
    }
    for (PrayerFeeds.Feed feed : PrayerFeeds.Feed.values()) {
      String prefix = "feed-" + feed.label() + "-";
      if (from.startsWith(prefix)) {
        return Response.redirect(
            FeedController.address(feed, from.substring(prefix.length())), message);
      }
    }
    return toPrayer(request, message);
  }
}
