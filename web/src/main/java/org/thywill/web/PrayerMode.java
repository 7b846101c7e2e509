package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.Board;
import org.thywill.community.Card;
import org.thywill.community.Ids;

/** Praying one prayer after the other, with nothing else on the page. */
final class PrayerMode {
  private final Ids ids;

  PrayerMode(Site site) {
    this.ids = site.ids();
  }

  record View(Optional<Card> card, String clientId, Instant now) {}

  Answer show(Visit visit) throws IOException {
    Optional<Card> next = new Board(visit.view(), visit.member().handle()).next(visit.now());
    return Answer.page("pray.jte", "Pray", new View(next, ids.id(), visit.now()));
  }
}
