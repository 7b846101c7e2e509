package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.Permission;
import org.thywill.community.generate.Scribe;
import org.thywill.community.prayer.Board;
import org.thywill.community.prayer.Card;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Viewer;
import org.thywill.web.http.Visit;

/** One prayer, and everything that can be done with it. */
public final class PrayerPages {
  private final Prayers prayers;
  private final Moderation moderation;
  private final Scribe scribe;

  public PrayerPages(Site site) {
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
      Card card,
      List<Board.Prayed> people,
      List<Board.Step> story,
      boolean mayManage,
      boolean isBeingWritten,
      String reader,
      Instant now) {}

  public Answer show(Visit visit) throws IOException {
    Viewer.Member member = visit.member();
    Board board = new Board(visit.view(), member.handle());
    boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
    Card card = Visit.found(board.card(visit.part("prayer"), isModerator));
    // Who reported a prayer is for the moderators alone; what a moderator wrote is for the author
    // too.
    List<Board.Step> story =
        board.story(card.id()).stream()
            .filter(step -> isModerator || !step.action().equals("flagged"))
            .toList();
    boolean mayManage = card.isMine() || member.may(Permission.MANAGE_PRAYERS);
    return Answer.page(
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

  public Answer prayed(Visit visit) throws IOException {
    prayers.markPrayed(visit.member().handle(), visit.part("prayer"), visit.field("client_id"));
    return back(visit, Said.PRAYED);
  }

  /** Only prayer mode asks for it. */
  public Answer skip(Visit visit) throws IOException {
    visit.require(Feature.PRAYER_MODE);
    prayers.skip(visit.member().handle(), visit.part("prayer"));
    return back(visit, Said.SKIPPED);
  }

  public Answer edit(Visit visit) throws IOException {
    prayers.edit(visit.member().handle(), visit.part("prayer"), visit.field("text"));
    return toPrayer(visit, Said.EDITED);
  }

  /** The author's own words for the prayer. */
  public Answer words(Visit visit) throws IOException {
    prayers.attachPrayer(visit.member().handle(), visit.part("prayer"), visit.field("words"));
    scribe.leave(visit.part("prayer"));
    return toPrayer(visit, Said.COMPOSED);
  }

  public Answer otherWords(Visit visit) throws IOException {
    boolean isDone = scribe.proposeOther(visit.member().handle(), visit.part("prayer"));
    return toPrayer(visit, isDone ? Said.COMPOSED : Said.COMPOSING);
  }

  public Answer noWords(Visit visit) throws IOException {
    prayers.detachPrayer(visit.member().handle(), visit.part("prayer"));
    scribe.leave(visit.part("prayer"));
    return toPrayer(visit, Said.DETACHED);
  }

  public Answer praise(Visit visit) throws IOException {
    prayers.praise(visit.member().handle(), visit.part("prayer"), visit.field("testimony"));
    return toPrayer(visit, Said.PRAISED);
  }

  public Answer archive(Visit visit) throws IOException {
    prayers.archive(visit.member().handle(), visit.part("prayer"));
    return toPrayer(visit, Said.ARCHIVED);
  }

  public Answer restore(Visit visit) throws IOException {
    prayers.restore(visit.member().handle(), visit.part("prayer"));
    return toPrayer(visit, Said.RESTORED);
  }

  public Answer visibility(Visit visit) throws IOException {
    prayers.setVisibility(
        visit.member().handle(), visit.part("prayer"), Visibility.of(visit.field("visibility")));
    return toPrayer(visit, Said.VISIBILITY_SET);
  }

  public Answer report(Visit visit) throws IOException {
    moderation.flag(visit.member().handle(), visit.part("prayer"), visit.field("reason"));
    return toPrayer(visit, Said.REPORTED);
  }

  private static Answer toPrayer(Visit visit, Said said) {
    return Answer.goOn("/prayers/" + visit.part("prayer"), said);
  }

  /** To the page on which the button was; only pages that have one are known. */
  private static Answer back(Visit visit, Said said) {
    String from = visit.field("from");
    if (from.equals("pray")) {
      return Answer.goOn("/pray", said);
    }
    for (Board.Feed feed : Board.Feed.values()) {
      String word = "feed-" + feed.word() + "-";
      if (from.startsWith(word)) {
        return Answer.goOn(Feeds.address(feed, from.substring(word.length())), said);
      }
    }
    return toPrayer(visit, said);
  }
}
