package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Ids;
import org.thywill.community.access.VisibleText;
import org.thywill.community.prayer.Visibility;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.simulation.HostileText;
import org.thywill.view.ViewReader;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.ServerOptions;

/** Pages, errors and headers, and hostile text that is shown as text. */
class PagesTest {
  /** Controls, formats, blanks, marks without a letter, and the fillers that are not drawn. */
  private static final Pattern NOTHING_TO_SEE =
      Pattern.compile(
          "[\\p{C}\\p{Z}\\p{M}\\u2800\\u115f\\u1160\\u3164\\uffa0\\x{1d159}\\s]*", Pattern.DOTALL);

  private static final String ATTACK =
      "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>&amp;${7*7}";
  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  PagesTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  @Test
  void hostileText_isKeptAsItArrivedAndShownAsText() throws IOException {
    String session = server.session("ben");
    int shown = 0;
    int refused = 0;
    for (String text : HostileText.CORPUS) {
      HttpResponse<String> asked =
          server.post(session, "/ask", Map.of("text", text, "visibility", "members"));
      if (!VisibleText.isIn(text)) {
        assertThat(asked.statusCode()).isEqualTo(422);
        assertThat(text).matches(NOTHING_TO_SEE);
        refused++;
        continue;
      }
      assertThat(asked.statusCode()).as(text).isEqualTo(303);
      String path = asked.headers().firstValue("Location").orElseThrow().replaceAll("\\?.*", "");
      assertThat(
              server
                  .row(Catalog.PRAYERS, path.substring("/prayers/".length()))
                  .get(Catalog.Prayers.TEXT))
          .contains(text);
      Document page = Jsoup.parse(server.get(session, path).body());
      Element words = Objects.requireNonNull(page.selectFirst(".request .words"));
      // This parser takes U+FFFF for the end of the page; the page contains it.
      assertThat(asHtmlReadsIt(words.wholeText()))
          .isEqualTo(asHtmlReadsIt(text).replace("\uFFFF", ""));
      assertNothingIsInterpreted(page);
      shown++;
    }
    assertThat(shown + refused).as("texts").isEqualTo(HostileText.CORPUS.size());
    assertThat(refused).as("texts with nothing to see").isPositive();
    assertThat(shown).as("texts with something to see").isGreaterThan(5 * refused);
  }

  @Test
  void settings_ofTheMachine_standApart_andCannotBeChanged() throws IOException {
    new SettingsArchiver(server.ledger, Ids.parameters())
        .keep(
            new Configuration(
                Map.of("ARCHIVE_LOCATIONS", "/mnt/copy", "OPENAI_API_KEY", "hunter2"), Map.of()));
    Document page = Jsoup.parse(server.get(server.session("anna"), "/settings").body());
    Element machine =
        page.select("section").stream()
            .filter(section -> section.text().startsWith("Of this machine"))
            .findFirst()
            .orElseThrow();
    assertThat(machine.text())
        .contains("Only the operator can set these")
        .contains("ARCHIVE_LOCATIONS = /mnt/copy", "DATABASE_URL =", "OPENAI_API_KEY =")
        .doesNotContain("SESSION_DAYS");
    assertThat(machine.select("button")).isEmpty();
    machine.remove();
    assertThat(page.text())
        .contains("SESSION_DAYS = 90")
        .doesNotContain("ARCHIVE_LOCATIONS", "DATABASE_URL", "OPENAI_API_KEY");
  }

