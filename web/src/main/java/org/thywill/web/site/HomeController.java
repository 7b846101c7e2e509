package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** What everybody may see. */
public final class HomeController {
  private HomeController() {}

  /** A page that shows nothing but its own words. */
  record Plain() {}

  /**
   * A prayer as everybody may see it: without any name but that of an author who wants it so.
   *
   * @param author empty for one who does not
   */
  record Open(
      String words,
      Optional<String> author,
      Optional<String> testimony,
      boolean isAnswered,
      int people,
      Instant at) {
    static Open of(PrayerView card) {
      return new Open(
          Objects.requireNonNullElse(card.generatedPrayer(), card.request()),
          card.state().visibility() == Visibility.PUBLIC
              ? Optional.of(card.author().name())
              : Optional.empty(),
          Optional.ofNullable(card.state().testimony()),
          card.state().isAnswered(),
          card.counts().people(),
          card.createdAt());
    }
  }

  /** The front page with what members want everybody to see. */
  record HomeView(List<Open> prayers, boolean isFirst, String next, Instant now) {}

  public static Response home(Request visit) throws IOException {
    return switch (visit.viewer()) {
      case Principal.Stranger stranger -> welcome(visit);
      case Principal.AtTheDoor waiting ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.NobodyAtTheDoor nobody ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.Member member ->
          Response.redirect("/feed/pray-now", FlashMessage.of(visit.queryParam("said")));
    };
  }

  private static Response welcome(Request visit) throws IOException {
    PrayerFeeds.Page open =
        Feature.PUBLIC_PRAYERS.isOn(visit.view())
            ? new PrayerFeeds(visit.view(), "").publicFeed(visit.queryParam("after"))
            : PrayerFeeds.Page.EMPTY;
    return Response.page(
        "site/home.jte",
        "We pray for each other",
        new HomeView(
            open.prayers().stream().map(Open::of).toList(),
            visit.queryParam("after").isEmpty(),
            Optional.ofNullable(open.next())
                .map(next -> Response.address("/", "after", next))
                .orElse(""),
            visit.now()));
  }

  public static Response howItWorks(Request visit) throws IOException {
    visit.requireFeature(Feature.HOW_IT_WORKS);
    return Response.page("site/how.jte", "How it works", new Plain());
  }
}
