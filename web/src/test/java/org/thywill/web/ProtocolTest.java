package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.web.http.HttpMethod;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerOptions;

/** What strangers can do to the server by HTTP itself: methods, hosts, bodies, and slowness. */
class ProtocolTest {
  private static final String HOST = "Host: pray.example.org\r\n";
  private static final String END = "Connection: close\r\n\r\n";
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
  private static final int CHANGES_PER_MINUTE = 120;

  /** The headers of every response, except on a page with a style of its own. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", RequestDispatcher.CONTENT_POLICY,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");

  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  ProtocolTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private String ask(String request) throws IOException {
    try (RawClient client = new RawClient("127.0.0.1", server.port())) {
      return client.send(request).answer();
    }
  }

  @Test
  void cookies_overHttps_areOnlyOfThisHost() throws IOException {
    try (ServerFixture https =
        new ServerFixture(
            Files.createDirectory(folder.resolve("https")),
            new ServerOptions("127.0.0.1", 0, "https://pray.example.org", 1, null))) {
      String link = "/enter/" + https.community.signInLinks().makeOwn("ben");
      HttpResponse<String> answer = https.post("", link, Map.of());
      assertThat(answer.statusCode()).isEqualTo(303);
      String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie).matches("__Host-thywill=[0-9a-f]{64};.*");
      assertThat(cookie.split("; ?", -1))
          .contains("Path=/", "Secure", "HttpOnly", "SameSite=Lax")
          .noneMatch(part -> part.startsWith("Domain"));
      String session = https.session("ben");
      assertThat(https.get(session, "/me").statusCode()).isEqualTo(200);
      assertThat(https.get("", "/me", "Cookie", "thywill=" + session).statusCode())
          .as("a cookie that another host of the domain could have set")
          .isEqualTo(401);
    }
    String link = "/enter/" + server.community.signInLinks().makeOwn("ben");
    assertThat(server.post("", link, Map.of()).headers().firstValue("Set-Cookie").orElseThrow())
        .matches("thywill=[0-9a-f]{64};.*")
        .doesNotContain("Secure");
  }

  @Test
  void page_ofASessionThatIsUsed_isNotedOnceADay_andShownThoughThatFails() throws IOException {
    String session = server.session("ben");
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    long before = server.seq();
    server.pass(Duration.ofDays(1));
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    assertThat(server.seq()).isEqualTo(before + 1);
    server.pass(Duration.ofDays(1));
    Path archive = folder.resolve("text_archives");
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(archive, elsewhere);
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    Files.move(elsewhere, archive);
    assertThat(server.log.toString())
        .containsOnlyOnce("it could not be noted that a device is in use");
  }

  @Test
  void log_namesTheRoute_andNeverThePathWithItsToken() throws IOException {
    String token = server.community.signInLinks().makeOwn("ben");
    try (ServerFixture.HeldWriter _ = server.withoutDatabase()) {
      assertThat(server.get("", "/enter/" + token).statusCode()).isEqualTo(503);
      assertThat(server.get("", "/nowhere/" + token).statusCode()).isIn(404, 503);
      assertThat(server.log.toString()).contains(" 503 GET /enter/{token}").doesNotContain(token);
      Files.delete(server.database);
    }
    server.await("", "/health", health -> health.statusCode() == 200);
  }

  @Test
  void head_ofEveryRoute_answersAsGetDoes_withoutABody() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    int pages = 0;
    for (Route route : RoutesTest.routes(server, folder)) {
      if (route.method() != HttpMethod.GET) {
        continue;
      }
      for (RoutesTest.State state : List.of(RoutesTest.State.VISITOR, RoutesTest.State.ADMIN)) {
        RoutesTest.Target target = RoutesTest.target(server, route, state, true);
        HttpResponse<String> get = server.get(target.session(), target.path());
        HttpResponse<String> head = server.head(target.session(), target.path());
        String what = "HEAD " + route.path() + " as " + state;
        softly.assertThat(head.statusCode()).as(what).isEqualTo(get.statusCode());
        softly.assertThat(head.body()).as(what).isEmpty();
        for (String name : HEADERS.keySet()) {
          softly
              .assertThat(head.headers().allValues(name))
              .as(what + ": " + name)
              .hasSize(1)
              .isEqualTo(get.headers().allValues(name));
        }
        for (String name : List.of("Content-Type", "Cache-Control", "Location")) {
          softly
              .assertThat(head.headers().allValues(name))
              .as(what + ": " + name)
              .isEqualTo(get.headers().allValues(name));
        }
        pages++;
      }
    }
    softly.assertAll();
    assertThat(pages).isGreaterThan(40);
  }

  @Test
  void everyError_ofTheWebServerItself_hasTheHeaders_andRevealsNoVersion() throws IOException {
    Map<String, String> requests = new LinkedHashMap<>();
    requests.put("NOT HTTP AT ALL\r\n\r\n", "400");
    requests.put("GET / HTTP/1.1\r\n" + END, "400"); // no Host
    requests.put("GET / HTTP/1.1\r\n" + HOST + HOST + END, "400");
    requests.put("GET /%zz HTTP/1.1\r\n" + HOST + END, "400");
    requests.put("GET /%2e%2e/etc HTTP/1.1\r\n" + HOST + END, "4\\d\\d");
    requests.put("GET /a%2Fb HTTP/1.1\r\n" + HOST + END, "4\\d\\d");
    requests.put("GET /%ff HTTP/1.1\r\n" + HOST + END, "4\\d\\d");
    requests.put("GET /nowhere HTTP/1.1\r\n" + HOST + END, "404");
    requests.put("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST + END, "414");
    requests.put(
        "GET / HTTP/1.1\r\n" + HOST + "X-Long: " + "a".repeat(20_000) + "\r\n" + END, "431");
    requests.put("HEAD /nowhere HTTP/1.1\r\n" + HOST + END, "404");
    requests.put("OPTIONS / HTTP/1.1\r\n" + HOST + END, "40[45]");
    requests.put("OPTIONS * HTTP/1.1\r\n" + HOST + END, "40\\d");
    requests.put("TRACE / HTTP/1.1\r\n" + HOST + END, "40\\d");
    requests.put("PUT /ask HTTP/1.1\r\n" + HOST + END, "40[45]");
    requests.put("DELETE / HTTP/1.1\r\n" + HOST + END, "40[45]");
    requests.put("BREW / HTTP/1.1\r\n" + HOST + END, "(40[045]|501)");
    requests.put("POST /sign-in HTTP/1.1\r\n" + HOST + "Content-Length: x\r\n" + END, "400");
    requests.put(
        "POST /sign-in HTTP/1.1\r\n" + HOST + FORM + "Content-Length: 9000000\r\n" + END, "413");
    requests.put(
        "POST /sign-in HTTP/1.1\r\n"
            + HOST
            + FORM
            + "Transfer-Encoding: chunked\r\n"
            + END
            + "493e0\r\n"
            + "a".repeat(300_000)
            + "\r\n0\r\n\r\n",
        "413");
    SoftAssertions softly = new SoftAssertions();
    for (Map.Entry<String, String> request : requests.entrySet()) {
      String what = request.getKey().lines().findFirst().orElse("");
      what = what.substring(0, Math.min(40, what.length()));
      String answer;
      try {
        answer = ask(request.getKey());
      } catch (IOException e) {
        throw new IOException(what, e);
      }
      softly.assertThat(answer).as(what).matches("(?s)HTTP/1.1 " + request.getValue() + " .*");
      HEADERS.forEach(
          (name, value) ->
              softly.assertThat(answer).contains("\r\n" + name + ": " + value + "\r\n"));
      softly.assertThat(answer).as(what).contains("\r\nCache-Control: no-store\r\n");
      softly
          .assertThat(answer)
          .as(what)
          .doesNotContainIgnoringCase("jetty")
          .doesNotContainIgnoringCase("javalin")
          .doesNotContain("\r\nServer:");
    }
    softly.assertAll();
  }

  @Test
  void changes_areCountedByMember_soThatMembersCanShareAnAddress() throws IOException {
    Map<String, String> sessions = new LinkedHashMap<>();
    for (String member : List.of("ben", "clara", "mora")) {
      sessions.put(member, server.session(member));
    }
    server.stopClock();
    for (int i = 0; i < CHANGES_PER_MINUTE; i++) {
      for (String session : sessions.values()) {
        assertThat(change(session, "/me/welcome", "192.0.2.7")).isEqualTo(303);
      }
    }
    String ben = Objects.requireNonNull(sessions.get("ben"));
    assertThat(change(ben, "/me/welcome", "192.0.2.7")).isEqualTo(429);
    assertThat(change(ben, "/me/welcome", "198.51.100.9"))
        .as("from another address")
        .isEqualTo(429);
    assertThat(change("", "/apply", "192.0.2.7")).as("a stranger there").isEqualTo(422);
  }

  @Test
  void changes_ofStrangers_areCountedByNetwork() throws IOException {
    server.stopClock();
    for (int i = 0; i < CHANGES_PER_MINUTE; i++) {
      assertThat(change("", "/apply", "2001:db8:0:1::" + Integer.toHexString(i))).isEqualTo(422);
      assertThat(change("", "/apply", "203.0.113.5, 192.0.2.7")).isEqualTo(422);
    }
    assertThat(change("", "/apply", "2001:db8:0:1:ffff::1")).isEqualTo(429);
    assertThat(change("", "/apply", "2001:db8:0:2::1")).isEqualTo(422);
    assertThat(change("", "/apply", "192.0.2.7")).isEqualTo(429);
    assertThat(change("", "/apply", "192.0.2.8")).isEqualTo(422);
    assertThat(change(server.session("ben"), "/me/welcome", "192.0.2.7"))
        .as("a member there")
        .isEqualTo(303);
  }

  /** Sends a form from an address; the header is added to the one that a client invented. */
  private int change(String session, String path, String address) throws IOException {
    return server
        .postBare(
            session,
            path,
            Map.of(RequestDispatcher.TOKEN_FIELD, ServerFixture.formToken(session)),
            "X-Forwarded-For",
            address)
        .statusCode();
  }

