package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.access.Ids;
import org.thywill.community.news.Announcements;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.signin.SignIn;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.ViewReader;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.Assets;
import org.thywill.web.http.CsrfTokens;
import org.thywill.web.http.DecoySessions;
import org.thywill.web.http.HttpMethod;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;

/**
 * Every route in every state. What is expected stands here once more, written independently of the
 * table in {@link Routes}: a route without a line here fails, and so does a line without a route.
 */
class RoutesTest {
  @TempDir Path folder;
  private ServerFixture town;

  @SuppressWarnings("NullAway.Init")
  RoutesTest() {}

  @BeforeEach
  void found() throws IOException {
    town = new ServerFixture(folder);
  }

  @AfterEach
  void leave() throws IOException {
    town.close();
  }

  enum State {
    NOBODY,
    WAITING,
    NOBODY_WAITING,
    MEMBER,
    MODERATOR,
    ADMIN,
    DEACTIVATED
  }

  /** Expected of a route. Whose things a member acts upon is told by {@code isOwn}. */
  record Expected(Set<State> allowed, boolean othersAreRefused, Map<String, String> fields) {
    Expected own() {
      return new Expected(allowed, true, fields);
    }

    Expected with(String name, String value) {
      Map<String, String> more = new TreeMap<>(fields);
      more.put(name, value);
      return new Expected(allowed, othersAreRefused, more);
    }
  }

  private static final Expected EVERYBODY =
      new Expected(EnumSet.allOf(State.class), false, Map.of());
  private static final Expected MEMBERS =
      new Expected(EnumSet.of(State.MEMBER, State.MODERATOR, State.ADMIN), false, Map.of());
  private static final Expected AT_LEAST_WAITING =
      new Expected(
          EnumSet.of(
              State.WAITING, State.NOBODY_WAITING, State.MEMBER, State.MODERATOR, State.ADMIN),
          false,
          Map.of());
  private static final Expected MODERATORS =
      new Expected(EnumSet.of(State.MODERATOR, State.ADMIN), false, Map.of());
  private static final Expected ADMINS = new Expected(EnumSet.of(State.ADMIN), false, Map.of());

