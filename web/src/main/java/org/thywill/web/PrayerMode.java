package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.Board;
import org.thywill.community.Card;
import org.thywill.community.Feature;

/** Praying one prayer after the other, with nothing else on the page. */
final class PrayerMode {
  private PrayerMode() {}

  record View(Optional<Card> card, Instant now) {}

  static Answer show(Visit visit) throws IOException {
    visit.require(Feature.PRAYER_MODE);
    Optional<Card> next = new Board(visit.view(), visit.member().handle()).next(visit.now());
    return Answer.page("pray.jte", "Pray", new View(next, visit.now()));
  }
}
