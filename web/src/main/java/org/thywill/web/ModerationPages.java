package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.thywill.community.Board;
import org.thywill.community.Card;
import org.thywill.community.Moderation;

/** What moderators look at: reports with their reasons, and what is hidden. Everything can be undone. */
final class ModerationPages {
  private final Moderation moderation;

  ModerationPages(Site site) {
    this.moderation = site.community().moderation();
  }

  /** A prayer and what members and moderators said of it. */
  record Item(Card card, List<Board.Step> story) {}

  record View(List<Item> reported, List<Item> hidden, Instant now) {}

  Answer show(Visit visit) throws IOException {
    Board board = new Board(visit.view(), visit.member().handle());
    return Answer.page("moderation.jte", "Moderation", new View(items(board, board.reported()), items(board, board.hidden()), visit.now()));
  }

  private static List<Item> items(Board board, List<Card> cards) throws IOException {
    List<Item> items = new ArrayList<>();
    for (Card card : cards) {
      items.add(new Item(card, board.story(card.id())));
    }
    return items;
  }

  Answer hide(Visit visit) throws IOException {
    moderation.hide(visit.member().handle(), visit.part("prayer"), visit.field("reason"));
    return Answer.goOn("/moderation", Said.HIDDEN);
  }

  Answer shown(Visit visit) throws IOException {
    moderation.show(visit.member().handle(), visit.part("prayer"), visit.field("reason"));
    return Answer.goOn("/moderation", Said.SHOWN);
  }
}
