package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
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
import org.thywill.community.join.Members;
import org.thywill.community.news.Announcements;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.SignIn;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.ViewReader;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.Assets;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.CsrfTokens;
import org.thywill.web.http.DecoySessions;
import org.thywill.web.http.HttpMethod;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;

/**
 * Every route in every state of a visitor. The expectations are written independently of the table
 * in {@link Routes}: a route without an expectation fails, and so does an expectation without a
 * route.
 */
class RoutesTest {
  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  RoutesTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
    // Each route in each state has an invite of its own.
    server.community.settings().set("anna", Settings.INVITE_OPEN_MAX, "1000");
    server.community.settings().set("anna", Settings.INVITE_PEOPLE_MAX, "1000");
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  enum State {
    VISITOR,
    WAITING,
    /** One of the two members who are needed has approved. */
    APPROVED_BY_TOO_FEW,
    /** The claimed member does not want to see requests from there. */
    MUTED,
    DECOY_WAITING,
    MEMBER,
    MODERATOR,
    ADMIN,
    /** With a session that is in the table, as after an import. */
    DEACTIVATED,
    /** With a session that was open when the account was deactivated. */
    DEACTIVATED_WHILE_SIGNED_IN
  }

  private static final Set<State> SIGNED_OUT =
      EnumSet.of(State.VISITOR, State.DEACTIVATED, State.DEACTIVATED_WHILE_SIGNED_IN);
  private static final Expected NO_MEMBERS =
      new Expected(
          EnumSet.complementOf(EnumSet.of(State.MEMBER, State.MODERATOR, State.ADMIN)),
          false,
          Map.of());

  /**
   * What is expected of a route.
   *
   * @param othersAreRefused whether a member may use it only for their own things
   * @param fields of its form
   */
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
      new Expected(EnumSet.complementOf(EnumSet.copyOf(SIGNED_OUT)), false, Map.of());
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
          // A member can use only the admin link, and only while there is no admin.
          Map.entry("POST /join/{token}", NO_MEMBERS.with("name", "Somebody New")),
          Map.entry("GET /enter/{token}", EVERYBODY),
          Map.entry("POST /enter/{token}", NO_MEMBERS),
          Map.entry("GET /apply", EVERYBODY),
          Map.entry(
              "POST /apply",
              EVERYBODY
                  .with("name", "Edith")
                  .with("essay", "I live next door, and would like to pray with you.")
                  .with("contact", "next door")),
          Map.entry("GET /apply/{secret}", EVERYBODY),
          Map.entry("GET /applications", ADMINS),
          Map.entry("POST /applications/{application}/approve", ADMINS),
          Map.entry(
              "POST /applications/{application}/reject", ADMINS.with("reason", "nobody knows her")),
          Map.entry("GET /sign-in", EVERYBODY),
          Map.entry("POST /sign-in", EVERYBODY.with("name", "Ben")),
          Map.entry("GET /sign-in/waiting", EVERYBODY),
          Map.entry("GET /sign-in/code", EVERYBODY),
          Map.entry("POST /sign-in/code", NO_MEMBERS),
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
          Map.entry("POST /sign-ins/{request}/mute", MEMBERS.own()),
          Map.entry("POST /me/muted/{mute}/end", MEMBERS.own()),
          Map.entry("POST /me/recovery-codes", MEMBERS),
          Map.entry("GET /me/proof", MEMBERS),
          Map.entry("POST /me/proof", MEMBERS),
          Map.entry("POST /me/other-devices/end", MEMBERS),
          Map.entry("POST /me/entered/{notice}/known", MEMBERS.own()),
          Map.entry("POST /me/entered/{notice}/unknown", MEMBERS.own()),
          Map.entry("GET /invites", MEMBERS),
          Map.entry("POST /invites", MEMBERS.with("days", "3").with("uses", "1")),
          Map.entry("POST /invites/{invite}/renew", MEMBERS.own()),
          Map.entry("POST /invites/{invite}/revoke", MEMBERS.own()),
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

  static List<Route> routes(ServerFixture server, Path folder) {
    ServerContext context =
        new ServerContext(
            server.ledger,
            server.community,
            server.generation,
            new Ids(new SplittableRandom(1)),
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            new ServerContext.Time(() -> Instant.EPOCH, () -> 0),
            new ServerContext.Installation(
                folder, folder, new Configuration(Map.of(), Map.of()), Optional::empty),
            new PrintWriter(server.log));
    BackgroundTasks tasks = new BackgroundTasks();
    OperationsMonitor monitor = new OperationsMonitor(context, tasks);
    return new Routes(context, tasks, monitor, new Metrics(context, monitor)).all();
  }