  @Test
  void foreignHost_isNotAnswered_andLinksNeverFollowIt() throws IOException {
    for (String path : List.of("/", "/sign-in", "/health", "/nowhere")) {
      for (String method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
        for (String host : List.of("evil.example", "pray.example.org.evil.example", "10.0.0.1")) {
          String answer = ask(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + END);
          assertThat(answer).as(method + " " + path).startsWith("HTTP/1.1 421 ");
          assertThat(answer).contains("nosniff").doesNotContain(host);
        }
      }
    }
    for (String host : List.of("pray.example.org", "PRAY.example.org:443", "127.0.0.1:8080")) {
      assertThat(ask("GET /health HTTP/1.1\r\nHost: " + host + "\r\n" + END))
          .as(host)
          .startsWith("HTTP/1.1 200 ");
    }
    String page =
        server.post(server.session("ben"), "/invites", Map.of("days", "1", "uses", "1")).body();
    assertThat(page).contains(ServerFixture.BASE_URL + "/join/").doesNotContain("127.0.0.1");
  }

  @Test
  void multipartBody_isRefusedBeforeItIsRead() throws IOException {
    for (String path : List.of("/sign-in", "/apply", "/ask", "/join/nothing")) {
      String answer =
          ask(
              "POST "
                  + path
                  + " HTTP/1.1\r\n"
                  + HOST
                  + "Content-Type: multipart/form-data; boundary=b\r\n"
                  + "Content-Length: 150000000\r\n"
                  + END
                  + "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nmuch");
      assertThat(answer).startsWith("HTTP/1.1 415 ");
    }
  }