  private static final Map<String, Expected> EXPECTED =
      Map.ofEntries(
          Map.entry("GET /", EVERYBODY),
          Map.entry("GET /how-it-works", EVERYBODY),
          Map.entry("GET /assets/{version}/{file}", EVERYBODY),
          Map.entry("GET /health", EVERYBODY),
          Map.entry("GET /metrics", ADMINS),
          Map.entry("GET /join/{token}", EVERYBODY),
          // Who is a member can use the operator's link only, and only while there is no admin.
          Map.entry(
              "POST /join/{token}",
              new Expected(
                  EnumSet.of(State.NOBODY, State.WAITING, State.NOBODY_WAITING, State.DEACTIVATED),
                  false,
                  Map.of("name", "Somebody New"))),
          Map.entry("GET /enter/{token}", EVERYBODY),
          Map.entry(
              "POST /enter/{token}",
              new Expected(
                  EnumSet.of(State.NOBODY, State.WAITING, State.NOBODY_WAITING, State.DEACTIVATED),
                  false,
                  Map.of())),
          Map.entry("GET /apply", EVERYBODY),
          Map.entry(
              "POST /apply",
              EVERYBODY
                  .with("name", "Edith")
                  .with("essay", "I live next door, and would like to pray with you.")
                  .with("contact", "next door")),
          Map.entry("GET /apply/{application}", EVERYBODY),
          Map.entry("GET /applications", ADMINS),
          Map.entry("POST /applications/{application}/approve", ADMINS),
          Map.entry(
              "POST /applications/{application}/reject", ADMINS.with("reason", "nobody knows her")),
          Map.entry("GET /sign-in", EVERYBODY),
          Map.entry("POST /sign-in", EVERYBODY.with("name", "Ben")),
          Map.entry("GET /sign-in/waiting", EVERYBODY),
          Map.entry("POST /sign-out", AT_LEAST_WAITING),
          Map.entry("GET /give", MEMBERS),
          Map.entry("GET /statistics", MEMBERS),
          Map.entry("GET /whats-new", MEMBERS),
          Map.entry(
              "POST /whats-new", ADMINS.with("kind", "new").with("text", "There is a choir now.")),
          Map.entry("POST /whats-new/{entry}/take-back", ADMINS),
          Map.entry("GET /feed/{feed}", MEMBERS),
          Map.entry("GET /ask", MEMBERS),
          Map.entry("POST /ask", MEMBERS.with("text", "For rain.").with("visibility", "members")),
          Map.entry("GET /pray", MEMBERS),
          Map.entry("GET /prayers/{prayer}", MEMBERS),
          Map.entry("POST /prayers/{prayer}/prayed", MEMBERS),
          Map.entry("POST /prayers/{prayer}/skip", MEMBERS),
          Map.entry("POST /prayers/{prayer}/edit", MEMBERS.own().with("text", "For much rain.")),
          Map.entry("POST /prayers/{prayer}/words", MEMBERS.own().with("words", "Send rain.")),
          Map.entry("POST /prayers/{prayer}/other-words", MEMBERS.own()),
          Map.entry("POST /prayers/{prayer}/no-words", MEMBERS.own()),
          Map.entry("POST /prayers/{prayer}/praise", MEMBERS.own().with("testimony", "It rained.")),
          Map.entry("POST /prayers/{prayer}/archive", MEMBERS.own()),
          Map.entry("POST /prayers/{prayer}/restore", MEMBERS.own()),
          Map.entry(
              "POST /prayers/{prayer}/visibility", MEMBERS.own().with("visibility", "public")),
          Map.entry("POST /prayers/{prayer}/report", MEMBERS.with("reason", "unkind")),
          Map.entry("GET /sign-ins", MEMBERS),
          Map.entry("POST /sign-ins/{request}/vouch", MEMBERS),
          Map.entry("POST /sign-ins/{request}/reject", MEMBERS.own()),
          Map.entry("GET /invites", MEMBERS),
          Map.entry("POST /invites", MEMBERS.with("days", "3").with("uses", "1")),
          Map.entry("GET /invites/{token}", MEMBERS.own()),
          Map.entry("POST /invites/{token}/revoke", MEMBERS.own()),
          Map.entry("GET /members", MEMBERS),
          Map.entry("GET /members/{member}", MEMBERS),
          Map.entry("GET /roles", MEMBERS),
          Map.entry(
              "POST /roles",
              ADMINS
                  .with("name", "a_role")
                  .with("description", "Calls on Thursdays.")
                  .with("moderate.prayers", "yes")),
          Map.entry(
              "POST /roles/{role}",
              ADMINS.with("description", "Calls on Fridays.").with("admin.prayers", "yes")),
          Map.entry(
              "POST /members/{member}/grant",
              ADMINS.with("role", "moderator").with("reason", "kind")),
          Map.entry(
              "POST /members/{member}/revoke",
              ADMINS.with("role", "member").with("reason", "asked for it")),
          Map.entry("POST /members/{member}/deactivate", ADMINS.with("reason", "asked for a rest")),
          Map.entry("POST /members/{member}/reactivate", ADMINS.with("reason", "is back")),
          Map.entry(
              "POST /members/{member}/badges",
              ADMINS.with("advisor", "yes").with("reason", "gives good counsel")),
          Map.entry("GET /me", MEMBERS),
          Map.entry("GET /me/data", MEMBERS),
          Map.entry("POST /me/link", MEMBERS),
          Map.entry("POST /me/devices/{session}/end", MEMBERS.own()),
          Map.entry("POST /me/welcome", MEMBERS),
          Map.entry("GET /moderation", MODERATORS),
          Map.entry("POST /prayers/{prayer}/hide", MODERATORS.with("reason", "names somebody")),
          Map.entry("POST /prayers/{prayer}/show", MODERATORS.with("reason", "was fine")),
          Map.entry("GET /audit", ADMINS),
          Map.entry("GET /settings", ADMINS),
          Map.entry(
              "POST /settings", ADMINS.with("name", "PEER_APPROVAL_COUNT").with("value", "2")),
          Map.entry("POST /settings/unset", ADMINS.with("name", "SESSION_DAYS")),
          Map.entry(
              "POST /settings/feature",
              ADMINS.with("name", "PRAYER_MODE_ENABLED").with("enabled", "yes")),
          Map.entry("GET /console", ADMINS),
          Map.entry("POST /console/check", ADMINS),
          Map.entry("POST /console/drill", ADMINS),
          Map.entry("POST /console/report", ADMINS),
          Map.entry("GET /console/report", ADMINS));

