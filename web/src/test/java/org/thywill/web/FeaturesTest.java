package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Feature;

/** Features: one that is off has no page and no link to it; one that is on works. */
class FeaturesTest {
  private static final Map<Feature, String> PAGES =
      new EnumMap<>(
          Map.of(
              Feature.MEMBERSHIP_APPLICATIONS,
              "/apply",
              Feature.PRAYER_MODE,
              "/pray",
              Feature.STATISTICS,
              "/statistics",
              Feature.GIVING,
              "/give",
              Feature.HOW_IT_WORKS,
              "/how-it-works",
              Feature.WHATS_NEW,
              "/whats-new"));

  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  FeaturesTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private void turn(Feature feature, boolean on) throws IOException {
    server.community.settings().setFeature("anna", feature.setting(), on, "");
  }

  /** The addresses that a page links to. */
  private List<String> links(String session, String path) throws IOException {
    List<String> links = new ArrayList<>();
    Jsoup.parse(server.get(session, path).body())
        .select("a[href]")
        .forEach(link -> links.add(link.attr("href")));
    return links;
  }

  @Test
  void page_isFoundAndLinkedOnlyWhileItsFeatureIsOn() throws IOException {
    String ben = server.session("ben");
    for (Map.Entry<Feature, String> each : PAGES.entrySet()) {
      String path = each.getValue();
      String session = each.getKey() == Feature.MEMBERSHIP_APPLICATIONS ? "" : ben;
      String from = session.isEmpty() ? "/" : "/feed/all";
      for (boolean on : new boolean[] {false, true}) {
        turn(each.getKey(), on);
        assertThat(server.get(session, path).statusCode()).as(path).isEqualTo(on ? 200 : 404);
        assertThat(links(session, from).contains(path)).as("a link to " + path).isEqualTo(on);
      }
    }
    turn(Feature.HOW_IT_WORKS, false);
    assertThat(links("", "/")).isNotEmpty().doesNotContain("/how-it-works");
    assertThat(links("", "/sign-in")).isNotEmpty().doesNotContain("/how-it-works");
    assertThat(links(ben, "/feed/pray-now")).isNotEmpty().doesNotContain("/how-it-works");
  }

  @Test
  void signInOfFurtherDevices_off_showsNoForm_andMakesNoLinks() throws IOException {
    String ben = server.session("ben");
    assertThat(Jsoup.parse(server.get("", "/sign-in").body()).select("form[action=/sign-in]"))
        .hasSize(1);
    assertThat(Jsoup.parse(server.get(ben, "/me").body()).select("form[action=/me/link]"))
        .hasSize(1);
    turn(Feature.MULTI_DEVICE_AUTH, false);
    Document signIn = Jsoup.parse(server.get("", "/sign-in").body());
    assertThat(signIn.select("form[action=/sign-in]")).isEmpty();
    assertThat(signIn.text())
        .contains("At present nobody can ask to be let in: that is turned off here.");
    assertThat(server.post("", "/sign-in", Map.of("name", "Ben")).statusCode()).isEqualTo(422);
    assertThat(Jsoup.parse(server.get(ben, "/me").body()).select("form[action=/me/link]"))
        .isEmpty();
    assertThat(server.post(ben, "/me/link", Map.of()).statusCode()).isEqualTo(403);
  }

