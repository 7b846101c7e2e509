package org.thywill.web;

import java.io.IOException;
import java.util.Optional;
import org.thywill.community.Settings;
import org.thywill.database.ViewReader;

/** Giving to the community, where its settings say how. The links lead elsewhere; nothing of it is kept here. */
final class Giving {
  private static final String NAME = "@?[A-Za-z0-9._-]{1,60}";

  private Giving() {}

  /** Where to give; a name that is none leads nowhere. */
  record View(Optional<String> paypal, Optional<String> venmo) {}

  static Answer show(Visit visit) throws IOException {
    View view = new View(name(visit.view(), "PAYPAL_USERNAME"), name(visit.view(), "VENMO_HANDLE"));
    if (!isPossible(visit.view())) {
      throw Problem.notFound();
    }
    return Answer.page("give.jte", "Give", view);
  }

  /** Whether the settings say how. */
  static boolean isPossible(ViewReader view) throws IOException {
    return name(view, "PAYPAL_USERNAME").isPresent() || name(view, "VENMO_HANDLE").isPresent();
  }

  private static Optional<String> name(ViewReader view, String setting) throws IOException {
    return Settings.value(view, setting).map(String::strip).filter(name -> name.matches(NAME)).map(name -> name.startsWith("@") ? name.substring(1) : name);
  }
}