  @Test
  void everyRoute_hasAnExpectation() {
    assertThat(routes(server, folder).stream().map(Route::name).collect(Collectors.toSet()))
        .isEqualTo(EXPECTED.keySet());
  }

  @Test
  void everyRoute_inEveryState_admitsExactlyThoseExpected() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (Route route : routes(server, folder)) {
      Expected expected = expected(route);
      for (State state : State.values()) {
        HttpResponse<String> answer = take(route, state, expected, true);
        String what = route.name() + " as " + state;
        if (expected.allowed().contains(state)) {
          softly.assertThat(answer.statusCode()).as(what + ": " + answer.body()).isIn(200, 303);
        } else {
          softly.assertThat(answer.statusCode()).as(what).isIn(refusals(state));
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void everyRoute_ofAnotherMember_isRefusedWhereItIsTheirs() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (Route route : routes(server, folder)) {
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
        routes(server, folder).stream().filter(route -> route.method() == HttpMethod.POST).toList();
    assertThat(changes).hasSizeGreaterThan(20);
    for (Route route : changes) {
      for (State state : State.values()) {
        long before = server.seq();
        Target target = target(server, route, state, true);
        long prepared = server.seq();
        HttpResponse<String> answer =
            server.postBare(target.session(), target.path(), expected(route).fields());
        softly.assertThat(answer.statusCode()).as(route.name() + " as " + state).isIn(401, 403);
        softly
            .assertThat(server.seq())
            .as(route.name() + " changed something")
            .isEqualTo(prepared)
            .isGreaterThanOrEqualTo(before);
      }
    }
    softly.assertAll();
  }

  /** A session of each state, for requests that change nothing. */
  private Map<State, String> sessions() throws IOException {
    Map<State, String> sessions = new EnumMap<>(State.class);
    Route home = routes(server, folder).getFirst();
    for (State state : State.values()) {
      sessions.put(state, target(server, home, state, true).session());
    }
    return sessions;
  }

  @Test
  void everyRoute_inEveryState_answersHeadAsGet_andKnowsNoOtherMethod() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    Map<State, String> sessions = sessions();
    for (Route route : routes(server, folder)) {
      String path = target(server, route, State.MEMBER, true).path();
      long prepared = server.seq();
      for (Map.Entry<State, String> each : sessions.entrySet()) {
        String session = each.getValue();
        String what = route.name() + " as " + each.getKey();
        if (route.method() == HttpMethod.GET) {
          HttpResponse<String> head = server.head(session, path);
          softly
              .assertThat(head.statusCode())
              .as("HEAD of " + what)
              .isEqualTo(server.get(session, path).statusCode());
          softly.assertThat(head.body()).as("HEAD of " + what).isEmpty();
        }
        for (String method : List.of("OPTIONS", "PUT", "DELETE", "PATCH")) {
          softly
              .assertThat(server.bare(method, session, path).statusCode())
              .as(method + " of " + what)
              .isIn(404, 405);
        }
      }
      softly.assertThat(server.seq()).as(route.name() + " changed something").isEqualTo(prepared);
    }
    softly.assertAll();
  }

  @Test
  void everyRoute_inEveryState_isNotThereUnderAForeignHost() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    Map<State, String> sessions = sessions();
    for (Route route : routes(server, folder)) {
      String path = URI.create(target(server, route, State.MEMBER, true).path()).toASCIIString();
      long prepared = server.seq();
      for (Map.Entry<State, String> each : sessions.entrySet()) {
        try (RawClient client = new RawClient("127.0.0.1", server.port())) {
          softly
              .assertThat(
                  client
                      .send(
                          route.method()
                              + " "
                              + path
                              + " HTTP/1.1\r\nHost: elsewhere.example\r\nCookie: thywill="
                              + each.getValue()
                              + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                      .answer())
              .as(route.name() + " as " + each.getKey())
              .startsWith("HTTP/1.1 421")
              .doesNotContain("elsewhere.example");
        }
      }
      softly.assertThat(server.seq()).as(route.name() + " changed something").isEqualTo(prepared);
    }
    softly.assertAll();
  }

  @Test
  void invite_thatWasRevokedOrUsedUp_letsNobodyInInAnyState() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    Members members = server.community.members();
    for (State state : NO_MEMBERS.allowed()) {
      String session = target(server, routes(server, folder).getFirst(), state, true).session();
      String revoked = members.invite("anna", Duration.ofDays(30), OptionalLong.of(1));
      members.revokeInvite("anna", Ids.hash(revoked), "it was posted in public");
      String usedUp = members.invite("anna", Duration.ofDays(30), OptionalLong.of(1));
      members.join(usedUp, "Guest " + server.seq(), server.device());
      for (String token : List.of(revoked, usedUp)) {
        String path = "/join/" + token;
        Map<String, String> fields = Map.of("name", "Somebody New " + state);
        HttpResponse<String> answer =
            SIGNED_OUT.contains(state) && state != State.VISITOR
                ? server.postAsVisitor(session, path, fields)
                : server.post(session, path, fields);
        softly.assertThat(answer.statusCode()).as(path + " as " + state).isIn(403, 422);
        softly
            .assertThat(answer.headers().allValues("Set-Cookie"))
            .as("as " + state)
            .noneMatch(cookie -> cookie.startsWith("thywill="));
      }
    }
    softly
        .assertThat(server.rows(Catalog.MEMBERS))
        .extracting(Row::key)
        .noneMatch(key -> key.startsWith("somebody"));
    softly.assertAll();
  }

  @Test
  void form_fromAnotherSite_isRefusedEvenWithTheToken() throws IOException {
    String session = server.session("ben");
    Map<String, String> fields =
        Map.of(
            "text",
            "For rain.",
            RequestDispatcher.TOKEN_FIELD,
            new CsrfTokens(new SecretKeySpec(new byte[32], "HmacSHA256")).of(session));
    assertThat(
            server
                .postBare(session, "/ask", fields, "Origin", "https://elsewhere.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            server.postBare(session, "/ask", fields, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(
            server.postBare(session, "/ask", fields, "Origin", ServerFixture.BASE_URL).statusCode())
        .isEqualTo(303);
  }

  static Expected expected(Route route) {
    return Objects.requireNonNull(EXPECTED.get(route.name()), route.name());
  }

  private static List<Integer> refusals(State state) {
    return SIGNED_OUT.contains(state) ? List.of(401) : List.of(403);
  }

  record Target(String session, String path) {}

  private HttpResponse<String> take(Route route, State state, Expected expected, boolean isOwn)
      throws IOException {
    Target target = target(server, route, state, isOwn);
    if (route.method() == HttpMethod.GET) {
      return server.get(target.session(), target.path());
    }
    Map<String, String> fields = new TreeMap<>(expected.fields());
    if (fields.containsKey("name") && fields.get("name").equals("Somebody New")) {
      fields.put("name", "Somebody New " + state);
    }
    if (route.path().equals("/sign-in/code") || route.path().equals("/me/proof")) {
      String owner = actor(state).equals("dan") ? "clara" : actor(state);
      fields.put("name", owner);
      fields.put("code", server.community.recoveryCodes().make(owner).getFirst());
    }
    String request = target.path().replaceAll("^/sign-ins/([^/]+)/.*$", "$1");
    if (!request.equals(target.path())) {
      fields.put("code", server.code(request));
    }
    return SIGNED_OUT.contains(state) && state != State.VISITOR
        ? server.postAsVisitor(target.session(), target.path(), fields)
        : server.post(target.session(), target.path(), fields);
  }

  private static String actor(State state) {
    return switch (state) {
      case VISITOR, WAITING, APPROVED_BY_TOO_FEW, MUTED, DECOY_WAITING, MEMBER -> "ben";
      case MODERATOR -> "mora";
      case ADMIN -> "anna";
      case DEACTIVATED, DEACTIVATED_WHILE_SIGNED_IN -> "dan";
    };
  }

  /** A path with fresh things in it, of the acting member or of clara. */
  static Target target(ServerFixture server, Route route, State state, boolean isOwn)
      throws IOException {
    String actor = actor(state);
    String session =
        switch (state) {
          case VISITOR -> "";
          case WAITING -> server.waitingSession("ben");
          case APPROVED_BY_TOO_FEW -> approvedByTooFew(server);
          case MUTED -> muted(server);
          case DECOY_WAITING ->
              new DecoySessions(
                      new SecretKeySpec(new byte[32], "HmacSHA256"),
                      new Ids(new SplittableRandom(3)))
                  .make(Instant.parse("2026-03-04T05:06:07Z"));
          case MEMBER, MODERATOR, ADMIN -> server.session(actor);
          case DEACTIVATED -> deactivatedSession(server);
          case DEACTIVATED_WHILE_SIGNED_IN -> endedByDeactivation(server);
        };
    String owner = isOwn && !actor.equals("dan") ? actor : "clara";
    String path = route.path();
    if (path.contains("{prayer}")) {
      String prayer = server.community.prayers().ask(owner, "For rain.", Visibility.MEMBERS, "");
      if (path.endsWith("/restore")) {
        server.community.prayers().archive(owner, prayer);
      }
      if (path.endsWith("/no-words")) {
        server.community.prayers().attachPrayer(owner, prayer, "Send rain.");
      }
      if (path.endsWith("/show")) {
        server.community.moderation().hide("anna", prayer, "to be looked at");
      }
      path = path.replace("{prayer}", prayer);
    }
    if (path.equals("/enter/{token}")) {
      path = path.replace("{token}", server.community.signInLinks().makeOwn(owner));
    }
    if (path.contains("{token}")) {
      path =
          path.replace(
              "{token}",
              server.community.members().invite("anna", Duration.ofDays(30), OptionalLong.of(1)));
    }
    if (path.contains("{invite}")) {
      path =
          path.replace(
              "{invite}",
              Ids.hash(
                  server
                      .community
                      .members()
                      .invite(owner, Duration.ofDays(30), OptionalLong.of(1))));
    }
    if (path.contains("{request}")) {
      SignIn.NewSignIn signIn = server.community.signIn().request(owner, server.device());
      path = path.replace("{request}", signIn.id());
    }
    if (path.contains("{notice}")) {
      path = path.replace("{notice}", server.noticeOfEntry(owner));
    }
    if (path.equals("/me/proof")) {
      server.community.recoveryCodes().make(owner);
    }
    if (path.contains("{mute}")) {
      SignIn.NewSignIn signIn = server.community.signIn().request(owner, server.device());
      server.community.mutedClaimants().mute(owner, signIn.id());
      path = path.replace("{mute}", server.muteOf(owner));
    }
    if (path.contains("{application}") || path.contains("{secret}")) {
      String secret =
          server
              .community
              .applications()
              .apply(
                  "Edith",
                  "I live next door, and would like to pray with you.",
                  "next door",
                  server.device());
      path = path.replace("{secret}", secret).replace("{application}", Ids.hash(secret));
    }
    if (path.contains("{entry}")) {
      path =
          path.replace(
              "{entry}",
              server.community.news().add("anna", Announcements.Kind.NEW, "There is a choir now."));
    }
    if (path.contains("{session}")) {
      path = path.replace("{session}", Ids.hash(server.session(owner)));
    }
    if (path.contains("{role}")) {
      String role = "role_" + server.seq();
      server.community.roles().define("anna", role, "", Set.of());
      path = path.replace("{role}", role);
    }
    if (path.equals("/settings/unset")) {
      server.community.settings().set("anna", "SESSION_DAYS", "20");
    }
    if (path.contains("/members/{member}/")) {
      String guest =
          server
              .community
              .members()
              .join(
                  server.community.members().invite("anna", Duration.ofDays(1), OptionalLong.of(1)),
                  "Guest " + server.seq(),
                  server.device())
              .handle();
      if (path.endsWith("/reactivate")) {
        server.community.accounts().deactivate("anna", guest, "asked for a rest");
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

  private static String approvedByTooFew(ServerFixture server) throws IOException {
    SignIn.NewSignIn signIn = server.community.signIn().request("ben", server.device());
    assertThat(
            server
                .community
                .signIn()
                .approve("clara", signIn.id(), server.code(signIn.id()))
                .isApproved())
        .isFalse();
    return signIn.session().id();
  }

  private static String muted(ServerFixture server) throws IOException {
    SignIn.NewSignIn signIn = server.community.signIn().request("ben", server.device());
    server.community.mutedClaimants().mute("ben", signIn.id());
    return signIn.session().id();
  }

  private static String endedByDeactivation(ServerFixture server) throws IOException {
    server.community.accounts().reactivate("anna", "dan", "is back");
    String session = server.session("dan");
    assertThat(server.get(session, "/me").statusCode()).isEqualTo(200);
    server.community.accounts().deactivate("anna", "dan", "asked for a rest");
    return session;
  }

  /** A session that was opened before the account was deactivated. */
  private static String deactivatedSession(ServerFixture server) throws IOException {
    String secret = "d".repeat(64);
    try (ViewReader view = server.ledger.read()) {
      if (view.find(Catalog.SESSIONS, Ids.hash(secret)).isEmpty()) {
        server.ledger.write(
            Change.Cause.by("dan"),
            tx ->
                tx.add(
                    Row.in(Catalog.SESSIONS)
                        .set(Catalog.Sessions.ID, Ids.hash(secret))
                        .set(Catalog.Sessions.MEMBER, "dan")
                        .set(Catalog.Sessions.IS_FULLY_AUTHENTICATED, true)
                        .set(Catalog.Sessions.EXPIRES_AT, tx.atMicros() * 2)
                        .set(Catalog.Sessions.CREATED_AT, tx.atMicros())
                        .build()));
      }
    }
    return secret;
  }
}
