package org.thywill.web.prayer;

import java.io.IOException;
import org.thywill.community.access.Ids;
import org.thywill.community.generate.Scribe;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.ledger.RefusedChange;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/**
 * Asking for prayer. The request is posted first; the prayer that others may pray is written after
 * it, and never in its way.
 */
public final class Asking {
  private final Prayers prayers;
  private final Scribe scribe;
  private final Ids ids;

  public Asking(Site site) {
    this.prayers = site.community().prayers();
    this.scribe = site.scribe();
    this.ids = site.ids();
  }

  /**
   * The form.
   *
   * @param hasNoPrayer whether the author wants none beside the request
   * @param reader who gets to read the request to write the prayer; empty if it does not leave the
   *     program
   * @param clientId of this one request: a form that is sent twice asks once
   */
  record View(
      String text,
      Visibility visibility,
      boolean hasNoPrayer,
      String reader,
      String clientId,
      String problem) {}

  public Answer show(Visit visit) {
    return form(200, new View("", Visibility.MEMBERS, false, reader(), ids.id(), ""));
  }

  public Answer ask(Visit visit) throws IOException {
    String author = visit.member().handle();
    String text = visit.field("text");
    Visibility visibility = Visibility.of(visit.field("visibility"));
    boolean hasNoPrayer = visit.isTicked("no_prayer");
    try {
      String prayer = prayers.ask(author, text, visibility, visit.field("client_id"));
      if (!hasNoPrayer) {
        scribe.propose(author, prayer);
      }
      return Answer.goOn("/prayers/" + prayer, Said.ASKED);
    } catch (RefusedChange e) {
      return form(
          422,
          new View(
              text,
              visibility,
              hasNoPrayer,
              reader(),
              visit.field("client_id"),
              String.valueOf(e.getMessage())));
    }
  }

  private String reader() {
    return scribe.reader().orElse("");
  }

  private static Answer form(int status, View view) {
    return new Answer.Page(status, "prayer/ask.jte", "Ask for prayer", view);
  }
}
