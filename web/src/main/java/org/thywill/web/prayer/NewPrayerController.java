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
 * Posting a request. The request is saved first; the prayer for it is generated afterwards, and its
 * failure does not touch the request.
 */
public final class NewPrayerController {
  private final Prayers prayers;
  private final PrayerGenerationService generation;
  private final Ids ids;

  public NewPrayerController(ServerContext server) {
    this.prayers = server.community().prayers();
    this.generation = server.generation();
    this.ids = server.ids();
  }

  /**
   * The form, with the previous input and why it was rejected.
   *
   * @param hasNoPrayer whether the author wants no generated prayer
   * @param reader the service that the request is sent to for the generation; empty for none
   * @param clientId the idempotency key: a form that is sent twice posts one request
   * @param problem empty at first
   */
  record View(
      String text,
      Visibility visibility,
      boolean hasNoPrayer,
      String reader,
      String clientId,
      String problem) {}

  public Response show(Request request) {
    return form(200, new View("", Visibility.MEMBERS, false, reader(), ids.id(), ""));
  }

  public Response ask(Request request) throws IOException {
    String author = request.member().handle();
    String text = request.formParam("text");
    Visibility visibility = Visibility.of(request.formParam("visibility"));
    boolean hasNoPrayer = request.isChecked("no_prayer");
    try {
      String prayerId = prayers.ask(author, text, visibility, request.formParam("client_id"));
      if (!hasNoPrayer) {
        generation.generate(author, prayerId);
      }
      return Response.redirect("/prayers/" + prayerId, FlashMessage.ASKED);
    } catch (InvalidInputException | ConstraintViolationException e) {
      return form(
          422,
          new View(
              text,
              visibility,
              hasNoPrayer,
              reader(),
              request.formParam("client_id"),
              String.valueOf(e.getMessage())));
    }
  }

  private String reader() {
    return generation.reader().orElse("");
  }

  private static Response form(int status, View view) {
    return new Response.Page(status, "prayer/ask.jte", "Ask for prayer", view);
  }
}
