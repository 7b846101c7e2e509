package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.thywill.community.prayer.Board;
import org.thywill.community.prayer.Card;
import org.thywill.community.prayer.Moderation;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/**
 * What moderators look at: reports with their reasons, and what is hidden. Everything can be
 * undone.
 */
public final class ModerationPages {
  private final Moderation moderation;

  public ModerationPages(Site site) {
    this.moderation = site.community().moderation();
  }

  /** A prayer and what members and moderators said of it. */
  record Item(Card card, List<Board.Step> story) {}

  /**
   * A page of prayers in one state.
   *
   * @param next the address of the page behind; empty if there is none
   */
  record Items(List<Item> items, String next) {}

  record View(Items reported, Items hidden, Instant now) {}

  public Answer show(Visit visit) throws IOException {
    Board board = new Board(visit.view(), visit.member().handle());
    Items reported = items(board, board.reported(visit.query("reported")), "reported");
    Items hidden = items(board, board.hidden(visit.query("hidden")), "hidden");
    return Answer.page(
        "prayer/moderation.jte", "Moderation", new View(reported, hidden, visit.now()));
  }

  private static Items items(Board board, Board.Page page, String parameter) throws IOException {
    Map<String, List<Board.Step>> stories =
        board.stories(page.cards().stream().map(Card::id).toList());
    List<Item> items =
        page.cards().stream()
            .map(card -> new Item(card, stories.getOrDefault(card.id(), List.of())))
            .toList();
    return new Items(
        items, page.next().map(next -> Answer.address("/moderation", parameter, next)).orElse(""));
  }

  public Answer hide(Visit visit) throws IOException {
    moderation.hide(visit.member().handle(), visit.part("prayer"), visit.field("reason"));
    return Answer.goOn("/moderation", Said.HIDDEN);
  }

  public Answer shown(Visit visit) throws IOException {
    moderation.show(visit.member().handle(), visit.part("prayer"), visit.field("reason"));
    return Answer.goOn("/moderation", Said.SHOWN);
  }
}