  @Test
  void invite_outOfBounds_bringsThePageBackWithTheReason_andWhatWasTyped() throws IOException {
    String session = server.session("ben");
    long before = server.seq();
    Map<List<String>, String> refused =
        Map.of(
            List.of("", "1"), "for how many days",
            List.of("3", ""), "for how many people",
            List.of("3", "9223372036854775807"), "for how many people",
            List.of("-3", "1"), "for how many days",
            List.of("3", "9999"), "for 20 at most",
            List.of("32", "1"), "31 days at most");
    for (Map.Entry<List<String>, String> each : refused.entrySet()) {
      HttpResponse<String> answer =
          server.post(
              session,
              "/invites",
              Map.of("days", each.getKey().get(0), "uses", each.getKey().get(1)));
      assertThat(answer.statusCode()).as(each.toString()).isEqualTo(422);
      Document page = Jsoup.parse(answer.body());
      assertThat(page.select("[role=alert]").text()).contains(each.getValue());
      assertThat(page.select("#days").val()).isEqualTo(each.getKey().get(0));
      assertThat(page.select("#uses").val()).isEqualTo(each.getKey().get(1));
    }
    assertThat(server.seq()).isEqualTo(before);
    assertThat(server.get(session, "/invites").body())
        .contains("10 open invites, for 20 people together, each for 31 days at most");
  }

  /** The only changes that HTML makes to a text: line breaks, and NUL. */
  private static String asHtmlReadsIt(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').replace("\0", "");
  }

  @Test
  void everyField_takesAnAttackAsText() throws IOException {
    String ben = server.session("ben");
    String anna = server.session("anna");
    String prayer = server.community.prayers().ask("ben", ATTACK, Visibility.MEMBERS, "");
    ok(server.post(ben, "/prayers/" + prayer + "/edit", Map.of("text", ATTACK + " again")));
    ok(server.post(ben, "/prayers/" + prayer + "/words", Map.of("words", ATTACK)));
    ok(server.post(ben, "/prayers/" + prayer + "/praise", Map.of("testimony", ATTACK)));
    ok(
        server.post(
            server.session("clara"), "/prayers/" + prayer + "/report", Map.of("reason", ATTACK)));
    ok(server.post(anna, "/members/clara/grant", Map.of("role", "moderator", "reason", ATTACK)));
    ok(server.post(anna, "/settings", Map.of("name", "PAYPAL_USERNAME", "value", ATTACK)));
    ok(server.post(anna, "/settings/feature", Map.of("name", "A_FEATURE", "details", ATTACK)));
    server.post("", "/sign-in", Map.of("name", ATTACK));
    HttpResponse<String> refused = server.post("", "/join/nothing", Map.of("name", ATTACK));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertNothingIsInterpreted(Jsoup.parse(refused.body()));
    List<String> showIt = new ArrayList<>();
    for (String path :
        List.of(
            "/prayers/" + prayer,
            "/feed/all",
            "/feed/praise",
            "/moderation",
            "/settings",
            "/audit",
            "/members/clara",
            "/pray")) {
      HttpResponse<String> answer = server.get(anna, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      Document page = Jsoup.parse(answer.body());
      assertNothingIsInterpreted(page);
      if (page.text().contains("<script>alert('x')</script>")) {
        showIt.add(path);
      }
    }
    assertThat(showIt)
        .containsExactly(
            "/prayers/" + prayer, "/feed/all", "/feed/praise", "/moderation", "/settings");
  }

  private static void ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
  }

  private static void assertNothingIsInterpreted(Document page) {
    assertThat(page.select("script"))
        .hasSize(1)
        .allSatisfy(script -> assertThat(script.data()).isEmpty());
    assertThat(page.select("img, b, [onerror], [onclick], [style], style")).isEmpty();
  }

