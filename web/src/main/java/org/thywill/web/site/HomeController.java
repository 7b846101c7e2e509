package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.prayer.PrayerView;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;

/** The pages that visitors see. */
public final class HomeController {
  private HomeController() {}

  /** A page without data. */
  record Plain() {}

  /**
   * A prayer as visitors see it.
   *
   * @param text the generated prayer, or the request where there is none
   * @param author the display name; null for an author who wants to stay anonymous
   * @param testimony null where there is none
   */
  record PublicPrayer(
      String text,
      @Nullable String author,
      @Nullable String testimony,
      boolean isAnswered,
      int prayingCount,
      Instant createdAt) {
    static PublicPrayer of(PrayerView prayer) {
      return new PublicPrayer(
          Objects.requireNonNullElse(prayer.generatedPrayer(), prayer.request()),
          prayer.state().visibility() == Visibility.PUBLIC ? prayer.author().name() : null,
          prayer.state().testimony(),
          prayer.state().isAnswered(),
          prayer.counts().people(),
          prayer.createdAt());
    }
  }

  /**
   * The front page.
   *
   * @param prayers those that their authors share with everybody
   * @param isFirst whether this is the first page of them
   * @param next the address of the next page; empty on the last one
   */
  record HomeView(List<PublicPrayer> prayers, boolean isFirst, String next, Instant now) {}

  /** The front page for visitors; members and claimants go on to a page of theirs. */
  public static Response home(Request request) throws IOException {
    return switch (request.principal()) {
      case Principal.Visitor _ -> welcome(request);
      case Principal.Claimant _, Principal.DecoyClaimant _ ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.Member _ ->
          Response.redirect("/feed/pray-now", FlashMessage.of(request.queryParam("said")));
    };
  }

  private static Response welcome(Request request) throws IOException {
    PrayerFeeds.Page page =
        Feature.PUBLIC_PRAYERS.isOn(request.view())
            ? new PrayerFeeds(request.view(), "").publicFeed(request.queryParam("after"))
            : PrayerFeeds.Page.EMPTY;
    return Response.page(
        "site/home.jte",
        "We pray for each other",
        new HomeView(
            page.prayers().stream().map(PublicPrayer::of).toList(),
            request.queryParam("after").isEmpty(),
            Response.nextAddress("/", "after", page.next()),
            request.now()));
  }

  public static Response howItWorks(Request request) throws IOException {
    request.requireFeature(Feature.HOW_IT_WORKS);
    return Response.page("site/how.jte", "How it works", new Plain());
  }
}
