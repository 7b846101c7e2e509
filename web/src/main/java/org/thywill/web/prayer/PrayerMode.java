package org.thywill.web.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.prayer.Board;
import org.thywill.community.prayer.Card;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Visit;

/** Praying one prayer after the other, with nothing else on the page. */
public final class PrayerMode {
  private PrayerMode() {}

  record View(Optional<Card> card, Instant now) {}

  public static Answer show(Visit visit) throws IOException {
    visit.require(Feature.PRAYER_MODE);
    Optional<Card> next = new Board(visit.view(), visit.member().handle()).next(visit.now());
    return Answer.page("prayer/pray.jte", "Pray", new View(next, visit.now()));
  }
}
