package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.thywill.community.prayer.Board;
import org.thywill.community.prayer.Card;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Viewer;
import org.thywill.web.http.Visit;

/** What everybody may see. */
public final class HomePages {
  private HomePages() {}

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
    static Open of(Card card) {
      return new Open(
          card.prayer().orElse(card.text()),
          card.visibility() == Visibility.PUBLIC
              ? Optional.of(card.authorName())
              : Optional.empty(),
          card.testimony(),
          card.isAnswered(),
          card.people(),
          card.createdAt());
    }
  }

  /** The front page with what members want everybody to see. */
  record HomeView(List<Open> prayers, boolean isFirst, String next, Instant now) {}

  public static Answer home(Visit visit) throws IOException {
    return switch (visit.viewer()) {
      case Viewer.Stranger stranger -> welcome(visit);
      case Viewer.AtTheDoor waiting -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.NobodyAtTheDoor nobody -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.Member member -> Answer.goOn("/feed/pray-now", Said.of(visit.query("said")));
    };
  }

  private static Answer welcome(Visit visit) throws IOException {
    Board.Page open =
        Feature.PUBLIC_PRAYERS.isOn(visit.view())
            ? new Board(visit.view(), "").everybodys(visit.query("after"))
            : new Board.Page(List.of(), Optional.empty());
    return Answer.page(
        "site/home.jte",
        "We pray for each other",
        new HomeView(
            open.cards().stream().map(Open::of).toList(),
            visit.query("after").isEmpty(),
            open.next().map(next -> Answer.address("/", "after", next)).orElse(""),
            visit.now()));
  }

  public static Answer howItWorks(Visit visit) throws IOException {
    visit.require(Feature.HOW_IT_WORKS);
    return Answer.page("site/how.jte", "How it works", new Plain());
  }
}