  static List<Route> routes(ServerFixture town, Path folder) {
    ServerContext site =
        new ServerContext(
            town.ledger,
            town.community,
            town.scribe,
            new Ids(new SplittableRandom(1)),
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            () -> Instant.EPOCH,
            () -> 0,
            new ServerContext.Premises(
                folder, folder, new Configuration(Map.of(), Map.of()), Optional::empty),
            new PrintWriter(town.log));
    OperationsMonitor watch = new OperationsMonitor(site);
    return new Routes(site, watch, new Metrics(site, watch)).all();
  }

  @Test
  void everyRoute_hasAnExpectation() {
    assertThat(routes(town, folder).stream().map(Route::name).collect(Collectors.toSet()))
        .isEqualTo(EXPECTED.keySet());
  }

  @Test
  void everyRoute_inEveryState_letsInWhomItShould() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (Route route : routes(town, folder)) {
      Expected expected = expected(route);
      for (State state : State.values()) {
        HttpResponse<String> answer = take(route, state, expected, true);
        String what = route.name() + " as " + state;
        if (expected.allowed().contains(state)) {
          softly.assertThat(answer.statusCode()).as(what + ": " + answer.body()).isIn(200, 303);
        } else {
          softly.assertThat(answer.statusCode()).as(what).isIn(refusals(route, state));
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void everyRoute_ofAnotherMember_isRefusedWhereItIsTheirs() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (Route route : routes(town, folder)) {
      Expected expected = expected(route);
      if (expected.allowed().contains(State.MEMBER) && route.path().contains("{")) {
        HttpResponse<String> answer = take(route, State.MEMBER, expected, false);
        if (expected.othersAreRefused()) {
          softly.assertThat(answer.statusCode()).as(route.name()).isIn(403, 404, 422);
        } else {
          softly
              .assertThat(answer.statusCode())
              .as(route.name() + ": " + answer.body())
              .isIn(200, 303);
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void everyChange_withoutOurToken_isRefusedInEveryState() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    List<Route> changes =
        routes(town, folder).stream().filter(route -> route.method() == HttpMethod.POST).toList();
    assertThat(changes).hasSizeGreaterThan(20);
    for (Route route : changes) {
      for (State state : State.values()) {
        long before = town.seq();
        Target target = target(town, route, state, true);
        long prepared = town.seq();
        HttpResponse<String> answer =
            town.postBare(target.session(), target.path(), expected(route).fields());
        softly.assertThat(answer.statusCode()).as(route.name() + " as " + state).isIn(401, 403);
        softly
            .assertThat(town.seq())
            .as(route.name() + " changed something")
            .isEqualTo(prepared)
            .isGreaterThanOrEqualTo(before);
      }
    }
    softly.assertAll();
  }

  @Test
  void form_fromAnotherSite_isRefusedEvenWithTheToken() throws IOException {
    String session = town.session("ben");
    Map<String, String> fields =
        Map.of(
            "text",
            "For rain.",
            RequestDispatcher.TOKEN_FIELD,
            new CsrfTokens(new SecretKeySpec(new byte[32], "HmacSHA256")).of(session));
    assertThat(
            town.postBare(session, "/ask", fields, "Origin", "https://elsewhere.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(town.postBare(session, "/ask", fields, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(town.postBare(session, "/ask", fields, "Origin", town.base()).statusCode())
        .isEqualTo(303);
  }

  static Expected expected(Route route) {
    return Objects.requireNonNull(EXPECTED.get(route.name()), route.name());
  }

  private static List<Integer> refusals(Route route, State state) {
    boolean isMember = state == State.MEMBER || state == State.MODERATOR || state == State.ADMIN;
    return (route.name().equals("POST /join/{token}") || route.name().equals("POST /enter/{token}"))
            && isMember
        ? List.of(403)
        : isMember || state == State.WAITING || state == State.NOBODY_WAITING
            ? List.of(403)
            : List.of(401);
  }

  record Target(String session, String path) {}

  private HttpResponse<String> take(Route route, State state, Expected expected, boolean isOwn)
      throws IOException {
    Target target = target(town, route, state, isOwn);
    if (route.method() == HttpMethod.GET) {
      return town.get(target.session(), target.path());
    }
    Map<String, String> fields = new TreeMap<>(expected.fields());
    if (fields.containsKey("name") && fields.get("name").equals("Somebody New")) {
      fields.put("name", "Somebody New " + state);
    }
    String request = target.path().replaceAll("^/sign-ins/([^/]+)/.*$", "$1");
    if (!request.equals(target.path())) {
      fields.put("code", town.community.signIn().code(request));
    }
    return state == State.DEACTIVATED
        ? town.postAsVisitor(target.session(), target.path(), fields)
        : town.post(target.session(), target.path(), fields);
  }

  /** A path with fresh things in it, of the acting member or of clara. */
  static Target target(ServerFixture town, Route route, State state, boolean isOwn)
      throws IOException {
    String actor =
        switch (state) {
          case NOBODY, WAITING, NOBODY_WAITING, MEMBER -> "ben";
          case MODERATOR -> "mora";
          case ADMIN -> "anna";
          case DEACTIVATED -> "dan";
        };
    String session =
        switch (state) {
          case NOBODY -> "";
          case WAITING -> town.waitingSession("ben");
          case NOBODY_WAITING ->
              new DecoySessions(
                      new SecretKeySpec(new byte[32], "HmacSHA256"),
                      new Ids(new SplittableRandom(3)))
                  .make("Nobody", town.device(), Instant.parse("2026-03-04T05:06:07Z"));
          case MEMBER, MODERATOR, ADMIN -> town.session(actor);
          case DEACTIVATED -> deactivatedSession(town);
        };
    String owner = isOwn && state != State.DEACTIVATED ? actor : "clara";
    String path = route.path();
    if (path.contains("{prayer}")) {
      String prayer = town.community.prayers().ask(owner, "For rain.", Visibility.MEMBERS, "");
      if (path.endsWith("/restore")) {
        town.community.prayers().archive(owner, prayer);
      }
      if (path.endsWith("/no-words")) {
        town.community.prayers().attachPrayer(owner, prayer, "Send rain.");
      }
      if (path.endsWith("/show")) {
        town.community.moderation().hide("anna", prayer, "to be looked at");
      }
      path = path.replace("{prayer}", prayer);
    }
    if (path.equals("/enter/{token}")) {
      path = path.replace("{token}", town.community.signInLinks().makeOwn(owner));
    }
    if (path.contains("{token}")) {
      String maker = path.startsWith("/join") ? "anna" : owner;
      path =
          path.replace(
              "{token}",
              town.community.members().invite(maker, Duration.ofDays(100), OptionalLong.of(1)));
    }
    if (path.contains("{request}")) {
      SignIn.NewSignIn waiting = town.community.signIn().request(owner, town.device());
      path = path.replace("{request}", waiting.id());
    }
    if (path.contains("{application}")) {
      path =
          path.replace(
              "{application}",
              town.community
                  .applications()
                  .apply(
                      "Edith",
                      "I live next door, and would like to pray with you.",
                      "next door",
                      town.device()));
    }
    if (path.contains("{entry}")) {
      path =
          path.replace(
              "{entry}",
              town.community.news().add("anna", Announcements.Kind.NEW, "There is a choir now."));
    }
    if (path.contains("{session}")) {
      path = path.replace("{session}", hash(town.session(owner)));
    }
    if (path.contains("{role}")) {
      String role = "role_" + town.seq();
      town.community.roles().define("anna", role, "", Set.of());
      path = path.replace("{role}", role);
    }
    if (path.equals("/settings/unset")) {
      town.community.settings().set("anna", "SESSION_DAYS", "20");
    }
    if (path.contains("/members/{member}/")) {
      String guest =
          town.community
              .members()
              .join(
                  town.community.members().invite("anna", Duration.ofDays(1), OptionalLong.of(1)),
                  "Guest " + town.seq(),
                  town.device())
              .handle();
      if (path.endsWith("/reactivate")) {
        town.community.accounts().deactivate("anna", guest, "asked for a rest");
      }
      path = path.replace("{member}", guest);
    }
    return new Target(
        session,
        path.replace("{member}", "ben")
            .replace("{feed}", "all")
            .replace("{version}", Assets.VERSION)
            .replace("{file}", "style.css"));
  }

  /** A session that was opened before the account was deactivated. */
  private static String deactivatedSession(ServerFixture town) throws IOException {
    String secret = "d".repeat(64);
    try (ViewReader view = town.ledger.read()) {
      if (view.find(Catalog.SESSIONS, hash(secret)).isEmpty()) {
        town.ledger.write(
            Change.Cause.by("dan"),
            tx ->
                tx.add(
                    Row.in(Catalog.SESSIONS)
                        .set("id", hash(secret))
                        .set("member", "dan")
                        .set("is_fully_authenticated", true)
                        .set("expires_at", tx.atMicros() * 2)
                        .set("created_at", tx.atMicros())
                        .build()));
      }
    }
    return secret;
  }

  private static String hash(String secret) {
    try {
      return "sha256:"
          + HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
