package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.Permission;
import org.thywill.community.generate.PrayerGenerationService;
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

/** One prayer, and everything that can be done with it. */
public final class PrayerController {
  private final Prayers prayers;
  private final Moderation moderation;
  private final PrayerGenerationService scribe;

  public PrayerController(ServerContext site) {
    this.prayers = site.community().prayers();
    this.moderation = site.community().moderation();
    this.scribe = site.scribe();
  }

  /**
   * A prayer with its people and its story.
   *
   * @param mayManage whether the member may praise and archive it, as its author or by a permission
   * @param isBeingWritten whether its author is to have other words in a moment
   * @param reader who gets to read the request when words are asked for; empty if nobody does
   */
  record View(
      PrayerView card,
      List<PrayerFeeds.PrayingMember> people,
      List<PrayerFeeds.TimelineEntry> story,
      boolean mayManage,
      boolean isBeingWritten,
      String reader,
      Instant now) {}

  public Response show(Request visit) throws IOException {
    Principal.Member member = visit.member();
    PrayerFeeds board = new PrayerFeeds(visit.view(), member.handle());
    boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
    PrayerView card = Request.orNotFound(board.findPrayer(visit.pathParam("prayer"), isModerator));
    // Who reported a prayer is for the moderators alone; what a moderator wrote is for the author
    // too.
    List<PrayerFeeds.TimelineEntry> story =
        board.timeline(card.id()).stream()
            .filter(step -> isModerator || !step.action().equals("flagged"))
            .toList();
    boolean mayManage = card.isMine() || member.may(Permission.MANAGE_PRAYERS);
    return Response.page(
        "prayer/prayer.jte",
        "A prayer",
        new View(
            card,
            board.whoPrayed(card.id()),
            story,
            mayManage,
            card.isMine() && scribe.isUnderWay(card.id()),
            scribe.reader().orElse(""),
            visit.now()));
  }

  public Response prayed(Request visit) throws IOException {
    prayers.markPrayed(
        visit.member().handle(), visit.pathParam("prayer"), visit.formParam("client_id"));
    return back(visit, FlashMessage.PRAYED);
  }

  /** Only prayer mode asks for it. */
  public Response skip(Request visit) throws IOException {
    visit.requireFeature(Feature.PRAYER_MODE);
    prayers.skip(visit.member().handle(), visit.pathParam("prayer"));
    return back(visit, FlashMessage.SKIPPED);
  }

  public Response edit(Request visit) throws IOException {
    prayers.edit(visit.member().handle(), visit.pathParam("prayer"), visit.formParam("text"));
    return toPrayer(visit, FlashMessage.EDITED);
  }

  /** The author's own words for the prayer. */
  public Response words(Request visit) throws IOException {
    prayers.attachPrayer(
        visit.member().handle(), visit.pathParam("prayer"), visit.formParam("words"));
    scribe.cancel(visit.pathParam("prayer"));
    return toPrayer(visit, FlashMessage.COMPOSED);
  }

  public Response otherWords(Request visit) throws IOException {
    boolean isDone = scribe.generateOther(visit.member().handle(), visit.pathParam("prayer"));
    return toPrayer(visit, isDone ? FlashMessage.COMPOSED : FlashMessage.COMPOSING);
  }

  public Response noWords(Request visit) throws IOException {
    prayers.detachPrayer(visit.member().handle(), visit.pathParam("prayer"));
    scribe.cancel(visit.pathParam("prayer"));
    return toPrayer(visit, FlashMessage.DETACHED);
  }

  public Response praise(Request visit) throws IOException {
    prayers.praise(
        visit.member().handle(), visit.pathParam("prayer"), visit.formParam("testimony"));
    return toPrayer(visit, FlashMessage.PRAISED);
  }

  public Response archive(Request visit) throws IOException {
    prayers.archive(visit.member().handle(), visit.pathParam("prayer"));
    return toPrayer(visit, FlashMessage.ARCHIVED);
  }

  public Response restore(Request visit) throws IOException {
    prayers.restore(visit.member().handle(), visit.pathParam("prayer"));
    return toPrayer(visit, FlashMessage.RESTORED);
  }

  public Response visibility(Request visit) throws IOException {
    prayers.setVisibility(
        visit.member().handle(),
        visit.pathParam("prayer"),
        Visibility.of(visit.formParam("visibility")));
    return toPrayer(visit, FlashMessage.VISIBILITY_SET);
  }

  public Response report(Request visit) throws IOException {
    moderation.report(
        visit.member().handle(), visit.pathParam("prayer"), visit.formParam("reason"));
    return toPrayer(visit, FlashMessage.REPORTED);
  }

  private static Response toPrayer(Request visit, FlashMessage said) {
    return Response.redirect("/prayers/" + visit.pathParam("prayer"), said);
  }

  /** To the page on which the button was; only pages that have one are known. */
  private static Response back(Request visit, FlashMessage said) {
    String from = visit.formParam("from");
    if (from.equals("pray")) {
      return Response.redirect("/pray", said);
    }
    for (PrayerFeeds.Feed feed : PrayerFeeds.Feed.values()) {
      String word = "feed-" + feed.label() + "-";
      if (from.startsWith(word)) {
        return Response.redirect(FeedController.address(feed, from.substring(word.length())), said);
      }
    }
    return toPrayer(visit, said);
  }
}
