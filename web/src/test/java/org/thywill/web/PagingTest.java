package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Lists that are longer than a page: links lead through all of their pages. */
class PagingTest {
  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  PagingTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  /** Adds prayers whose ids need escaping, as imported ids can. */
  private void ask(int count) throws IOException {
    server.ledger.write(
        Change.Cause.by("ben"),
        tx -> {
          for (int i = 0; i < count; i++) {
            tx.add(
                Row.in(Catalog.PRAYERS)
                    .set(Catalog.Prayers.ID, "a & b=" + i + "?#\"é")
                    .set(Catalog.Prayers.AUTHOR, "ben")
                    .set(Catalog.Prayers.CREATED_AT, tx.atMicros() + i)
                    .set(Catalog.Prayers.TEXT, "Prayer number " + i + ".")
                    .set(Catalog.Prayers.MODERATION, "open")
                    .set(Catalog.Prayers.VISIBILITY, "public")
                    .build());
          }
        });
  }

  /** The texts of all pages, following the links from each to the next. */
  private List<String> follow(String session, String path, String what) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String next = path; !next.isEmpty(); ) {
      Document page = Jsoup.parse(server.get(session, next).body());
      page.select(what).forEach(element -> texts.add(element.text()));
      Elements more = page.select("a:contains(More)");
      next = more.isEmpty() ? "" : more.attr("href");
    }
    return texts;
  }

  @Test
  void feeds_leadThroughAllPrayers_forMembersAndForEverybody() throws IOException {
    ask(35);
    List<String> all = new ArrayList<>();
    for (int i = 34; i >= 0; i--) {
      all.add("Prayer number " + i + ".");
    }
    assertThat(follow(server.session("clara"), "/feed/all", ".card > .words")).isEqualTo(all);
    assertThat(follow(server.session("ben"), "/feed/mine", ".card > .words")).isEqualTo(all);
    assertThat(follow(server.session("clara"), "/feed/pray-now", ".card > .words")).isEqualTo(all);
    assertThat(follow("", "/", ".card > .prayer")).isEqualTo(all);
  }

  @Test
  void prayed_onAFurtherPage_returnsToThatPage() throws IOException {
    ask(15);
    String session = server.session("clara");
    String second =
        Jsoup.parse(server.get(session, "/feed/all").body())
            .select("a:contains(More)")
            .attr("href");
    Element from =
        Jsoup.parse(server.get(session, second).body()).select("input[name=from]").first();
    assertThat(from).isNotNull();
    HttpResponse<String> prayed =
        server.post(
            session,
            "/prayers/" + ServerFixture.encode("a & b=3?#\"é").replace("+", "%20") + "/prayed",
            Map.of("from", from.val(), "client_id", "1"));
    assertThat(prayed.statusCode()).isEqualTo(303);
    assertThat(prayed.headers().firstValue("Location").orElse(""))
        .isEqualTo(second + "&said=prayed");
  }

  @Test
  void members_areATree_andIfTheyAreMany_aListByTimeOfJoining_searchableByName()
      throws IOException {
    String session = server.session("ben");
    assertThat(Jsoup.parse(server.get(session, "/members").body()).select(".tree li").eachText())
        .first()
        .asString()
        .startsWith("Anna");
    server.ledger.write(
        Change.Cause.by("anna"),
        tx -> {
          for (int i = 0; i < 1_000; i++) {
            tx.add(
                Row.in(Catalog.MEMBERS)
                    .set(Catalog.Members.HANDLE, "neighbour_" + i)
                    .set(Catalog.Members.DISPLAY_NAME, "Neighbour " + i)
                    .set(Catalog.Members.INVITED_BY, "clara")
                    .set(Catalog.Members.CREATED_AT, tx.atMicros())
                    .set(Catalog.Members.WELCOME_DISMISSED, true)
                    .set(Catalog.Members.IS_SUPPORTER, false)
                    .build());
          }
        });
    List<String> names = follow(session, "/members", ".tree a");
    assertThat(names)
        .startsWith("Neighbour 999", "Neighbour 998")
        .endsWith("Anna")
        .hasSize(1_005)
        .doesNotHaveDuplicates();
    assertThat(follow(session, "/members?find=neighBOUR+77", ".tree a"))
        .containsExactly(
            "Neighbour 77",
            "Neighbour 770",
            "Neighbour 771",
            "Neighbour 772",
            "Neighbour 773",
            "Neighbour 774",
            "Neighbour 775",
            "Neighbour 776",
            "Neighbour 777",
            "Neighbour 778",
            "Neighbour 779");
    assertThat(server.get(session, "/members?find=zz").body())
        .contains("Nobody has a name that begins so.");
    assertThat(Jsoup.parse(server.get(session, "/members/clara").body()).text())
        .contains("1,000 members; the last 100 of them: Neighbour 999");
  }
}
