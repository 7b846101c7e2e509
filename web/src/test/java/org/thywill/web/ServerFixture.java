package org.thywill.web;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.community.Community;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.generate.PrayerGenerator;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.EntryNotice;
import org.thywill.community.signin.MutedClaimants;
import org.thywill.ledger.Ledger;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.view.ViewReader;
import org.thywill.web.http.BrowserCookie;
import org.thywill.web.http.CsrfTokens;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ServerOptions;

/**
 * A community with its server for tests: anna is admin, mora moderator, ben and clara members, dan
 * is deactivated.
 */
public final class ServerFixture implements Closeable {
  private static final byte[] KEY = new byte[32];
  private static final SecretKey SECRET_KEY = new SecretKeySpec(KEY, "HmacSHA256");
  static final String BASE_URL = "http://pray.example.org";
  public static final String METRICS_TOKEN = "an-invented-token-of-a-monitor";
  private static final String VISITOR = "a-visitor";

  public final Ledger ledger;
  public final Community community;
  final PrayerGenerationService generation;
  public final Path database;
  final StringWriter log = new StringWriter();
  private final WebServer webServer;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger addresses = new AtomicInteger();
  private final AtomicInteger seconds = new AtomicInteger();
  private final InstantSource clock;
  private final boolean isHttps;
  private volatile boolean isClockStopped;

  public ServerFixture(Path folder) throws IOException {
    this(folder, "");
  }

  /** With copies of its archive in folders, separated by commas. */
  public ServerFixture(Path folder, String copies) throws IOException {
    this(folder, copies, new TemplatePrayerGenerator());
  }

  /** With another generator of prayers. */
  ServerFixture(Path folder, String copies, PrayerGenerator generator) throws IOException {
    this(folder, copies, generator, new ServerOptions("127.0.0.1", 0, BASE_URL, 1, METRICS_TOKEN));
  }

  /** With other options. */
  ServerFixture(Path folder, ServerOptions options) throws IOException {
    this(folder, "", new TemplatePrayerGenerator(), options);
  }

  private ServerFixture(
      Path folder, String copies, PrayerGenerator generator, ServerOptions options)
      throws IOException {
    isHttps = options.isHttps();
    Path archive = folder.resolve("text_archives");
    database = folder.resolve("community.db");
    // Each reading advances the clock by a second, so that no two changes have the same time and no
    // rate limit is met.
    InstantSource clock =
        () ->
            Instant.parse("2026-03-04T05:06:07Z")
                .plusSeconds(isClockStopped ? seconds.get() : seconds.incrementAndGet());
    Ledger.found(archive, "c0ffee", clock);
    this.clock = clock;
    ledger = Ledger.openAt(archive, database, clock, ProgressListener.NONE);
    Ids ids = new Ids(new SplittableRandom(7));
    community = new Community(ledger, ids, KEY);
    generation =
        new PrayerGenerationService(
            ledger,
            community.prayers(),
            generator,
            clock,
            sentence -> new PrintWriter(log).println(sentence));
    community
        .members()
        .join(community.members().makeOperatorLink(Duration.ofDays(1)), "Anna", device());
    for (String name : List.of("Mora", "Ben", "Clara", "Dan")) {
      community
          .members()
          .join(
              community.members().invite("anna", Duration.ofDays(300), OptionalLong.of(1)),
              name,
              device());
    }
    community.roles().grant("anna", "mora", Roles.MODERATOR, "");
    community.settings().set("anna", "PAYPAL_USERNAME", "an-invented-community");
    community.settings().set("anna", Settings.PEER_MIN_DAYS, "0");
    community.accounts().deactivate("anna", "dan", "asked for a rest");
    webServer =
        WebServer.start(
            new ServerContext(
                ledger,
                community,
                generation,
                ids,
                SECRET_KEY,
                new ServerContext.Time(clock, System::nanoTime),
                new ServerContext.Installation(
                    archive,
                    database,
                    new Configuration(
                        copies.isEmpty() ? Map.of() : Map.of(Configuration.LOCATIONS, copies),
                        Map.of()),
                    () -> Optional.of(true)),
                new PrintWriter(log)),
            options);
  }

  /** A device with a block of addresses of its own, so that no rate limit is met. */
  Device device() {
    int n = addresses.incrementAndGet();
    return new Device("A browser", "198." + n / 250 + "." + n % 250 + ".7");
  }

  /** The secret of a new device on which a member is signed in. */
  public String session(String member) throws IOException {
    return community.sessions().start(member, device()).id();
  }

  /** The secret of a new device whose sign-in is pending. */
  String waitingSession(String member) throws IOException {
    return community.signIn().request(member, device()).session().id();
  }

