package org.thywill.web.prayer;

import java.io.IOException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Asking for prayer. The request is posted first; the prayer that others may pray is written after
 * it, and never in its way.
 */
public final class NewPrayerController {
  private final Prayers prayers;
  private final PrayerGenerationService scribe;
  private final Ids ids;

  public NewPrayerController(ServerContext site) {
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

  public Response show(Request visit) {
    return form(200, new View("", Visibility.MEMBERS, false, reader(), ids.id(), ""));
  }

  public Response ask(Request visit) throws IOException {
    String author = visit.member().handle();
    String text = visit.formParam("text");
    Visibility visibility = Visibility.of(visit.formParam("visibility"));
    boolean hasNoPrayer = visit.isChecked("no_prayer");
    try {
      String prayer = prayers.ask(author, text, visibility, visit.formParam("client_id"));
      if (!hasNoPrayer) {
        scribe.generate(author, prayer);
      }
      return Response.redirect("/prayers/" + prayer, FlashMessage.ASKED);
    } catch (InvalidInputException | ConstraintViolationException e) {
      return form(
          422,
          new View(
              text,
              visibility,
              hasNoPrayer,
              reader(),
              visit.formParam("client_id"),
              String.valueOf(e.getMessage())));
    }
  }

  private String reader() {
    return scribe.reader().orElse("");
  }

  private static Response form(int status, View view) {
    return new Response.Page(status, "prayer/ask.jte", "Ask for prayer", view);
  }
}
