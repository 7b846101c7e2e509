package org.thywill.web.site;

import java.io.IOException;
import org.thywill.community.settings.Donations;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.HttpProblem;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** Links to sites that take donations for the community. The program keeps nothing about them. */
public final class DonationController {
  private DonationController() {}

  /**
   * The page of donations.
   *
   * @throws HttpProblem 404 if the feature is off, or the settings name no recipient
   */
  public static Response show(Request request) throws IOException {
    if (!Donations.isPossible(request.view(), Feature.thatAreOn(request.view()))) {
      throw HttpProblem.notFound();
    }
    return Response.page("site/give.jte", "Give", Donations.of(request.view()));
  }
}
