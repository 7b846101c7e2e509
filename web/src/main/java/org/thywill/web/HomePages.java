package org.thywill.web;

/** What everybody may see. */
final class HomePages {
  private HomePages() {}

  /** A page that shows nothing but its own words. */
  record Plain() {}

  static Answer home(Visit visit) {
    return switch (visit.viewer()) {
      case Viewer.Stranger stranger -> Answer.page("home.jte", "ThyWill", new Plain());
      case Viewer.AtTheDoor waiting -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.Member member -> Answer.goOn("/feed/pray-now", Said.of(visit.query("said")));
    };
  }

  static Answer howItWorks(Visit visit) {
    return Answer.page("how.jte", "How it works", new Plain());
  }
}