  @Test
  void everyResponse_hasTheSecurityHeaders() throws IOException {
    for (String path : List.of("/", "/sign-in", "/nowhere", "/feed/all")) {
      HttpResponse<String> answer = server.get("", path);
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .as(path)
          .contains(RequestDispatcher.CONTENT_POLICY);
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("same-origin");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }
    assertThat(RequestDispatcher.CONTENT_POLICY)
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void cookie_isSecureWhereMembersUseHttps() throws IOException {
    String plain =
        server
            .get("", "/sign-in", "Cookie", "nothing=1")
            .headers()
            .firstValue("Set-Cookie")
            .orElse("");
    assertThat(plain).isEmpty(); // the browser has the visitor's cookie already
    HttpResponse<String> asked = server.post("", "/sign-in", Map.of("name", "Ben"));
    String cookie = asked.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .contains("thywill=", "HttpOnly", "SameSite=Lax", "Max-Age=")
        .doesNotContain("Secure");
    assertThat(asked.headers().firstValue("Strict-Transport-Security")).isEmpty();
    try (ServerFixture https =
        new ServerFixture(
            Files.createDirectory(folder.resolve("https")),
            new ServerOptions("127.0.0.1", 0, "https://pray.example.org", 1, null))) {
      HttpResponse<String> secure = https.post("", "/sign-in", Map.of("name", "Ben"));
      assertThat(secure.headers().firstValue("Set-Cookie").orElseThrow()).contains("; Secure");
      assertThat(secure.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void errors_areProblemJsonForPrograms_andPagesForPeople() throws IOException {
    HttpResponse<String> json = server.get("", "/feed/all", "Accept", "application/json");
    assertThat(json.statusCode()).isEqualTo(401);
    assertThat(json.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json.body())
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Please sign"
                + " in\",\"status\":401,\"detail\":\"This page is for members. Sign in, or ask a"
                + " member for an invite.\"}");
    HttpResponse<String> page = server.get("", "/nowhere");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(Jsoup.parse(page.body()).select("h1").text()).isEqualTo("Nothing here");
  }

  @Test
  void tooMuchText_isRefusedInASentence() throws IOException {
    String session = server.session("ben");
    HttpResponse<String> field = server.post(session, "/ask", Map.of("text", "a".repeat(6_000)));
    assertThat(field.statusCode()).isEqualTo(422);
    assertThat(field.body()).contains("6000 characters", "a".repeat(6_000));
    assertThat(server.post(session, "/ask", Map.of("text", "a".repeat(300_000))).statusCode())
        .isEqualTo(413);
  }

  @Test
  void messages_cannotBeInventedByALink() throws IOException {
    String session = server.session("ben");
    assertThat(server.get(session, "/feed/all?said=prayed").body())
        .contains("Thank you for praying.");
    assertThat(server.get(session, "/feed/all?said=Send+me+money").body()).doesNotContain("money");
  }

  @Test
  void hiddenPrayer_isSeenOnlyByItsAuthorAndModerators() throws IOException {
    String prayer =
        server.community.prayers().ask("ben", "Something unkind.", Visibility.MEMBERS, "");
    ok(
        server.post(
            server.session("mora"),
            "/prayers/" + prayer + "/hide",
            Map.of("reason", "names somebody")));
    assertThat(server.get(server.session("clara"), "/prayers/" + prayer).statusCode())
        .isEqualTo(404);
    assertThat(server.get(server.session("clara"), "/feed/all").body())
        .doesNotContain("Something unkind");
    assertThat(server.get(server.session("ben"), "/prayers/" + prayer).body())
        .contains("Something unkind", "names somebody");
    ok(
        server.post(
            server.session("mora"), "/prayers/" + prayer + "/show", Map.of("reason", "was fine")));
    assertThat(server.get(server.session("clara"), "/feed/all").body())
        .contains("Something unkind");
  }

  @Test
  void signIn_twoMembersTypeItsCode_isApproved() throws IOException {
    String phone = server.session("ben");
    HttpResponse<String> asked = server.post("", "/sign-in", Map.of("name", "Ben"));
    String session = sessionOf(asked);
    Document waiting = Jsoup.parse(server.get(session, "/sign-in/waiting").body());
    String code = waiting.select(".code").text();
    assertThat(code).matches("\\d{6}");
    assertThat(waiting.text()).contains("0 of 2 have vouched");
    String request = request("ben");
    assertThat(
            server
                .post(
                    server.session("clara"),
                    "/sign-ins/" + request + "/vouch",
                    Map.of("code", "12345x"))
                .statusCode())
        .isEqualTo(403);
    ok(
        server.post(
            server.session("clara"), "/sign-ins/" + request + "/vouch", Map.of("code", code)));
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(403);
    assertThat(
            server
                .post(
                    server.session("mora"), "/sign-ins/" + request + "/vouch", Map.of("code", code))
                .headers()
                .firstValue("Location"))
        .contains("/sign-ins?said=approved");
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(403);
    HttpResponse<String> letIn = server.get(session, "/sign-in/waiting");
    assertThat(letIn.headers().firstValue("Location")).contains("/?said=signed_in");
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(401);
    String entered = sessionOf(letIn);
    assertThat(server.get(entered, "/feed/all").statusCode()).isEqualTo(200);
    assertThat(server.get(entered, "/sign-ins").body()).doesNotContain("Was it you?");
    Document notices = Jsoup.parse(server.get(phone, "/sign-ins").body());
    assertThat(notices.text()).contains("A device was signed in as you").contains("Was it you?");
  }

  private static String sessionOf(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow()
        .replaceAll("^thywill=([^;]+);.*$", "$1");
  }

  private String request(String member) throws IOException {
    try (ViewReader view = server.ledger.read()) {
      return view.findBy(Catalog.AuthRequests.MEMBER, member).stream()
          .map(Row::key)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void signIn_unknownName_looksLikeThatOfAMember() throws IOException {
    List<String> seen = new ArrayList<>();
    for (String name : List.of("Ben", "Nobody At All", "Dan")) {
      HttpResponse<String> asked = server.post("", "/sign-in", Map.of("name", name));
      String cookie = asked.headers().firstValue("Set-Cookie").orElseThrow();
      String session = session(cookie);
      String page = server.get(session, "/sign-in/waiting").body();
      assertThat(Jsoup.parse(page).select(".code").text()).matches("\\d{6}");
      seen.add(
          asked.statusCode()
              + " "
              + asked.headers().firstValue("Location").orElseThrow()
              + " "
              + cookie
                  .replaceAll("thywill=[0-9a-f]{64}", "thywill=…")
                  .replaceAll("Expires=[^;]+", "")
                  .replaceAll("Max-Age=\\d+", "")
              + page.replaceAll(">\\d{6}<", ">digits<").replaceAll("value=\"[0-9a-f]+\"", "")
              + server.get(session, "/feed/all").statusCode());
      ok(server.post(session, "/sign-out", Map.of()));
    }
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
    assertThat(seen.get(2)).as("deactivated").isEqualTo(seen.get(0));
  }

  @Test
  void decoyCookie_changed_isNotAccepted() throws IOException {
    String session =
        session(
            server
                .post("", "/sign-in", Map.of("name", "Nobody At All"))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow());
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(403);
    for (int i = 0; i < session.length(); i += 7) {
      String changed =
          session.substring(0, i)
              + (session.charAt(i) == '0' ? '1' : '0')
              + session.substring(i + 1);
      assertThat(server.get(changed, "/feed/all").statusCode()).as("character " + i).isEqualTo(401);
    }
  }

  private static String session(String cookie) {
    return cookie.replaceAll("^thywill=([^;]+);.*$", "$1");
  }

  @Test
  void unreadableView_isReported_andServiceResumesWhenItIsRebuilt() throws Exception {
    String session = server.session("ben");
    try (ServerFixture.HeldWriter _ = server.withoutDatabase()) {
      HttpResponse<String> page = server.get(session, "/feed/all");
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.body()).contains("Please wait a moment", "Number for the operator");
      assertThat(server.get("", "/health").statusCode()).isEqualTo(503);
      assertThat(server.log.toString()).contains(" 503 GET /feed/{feed}");
      Files.delete(server.database);
    }
    server.await("", "/health", health -> health.statusCode() == 200);
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(200);
    ok(server.post(session, "/ask", Map.of("text", "For rain.", "visibility", "members")));
  }
}
