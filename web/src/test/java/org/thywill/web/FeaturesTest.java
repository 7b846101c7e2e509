package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.Feature;
import org.thywill.community.Visibility;

/** What is turned off is not there, for whoever looks: its page is not found, and nothing leads to it. And what it is where it is on. */
class FeaturesTest {
  private static final Map<Feature, String> PAGES = new EnumMap<>(Map.of(Feature.MEMBERSHIP_APPLICATIONS, "/apply", Feature.PRAYER_MODE, "/pray", Feature.STATISTICS, "/statistics", Feature.GIVING, "/give",
      Feature.HOW_IT_WORKS, "/how-it-works"));

  @TempDir Path folder;
  private Town town;

  @SuppressWarnings("NullAway.Init")
  FeaturesTest() {}

  @BeforeEach
  void found() throws IOException {
    town = new Town(folder);
  }

  @AfterEach
  void leave() throws IOException {
    town.close();
  }

  private void turn(Feature feature, boolean on) throws IOException {
    town.community.settings().setFeature("anna", feature.setting(), on, "");
  }

  /** Where a page leads to. */
  private List<String> links(String session, String path) throws IOException {
    List<String> links = new ArrayList<>();
    Jsoup.parse(town.get(session, path).body()).select("a[href]").forEach(link -> links.add(link.attr("href")));
    return links;
  }

  @Test
  void pageOfAFeature_isFoundAndLinkedWhileItIsOn_andNotWhileItIsOff() throws IOException {
    String ben = town.session("ben");
    for (Map.Entry<Feature, String> each : PAGES.entrySet()) {
      String path = each.getValue();
      String session = each.getKey() == Feature.MEMBERSHIP_APPLICATIONS ? "" : ben;
      String from = session.isEmpty() ? "/" : "/feed/all";
      for (boolean on : new boolean[] {false, true}) {
        turn(each.getKey(), on);
        assertThat(town.get(session, path).statusCode()).as(path).isEqualTo(on ? 200 : 404);
        assertThat(links(session, from).contains(path)).as("a link to " + path).isEqualTo(on);
      }
    }
    turn(Feature.HOW_IT_WORKS, false);
    assertThat(links("", "/")).isNotEmpty().doesNotContain("/how-it-works");
    assertThat(links("", "/sign-in")).isNotEmpty().doesNotContain("/how-it-works");
    assertThat(links(ben, "/feed/pray-now")).isNotEmpty().doesNotContain("/how-it-works");
  }

  @Test
  void sharedPrayers_areOnTheFrontPageWhileThatIsOn_andWhoAsksIsToldWhereItIsOff() throws IOException {
    String ben = town.session("ben");
    town.community.prayers().ask("ben", "For rain on the hills.", Visibility.ANONYMOUS, "");
    assertThat(town.get("", "/").body()).contains("rain on the hills");
    assertThat(town.get(ben, "/ask").body()).contains("it stands on the front page").doesNotContain("turned off");
    turn(Feature.PUBLIC_PRAYERS, false);
    assertThat(town.get("", "/").body()).doesNotContain("rain on the hills", "shared with everybody");
    assertThat(town.get(ben, "/ask").body()).contains("At present the front page shows no prayers: that is turned off");
    assertThat(town.get(ben, "/feed/all").body()).contains("rain on the hills");
  }

  /** The page when its figures are counted. */
  private Document statistics(String path) throws IOException {
    String ben = town.session("ben");
    for (;;) {
      Document page = Jsoup.parse(town.get(ben, path).body());
      if (!page.select(".figures").isEmpty()) {
        return page;
      }
      assertThat(page.text()).contains("being counted for the first time");
    }
  }

  @Test
  void statistics_areFiguresAndPictures_eachWithATextForWhoDoesNotSeeThem() throws IOException {
    String prayer = town.community.prayers().ask("ben", "For rain.", Visibility.MEMBERS, "");
    town.community.prayers().markPrayed("clara", prayer, "");
    town.community.prayers().markPrayed("anna", prayer, "");
    Document page = statistics("/statistics");
    assertThat(page.select(".figures div").eachText()).containsExactly("requests 1", "open now 1", "were prayed for 1", "were answered 0", "times prayed 2", "members 5");
    assertThat(page.select("svg[role=img] > title").eachText()).containsExactly("Requests per month, April 2025 to March 2026: 1 in all, the most in March 2026: 1.",
        "New members per month, April 2025 to March 2026: 5 in all, the most in March 2026: 5.", "Times prayed per month, April 2025 to March 2026: 2 in all, the most in March 2026: 2.");
    for (Element picture : page.select("svg")) {
      assertThat(picture.attr("aria-labelledby")).isEqualTo(picture.select("> title").attr("id"));
    }
    assertThat(page.select("details table")).hasSize(3).allSatisfy(table -> assertThat(table.select("tbody tr")).hasSize(12));
    assertThat(page.select("details table tbody tr:last-child").eachText()).containsExactly("March 2026 1", "March 2026 5", "March 2026 2");
    assertThat(page.select("a:contains(Earlier), a:contains(Later)")).isEmpty();
    assertThat(page.select("[style], script:not([src]), style")).isEmpty();
  }

  @Test
  void statistics_goBackAsFarAsThereIsSomething_whateverTheAddressAsksFor() throws IOException {
    assertThat(firstTitle("/statistics?per=day")).isEqualTo("Requests per day, 3 February 2026 to 4 March 2026: none.");
    assertThat(firstTitle("/statistics?per=week")).isEqualTo("Requests per week, week 37 of 2025 to week 10 of 2026: none.");
    assertThat(firstTitle("/statistics?per=year&page=999999")).isEqualTo("Requests per year, 2017 to 2026: none.");
    assertThat(firstTitle("/statistics?per=" + Town.encode("<b>\"'") + "&page=-3")).isEqualTo("Requests per month, April 2025 to March 2026: none.");
  }

  @Test
  void statistics_leadBackInTimeAndForthAgain() throws IOException {
    long at = Timestamps.micros(Instant.parse("2024-03-31T23:59:59Z"));
    town.ledger.write(Change.Cause.by("ben"), tx -> tx.add(Row.in(Catalog.PRAYERS).set("id", "old").set("author", "ben").set("created_at", at).set("text", "For rain.").set("moderation", "open")
        .set("visibility", "members").build()));
    Document page = statistics("/statistics");
    page = statistics(page.select("a:contains(Earlier)").attr("href"));
    assertThat(page.select("svg > title").eachText()).first().isEqualTo("Requests per month, April 2024 to March 2025: none.");
    page = statistics(page.select("a:contains(Earlier)").attr("href"));
    assertThat(page.select("svg > title").eachText()).first().isEqualTo("Requests per month, April 2023 to March 2024: 1 in all, the most in March 2024: 1.");
    assertThat(page.select("a:contains(Earlier)")).isEmpty();
    assertThat(page.select("a:contains(Later)").attr("href")).isEqualTo("/statistics?per=month&page=2");
  }

  private String firstTitle(String path) throws IOException {
    return statistics(path).select("svg > title").eachText().getFirst();
  }
}