  /** Keeps the writer of the ledger from rebuilding the view, until it is closed. */
  static final class HeldWriter implements AutoCloseable {
    private final CountDownLatch isHeld = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final Thread thread;

    HeldWriter(Ledger ledger) {
      thread = Thread.ofPlatform().start(() -> hold(ledger));
      await(isHeld);
    }

    private void hold(Ledger ledger) {
      try {
        ledger.write(
            Change.Cause.by("anna"),
            tx -> {
              isHeld.countDown();
              await(mayGoOn);
            });
      } catch (IOException e) {
        // The view was taken away meanwhile; the transaction changes nothing.
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      mayGoOn.countDown();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Takes the database away, and puts a folder in its place, so that no request can read it. */
  HeldWriter withoutDatabase() throws IOException {
    HeldWriter held = new HeldWriter(ledger);
    Files.delete(database);
    Files.createDirectory(database);
    return held;
  }

  /** Lets a device of a member in by a link, and returns the notice of it. */
  String noticeOfEntry(String member) throws IOException {
    String older = session(member);
    community.signInLinks().accept(community.signInLinks().makeOwn(member), device());
    try (ViewReader view = ledger.read()) {
      return EntryNotice.unanswered(view, member, older).getFirst().id();
    }
  }

  /** The id of what a member muted last. */
  String muteOf(String member) throws IOException {
    try (ViewReader view = ledger.read()) {
      return MutedClaimants.of(view, member, clock.instant()).getLast().id();
    }
  }

  /** The digits that the device of a pending sign-in shows now. */
  String code(String signIn) throws IOException {
    try (ViewReader view = ledger.read()) {
      return community.signIn().code(view, signIn, clock.instant());
    }
  }

  String base() {
    return "http://127.0.0.1:" + webServer.port();
  }

  int port() {
    return webServer.port();
  }

  /** Stops the clock, so that rate limits are met. */
  void stopClock() {
    isClockStopped = true;
  }

  /** Moves the clock on. */
  void pass(Duration time) {
    seconds.addAndGet((int) time.toSeconds());
  }

  /** The token for the forms of a device that has a session; of a visitor where it is empty. */
  static String formToken(String session) {
    return new CsrfTokens(SECRET_KEY).of(session.isEmpty() ? VISITOR : session);
  }

  /** Sends a request without a body by another method than those of forms and links. */
  HttpResponse<String> bare(String method, String session, String path) throws IOException {
    return send(request(session, path).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  HttpResponse<String> head(String session, String path) throws IOException {
    return send(request(session, path).HEAD().build());
  }

  public HttpResponse<String> get(String session, String path, String... headers)
      throws IOException {
    return send(request(session, path, headers).GET().build());
  }

  /** Waits until the response at an address meets a condition. */
  public void await(String session, String path, Predicate<HttpResponse<String>> condition) {
    Await.until(
        () -> {
          try {
            return condition.test(get(session, path));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Sends a form as one of our pages would. */
  public HttpResponse<String> post(String session, String path, Map<String, String> fields)
      throws IOException {
    return postWith(session.isEmpty() ? VISITOR : session, session, path, fields);
  }

  /**
   * Sends a form from a device whose session is not valid any more, so that the server takes it for
   * a visitor's.
   */
  HttpResponse<String> postAsVisitor(String session, String path, Map<String, String> fields)
      throws IOException {
    return postWith(VISITOR, session, path, fields);
  }

  private HttpResponse<String> postWith(
      String secret, String session, String path, Map<String, String> fields) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put(RequestDispatcher.TOKEN_FIELD, new CsrfTokens(SECRET_KEY).of(secret));
    return postBare(session, path, all);
  }

  /** Sends a form without a token. */
  HttpResponse<String> postBare(
      String session, String path, Map<String, String> fields, String... headers)
      throws IOException {
    List<String> pairs = new ArrayList<>();
    fields.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
    return send(
        request(session, path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)))
            .build());
  }

  private HttpRequest.Builder request(String session, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header(
                "Cookie",
                BrowserCookie.VISITOR.cookieName(isHttps)
                    + "="
                    + VISITOR
                    + (session.isEmpty()
                        ? ""
                        : "; " + BrowserCookie.SESSION.cookieName(isHttps) + "=" + session))
            .header("X-Forwarded-For", device().address());
    return headers.length == 0 ? request.header("Accept", "text/html") : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  public Row row(Table table, String key) throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.find(table, key).orElseThrow();
    }
  }

  public List<Row> rows(Table table) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (ViewReader view = ledger.read()) {
      view.forEach(table, rows::add);
    }
    return rows;
  }

  /** The seq of the last change. */
  public long seq() throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.state().seq();
    }
  }

  @Override
  public void close() throws IOException {
    webServer.close();
    generation.close();
    ledger.close();
    client.close();
  }
}
