package org.thywill.web;

import java.io.IOException;
import org.thywill.community.Ids;
import org.thywill.community.Prayers;
import org.thywill.community.Visibility;
import org.thywill.ledger.RefusedChange;

/** Asking for prayer. The request is posted first; the prayer that others may pray is written after it, and never in its way. */
final class Asking {
  private final Prayers prayers;
  private final Ids ids;

  Asking(Site site) {
    this.prayers = site.community().prayers();
    this.ids = site.ids();
  }

  /**
   * The form.
   *
   * @param clientId of this one request: a form that is sent twice asks once
   */
  record View(String text, Visibility visibility, String clientId, String problem) {}

  Answer show(Visit visit) {
    return form(200, new View("", Visibility.MEMBERS, ids.id(), ""));
  }

  Answer ask(Visit visit) throws IOException {
    String author = visit.member().handle();
    String text = visit.field("text");
    Visibility visibility = Visibility.of(visit.field("visibility"));
    try {
      String prayer = prayers.ask(author, text, visibility, visit.field("client_id"));
      prayers.composePrayer(author, prayer);
      return Answer.goOn("/prayers/" + prayer, Said.ASKED);
    } catch (RefusedChange e) {
      return form(422, new View(text, visibility, visit.field("client_id"), String.valueOf(e.getMessage())));
    }
  }

  private static Answer form(int status, View view) {
    return new Answer.Page(status, "ask.jte", "Ask for prayer", view);
  }
}