  @Test
  void settings_listEveryFeature_withAButtonThatTurnsIt_whereTheServersEnvironmentDoesNot()
      throws IOException {
    String anna = server.session("anna");
    server.ledger.write(
        Change.Cause.by("system"),
        tx ->
            tx.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, Feature.GIVING.setting())
                    .set(Catalog.FeatureFlags.ENABLED, true)
                    .set(Catalog.FeatureFlags.DETAILS, "origin: environment")
                    .build()));
    server.community.settings().setFeature("anna", "EMAIL_AUTH_ENABLED", false, "");
    assertThat(
            Jsoup.parse(server.get(anna, "/settings").body())
                .select("button:contains(EMAIL_AUTH_ENABLED)"))
        .as("a button for what is not built")
        .isEmpty();
    for (Feature feature : Feature.values()) {
      for (String turn : List.of("off", "on")) {
        Elements form =
            Jsoup.parse(server.get(anna, "/settings").body())
                .select("form:has(button:contains(Turn " + turn + " " + feature.setting() + "))");
        assertThat(form).as(feature + " " + turn).hasSize(feature == Feature.GIVING ? 0 : 1);
        if (feature != Feature.GIVING) {
          Map<String, String> fields = new LinkedHashMap<>();
          form.select("input").forEach(input -> fields.put(input.attr("name"), input.val()));
          assertThat(server.postBare(anna, form.attr("action"), fields).statusCode())
              .isEqualTo(303);
          assertThat(
                  server
                      .row(Catalog.FEATURE_FLAGS, feature.setting())
                      .is(Catalog.FeatureFlags.ENABLED))
              .isEqualTo(turn.equals("on"));
        }
      }
    }
  }

  @Test
  void skip_withoutPrayerMode_isNotFound() throws IOException {
    String prayer = server.community.prayers().ask("ben", "For rain.", Visibility.MEMBERS, "");
    String clara = server.session("clara");
    turn(Feature.PRAYER_MODE, false);
    assertThat(
            server.post(clara, "/prayers/" + prayer + "/skip", Map.of("from", "pray")).statusCode())
        .isEqualTo(404);
    assertThat(server.rows(Catalog.SKIPS)).isEmpty();
  }

  @Test
  void publicPrayers_areOnTheFrontPageWhileTheFeatureIsOn_andTheFormSaysWhenItIsOff()
      throws IOException {
    String ben = server.session("ben");
    server.community.prayers().ask("ben", "For rain on the hills.", Visibility.ANONYMOUS, "");
    assertThat(server.get("", "/").body()).contains("rain on the hills");
    assertThat(server.get(ben, "/ask").body())
        .contains("it stands on the front page")
        .doesNotContain("turned off");
    turn(Feature.PUBLIC_PRAYERS, false);
    assertThat(server.get("", "/").body())
        .doesNotContain("rain on the hills", "shared with everybody");
    assertThat(server.get(ben, "/ask").body())
        .contains("At present the front page shows no prayers: that is turned off");
    assertThat(server.get(ben, "/feed/all").body()).contains("rain on the hills");
  }

  @Test
  void badges_areBesideNames_withText_onlyForMembers_andOnlyWhileTheFeatureIsOn()
      throws IOException {
    String anna = server.session("anna");
    String shared = server.community.prayers().ask("ben", "For rain.", Visibility.PUBLIC, "");
    server.community.prayers().ask("ben", "For courage.", Visibility.ANONYMOUS, "");
    assertThat(
            server
                .post(
                    anna,
                    "/members/ben/badges",
                    Map.of("advisor", "yes", "financial", "yes", "reason", "thank you"))
                .statusCode())
        .isEqualTo(303);
    List<String> withNames = List.of("/feed/all", "/prayers/" + shared, "/members", "/pray");
    String clara = server.session("clara");
    for (String path : withNames) {
      Document page = Jsoup.parse(server.get(clara, path).body());
      assertThat(page.select(".badge .unseen").eachText())
          .as(path)
          .startsWith("(Gives)", "(Advisor)");
      assertThat(page.select(".badge").eachAttr("title"))
          .as(path)
          .startsWith("Gives: helps to pay for this place", "Advisor: gives good counsel");
    }
    Document ben = Jsoup.parse(server.get(clara, "/members/ben").body());
    assertThat(ben.select(".badges li").eachText())
        .containsExactly("♥ Gives helps to pay for this place", "🌟 Advisor gives good counsel");
    assertThat(ben.text()).contains("supports the community since 4 March 2026");
    assertThat(ben.select("form[action$=badges]")).isEmpty();
    Document front = Jsoup.parse(server.get("", "/").body());
    assertThat(front.text()).contains("For rain.", "For courage.");
    assertThat(front.select(".badge, .badges")).as("what strangers see").isEmpty();
    assertThat(
            Jsoup.parse(server.get(anna, "/members/ben").body())
                .select("form[action$=badges] input[checked]")
                .eachAttr("name"))
        .containsExactly("financial", "advisor");
    turn(Feature.SUPPORTER_BADGES, false);
    for (String path :
        List.of("/feed/all", "/prayers/" + shared, "/members", "/pray", "/members/ben")) {
      assertThat(
              Jsoup.parse(server.get(anna, path).body())
                  .select(".badge, .badges, form[action$=badges]"))
          .as(path)
          .isEmpty();
    }
    assertThat(server.post(anna, "/members/ben/badges", Map.of()).statusCode()).isEqualTo(404);
    turn(Feature.SUPPORTER_BADGES, true);
    assertThat(server.post(anna, "/members/ben/badges", Map.of()).statusCode()).isEqualTo(303);
    assertThat(Jsoup.parse(server.get(clara, "/feed/all").body()).select(".badge")).isEmpty();
  }

  @Test
  void announcements_areWrittenByOperators_andGroupedByDay() throws IOException {
    String anna = server.session("anna");
    assertThat(
            server
                .post(
                    anna, "/whats-new", Map.of("kind", "new", "text", "There is a choir\nnow <b>."))
                .statusCode())
        .isEqualTo(303);
    Document page = Jsoup.parse(server.get(server.session("ben"), "/whats-new").body());
    assertThat(page.select("section:contains(4 March 2026) li").eachText())
        .containsExactly("New There is a choir now <b>.");
    assertThat(page.select("main h2").eachText()).doesNotHaveDuplicates().hasSizeGreaterThan(2);
    assertThat(page.select("main form")).as("forms for a member").isEmpty();
    Document mine = Jsoup.parse(server.get(anna, "/whats-new").body());
    assertThat(mine.select("form[action$=take-back]"))
        .as("what the program brings stays")
        .hasSize(1);
    assertThat(
            server
                .post(anna, mine.select("form[action$=take-back]").attr("action"), Map.of())
                .statusCode())
        .isEqualTo(303);
    assertThat(server.get(anna, "/whats-new").body()).doesNotContain("choir");
    turn(Feature.WHATS_NEW, false);
    assertThat(
            server
                .post(anna, "/whats-new", Map.of("kind", "new", "text", "Nobody reads it."))
                .statusCode())
        .isEqualTo(404);
    assertThat(server.rows(Catalog.CHANGELOG)).isEmpty();
  }

  /** The page of statistics, after the count. */
  private Document statistics(String path) throws IOException {
    String ben = server.session("ben");
    for (; ; ) {
      Document page = Jsoup.parse(server.get(ben, path).body());
      if (!page.select(".figures").isEmpty()) {
        return page;
      }
      assertThat(page.text()).contains("being counted for the first time");
    }
  }

  @Test
  void statistics_areFiguresAndCharts_eachWithAnAlternativeText() throws IOException {
    String prayer = server.community.prayers().ask("ben", "For rain.", Visibility.MEMBERS, "");
    server.community.prayers().markPrayed("clara", prayer, "");
    server.community.prayers().markPrayed("anna", prayer, "");
    Document page = statistics("/statistics");
    assertThat(page.select(".figures div").eachText())
        .containsExactly(
            "requests 1",
            "open now 1",
            "were prayed for 1",
            "were answered 0",
            "times prayed 2",
            "members 5");
    assertThat(page.select("svg[role=img] > title").eachText())
        .containsExactly(
            "Requests per month, April 2025 to March 2026: 1 in all, the most in March 2026: 1.",
            "New members per month, April 2025 to March 2026: 5 in all, the most in March 2026: 5.",
            "Times prayed per month, April 2025 to March 2026: 2 in all, the most in March 2026:"
                + " 2.");
    for (Element picture : page.select("svg")) {
      assertThat(picture.attr("aria-labelledby")).isEqualTo(picture.select("> title").attr("id"));
    }
    assertThat(page.select("details table"))
        .hasSize(3)
        .allSatisfy(table -> assertThat(table.select("tbody tr")).hasSize(12));
    assertThat(page.select("details table tbody tr:last-child").eachText())
        .containsExactly("March 2026 1", "March 2026 5", "March 2026 2");
    assertThat(page.select("a:contains(Earlier), a:contains(Later)")).isEmpty();
    assertThat(page.select("[style], script:not([src]), style")).isEmpty();
  }

  @Test
  void statistics_anyAddress_goBackToTheFirstPrayerAtMost() throws IOException {
    assertThat(firstTitle("/statistics?per=day"))
        .isEqualTo("Requests per day, 3 February 2026 to 4 March 2026: none.");
    assertThat(firstTitle("/statistics?per=week"))
        .isEqualTo("Requests per week, week 37 of 2025 to week 10 of 2026: none.");
    assertThat(firstTitle("/statistics?per=year&page=999999"))
        .isEqualTo("Requests per year, 2017 to 2026: none.");
    assertThat(firstTitle("/statistics?per=" + ServerFixture.encode("<b>\"'") + "&page=-3"))
        .isEqualTo("Requests per month, April 2025 to March 2026: none.");
  }

  @Test
  void statistics_linkToEarlierAndLaterPeriods() throws IOException {
    long at = Timestamps.micros(Instant.parse("2024-03-31T23:59:59Z"));
    server.ledger.write(
        Change.Cause.by("ben"),
        tx ->
            tx.add(
                Row.in(Catalog.PRAYERS)
                    .set(Catalog.Prayers.ID, "old")
                    .set(Catalog.Prayers.AUTHOR, "ben")
                    .set(Catalog.Prayers.CREATED_AT, at)
                    .set(Catalog.Prayers.TEXT, "For rain.")
                    .set(Catalog.Prayers.MODERATION, "open")
                    .set(Catalog.Prayers.VISIBILITY, "members")
                    .build()));
    Document page = statistics("/statistics");
    page = statistics(page.select("a:contains(Earlier)").attr("href"));
    assertThat(page.select("svg > title").eachText())
        .first()
        .isEqualTo("Requests per month, April 2024 to March 2025: none.");
    page = statistics(page.select("a:contains(Earlier)").attr("href"));
    assertThat(page.select("svg > title").eachText())
        .first()
        .isEqualTo(
            "Requests per month, April 2023 to March 2024: 1 in all, the most in March 2024: 1.");
    assertThat(page.select("a:contains(Earlier)")).isEmpty();
    assertThat(page.select("a:contains(Later)").attr("href"))
        .isEqualTo("/statistics?per=month&page=2");
  }

  private String firstTitle(String path) throws IOException {
    return statistics(path).select("svg > title").eachText().getFirst();
  }
}