  @Test
  void health_saysUpOrDown_andNothingMore() throws IOException {
    assertThat(server.get("", "/health").body()).isEqualTo("{\"status\":\"up\"}");
    try (ServerFixture.HeldWriter _ = server.withoutDatabase()) {
      assertThat(server.get("", "/health").body()).isEqualTo("{\"status\":\"down\"}");
      Files.delete(server.database);
    }
    server.await("", "/health", health -> health.statusCode() == 200);
  }

  @Test
  void health_whileChangesAreRefused_isDown_andSaysWhyToOperatorsOnly() throws Exception {
    Path archive = server.database.resolveSibling("text_archives");
    Path moved = server.database.resolveSibling("moved");
    String ben = server.session("ben");
    String anna = server.session("anna");
    Files.move(archive, moved);
    server.await("", "/health", health -> health.statusCode() == 503);
    assertThat(server.get("", "/health").body()).isEqualTo("{\"status\":\"down\"}");
    assertThat(server.get(ben, "/health").body()).isEqualTo("{\"status\":\"down\"}");
    String reason = "changes are refused: ";
    assertThat(server.get(anna, "/health").body())
        .startsWith("{\"status\":\"down\",\"reason\":\"" + reason)
        .contains("the folder of the archive was moved or deleted");
    assertThat(
            ask(
                "GET /health HTTP/1.1\r\n"
                    + HOST
                    + "Authorization: Bearer "
                    + ServerFixture.METRICS_TOKEN
                    + "\r\n"
                    + END))
        .contains("\"reason\":\"" + reason);
    assertThat(server.get(anna, "/console").body()).contains("Changes are refused:");
    Files.move(moved, archive);
    server.await("", "/health", health -> health.statusCode() == 200);
  }

  @Test
  void slowClients_doNotKeepOthersWaiting() throws IOException {
    int slow = 300;
    String session = server.session("ben");
    assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(200);
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < slow; i++) {
        clients.add(
            new RawClient("127.0.0.1", server.port())
                .send(
                    i % 6 == 0
                        ? "POST /sign-in HTTP/1.1\r\nHo"
                        : "POST /sign-in HTTP/1.1\r\n"
                            + HOST
                            + FORM
                            + "Content-Length: "
                            + (i % 2 == 0 ? 100_000 : 300_000)
                            + "\r\n\r\nname=B"));
      }
      for (int round = 0; round < 3; round++) {
        for (RawClient client : clients.subList(1, 6)) {
          client.send("e");
        }
        long startedNanos = System.nanoTime();
        assertThat(server.get(session, "/feed/all").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
            .isLessThan(Duration.ofSeconds(1));
        startedNanos = System.nanoTime();
        assertThat(server.post(session, "/ask", Map.of("text", "For rain.")).statusCode())
            .isEqualTo(303);
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
            .isLessThan(Duration.ofSeconds(1));
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    assertThat(server.rows(Catalog.PRAYERS)).hasSize(3);
  }
}
