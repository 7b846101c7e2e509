package org.thywill.web.site;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.thywill.community.settings.Feature;
import org.thywill.community.settings.Settings;
import org.thywill.view.ViewReader;
import org.thywill.web.http.HttpProblem;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/**
 * Giving to the community, where its settings say how. The links lead elsewhere; nothing of it is
 * kept here.
 */
public final class DonationController {
  private static final String PAYPAL = "PAYPAL_USERNAME";
  private static final String VENMO = "VENMO_HANDLE";
  private static final String NAME = "@?[A-Za-z0-9._-]{1,60}";

  private DonationController() {}

  /** Where to give; a name that is none leads nowhere. */
  record View(Optional<String> paypal, Optional<String> venmo) {}

  public static Response show(Request visit) throws IOException {
    if (!isPossible(visit.view(), Feature.thatAreOn(visit.view()))) {
      throw HttpProblem.notFound();
    }
    return Response.page(
        "site/give.jte", "Give", new View(name(visit.view(), PAYPAL), name(visit.view(), VENMO)));
  }

  /** Whether it is turned on, and the settings say how. */
  public static boolean isPossible(ViewReader view, Set<Feature> on) throws IOException {
    return on.contains(Feature.GIVING)
        && (name(view, PAYPAL).isPresent() || name(view, VENMO).isPresent());
  }

  private static Optional<String> name(ViewReader view, String setting) throws IOException {
    return Settings.value(view, setting)
        .map(String::strip)
        .filter(name -> name.matches(NAME))
        .map(name -> name.startsWith("@") ? name.substring(1) : name);
  }
}
