package org.thywill.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Device;
import org.thywill.community.member.CurrentMember;
import org.thywill.community.signin.Sessions;
import org.thywill.view.ViewReader;

/**
 * Handles every request: authentication, authorization, CSRF token, rate limit, and the call of the
 * route's handler. {@link ResponseWriter} sends what it answers, and the errors.
 */
public final class RequestDispatcher {
  /**
   * The Content-Security-Policy of all pages: only files of this server, no inline script or style,
   * and no frame around the page.
   */
  public static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src"
          + " 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  public static final String TOKEN_FIELD = "form_token";

  /** The request attribute that holds the base URL. */
  static final String ORIGIN = "origin";

  /** The request attribute that says whether a monitoring system sent its token. */
  static final String MONITOR = "monitor";

  /** The request attribute that is set as soon as this class handles the request. */
  private static final String HANDLED = "handled";

  /** The request attribute that holds the name of the route. */
  private static final String ROUTE = "route";

  /** The most that browsers keep. */
  private static final Duration DEVICE_COOKIE_LIFETIME = Duration.ofDays(400);

  private static final Principal VISITOR = new Principal.Visitor();

  private final ServerContext server;
  private final ServerOptions options;
  private final CsrfTokens tokens;
  private final DecoySessions decoys;
  private final ResponseWriter responses;
  private final RequestTimer timer;
  private final AttemptLimiter changes;

  /** After the use of a session could not be noted, the time when it is tried again. */
  private volatile Instant noUseNotedBefore = Instant.MIN;

  /**
   * Creates a dispatcher.
   *
   * @param timer is notified of each request
   * @param changes limits the POST requests of one member, or of one network of strangers
   */
  public RequestDispatcher(
      ServerContext server, ServerOptions options, RequestTimer timer, AttemptLimiter changes) {
    this.server = server;
    this.options = options;
    this.tokens = new CsrfTokens(server.key());
    this.decoys = new DecoySessions(server.key(), server.ids());
    this.responses = new ResponseWriter(server, tokens);
    this.timer = timer;
    this.changes = changes;
  }

  /** Handles a request that matched a route; answers in any case. */
  public void handle(Context context, Route route) {
    long startNanos = server.nanoTime().getAsLong();
    context.attribute(ROUTE, route.path().isEmpty() ? context.method() + " none" : route.name());
    prepare(context);
    try (LazyViewReader lazyView = new LazyViewReader(server.ledger())) {
      answer(context, route, lazyView);
    } catch (IOException e) {
      failed(context, e);
    } finally {
      timer.answered(route, context.statusCode(), server.nanoTime().getAsLong() - startNanos);
    }
  }

  private void answer(Context context, Route route, LazyViewReader lazyView) {
    Exchange exchange = new Exchange(context, VISITOR, lazyView);
    try {
      requireOwnHost(context);
      requireForm(context, route);
      exchange = new Exchange(context, principal(context, lazyView), lazyView);
      requireAccess(route, exchange);
      if (route.method() == HttpMethod.POST) {
        verifyCsrf(exchange);
        enforceRateLimit(exchange);
      }
      Request request =
          new Request(
              context, exchange.principal(), device(context), server.clock().instant(), lazyView);
      Response response = route.handler().handle(request);
      responses.send(exchange, response);
      if (response instanceof Response.SignedIn signedIn && signedIn.session().isFull()) {
        rememberDevice(context, signedIn.session().member());
      }
    } catch (IOException | RuntimeException e) {
      responses.sendError(exchange, e);
    } catch (Error e) {
      // Such as a missing class or a stack overflow: Jetty would send an empty page and log
      // nothing.
      responses.sendError(
          exchange,
          new IllegalStateException("a defect of the program, or of its installation", e));
    }
  }

  /** Remembers the browser on which a member has just been signed in. */
  private void rememberDevice(Context context, String member) throws IOException {
    String browser =
        Objects.requireNonNullElseGet(
            BrowserCookie.DEVICE.of(context), () -> server.ids().secret());
    server.community().knownDevices().remember(member, browser);
    BrowserCookie.DEVICE.set(context, browser, DEVICE_COOKIE_LIFETIME);
  }

  /** Answers a request that matched no route. */
  public void notFound(Context context) {
    handle(
        context,
        new Route(
            HttpMethod.GET,
            "",
            AccessRule.ANYBODY,
            request -> {
              throw HttpProblem.notFound();
            }));
  }

  /** Whether this class has answered a request, so that its error status is not answered again. */
  public static boolean isHandled(Context context) {
    return context.attribute(HANDLED) != null;
  }

  /** The method and the path of the request's route, such as {@code GET /members/{member}}. */
  static String routeName(Context context) {
    return context.attribute(ROUTE) instanceof String name ? name : context.method() + " none";
  }

  /** Answers a request that failed before it reached a route, such as one with too long a body. */
  public void failed(Context context, Exception e) {
    prepare(context);
    responses.sendError(new Exchange(context, VISITOR, new LazyViewReader(server.ledger())), e);
  }

  private void prepare(Context context) {
    context.attribute(HANDLED, true);
    context.attribute(ORIGIN, origin(context));
    context.attribute(MONITOR, isMonitor(context));
    ResponseWriter.setSecurityHeaders(context);
  }

  private void requireOwnHost(Context context) {
    if (!options.isOwnHost(context.req().getServerName())) {
      throw new HttpProblem(
          421, "Not this server", "This server does not answer for the host that was asked for.");
    }
  }

  /** Refuses a body that no page of ours sends, such as a file, before a thread waits for it. */
  private static void requireForm(Context context, Route route) {
    if (route.method() != HttpMethod.POST) {
      return;
    }
    if (RequestBodyReader.isForeign(context.contentType())) {
      throw new HttpProblem(
          415, "Not a form of ours", "This server takes forms of its own pages, and no files.");
    }
    if (context.req().getContentLengthLong() > RequestBodyReader.BYTES_MAX) {
      throw HttpProblem.tooLong();
    }
  }

  private Principal principal(Context context, LazyViewReader lazyView) throws IOException {
    @Nullable String secret = BrowserCookie.SESSION.of(context);
    if (secret == null) {
      return VISITOR;
    }
    ViewReader view = lazyView.view();
    Instant now = server.clock().instant();
    Optional<Sessions.Session> session = Sessions.find(view, secret, now);
    if (session.isEmpty()) {
      return decoys
          .read(secret, now)
          .<Principal>map(decoy -> new Principal.DecoyClaimant(secret, decoy))
          .orElse(VISITOR);
    }
    String handle = session.get().member();
    if (!session.get().isFull()) {
      return new Principal.Claimant(secret, handle);
    }
    CurrentMember member = Request.orNotFound(CurrentMember.find(view, handle, now));
    noteUse(view, secret, now);
    return new Principal.Member(
        secret, handle, member.name(), member.permissions(), member.seesWelcome());
  }

  /**
   * Notes about once a day that a session is used. A page is shown although that fails, as when the
   * disk is full; then it is tried again after a minute, so that each attempt leaves one line.
   */
  private void noteUse(ViewReader view, String secret, Instant now) throws IOException {
    if (now.isBefore(noUseNotedBefore) || !Sessions.isNoteDue(view, secret, now)) {
      return;
    }
    try {
      server.community().sessions().noteUse(secret);
    } catch (IOException e) {
      noUseNotedBefore = now.plus(Duration.ofMinutes(1));
      server.report("it could not be noted that a device is in use: " + e.getMessage());
    }
  }

  private void requireAccess(Route route, Exchange exchange) {
    boolean isAllowed =
        route.access().includes(exchange.principal())
            || route.access() == AccessRule.MONITOR && isMonitor(exchange.context());
    if (isAllowed) {
      return;
    }
    throw switch (exchange.principal()) {
      case Principal.Visitor _ ->
          new HttpProblem(
              401,
              "Please sign in",
              "This page is for members. Sign in, or ask a member for an invite.");
      case Principal.Claimant _, Principal.DecoyClaimant _ ->
          new HttpProblem(
              403,
              "Not yet",
              "Somebody has to vouch for you first. The waiting page shows how far it is.");
      case Principal.Member _ ->
          new HttpProblem(
              403,
              "Not for you",
              "Your roles do not allow this. An admin can give you one that does.");
    };
  }

  /** Whether the request has the token of the monitoring system. Compares in constant time. */
  private boolean isMonitor(Context context) {
    String given = Objects.requireNonNullElse(context.header("Authorization"), "");
    String token = options.metricsToken();
    return token != null
        && MessageDigest.isEqual(
            ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
            given.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Requires a form of this server: by the browser's headers where it sends them, and the token.
   */
  private void verifyCsrf(Exchange exchange) {
    Context context = exchange.context();
    boolean isOurs =
        !isFromAnotherSite(context)
            && tokens.isOf(exchange.formSecret(), context.formParam(TOKEN_FIELD));
    if (!isOurs) {
      throw new HttpProblem(
          403,
          "Please send it again",
          "The form was not one of ours, or too old. Go back, load the page again, and send it once"
              + " more.");
    }
  }

  private static boolean isFromAnotherSite(Context context) {
    @Nullable String site = context.header("Sec-Fetch-Site");
    @Nullable String origin = context.header("Origin");
    return site != null && !Set.of("same-origin", "none").contains(site)
        || origin != null && !origin.equals(context.attribute(ORIGIN)) && !origin.equals("null");
  }

  /**
   * Counts members one by one, because many of them may share an address, and strangers by network.
   */
  private void enforceRateLimit(Exchange exchange) {
    String source =
        switch (exchange.principal()) {
          case Principal.Member member -> "member " + member.handle();
          case Principal.Visitor _, Principal.Claimant _, Principal.DecoyClaimant _ ->
              "network " + AttemptLimiter.source(device(exchange.context())).orElse("");
        };
    long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, server.clock().instant());
    if (!changes.tryOnce(source, nowMicros)) {
      throw new HttpProblem(
          429,
          "Too fast",
          "There were very many changes from you or your network. Please wait a minute.");
    }
  }

  private Device device(Context context) {
    return new Device(context.userAgent(), address(context));
  }

  private String address(Context context) {
    return ForwardedAddress.of(
        Collections.list(context.req().getHeaders("X-Forwarded-For")),
        options.proxies(),
        context.ip());
  }

  /** The base URL of this request: the configured one, or the scheme and host that it names. */
  private String origin(Context context) {
    return Objects.requireNonNullElseGet(
        options.baseUrl(), () -> context.scheme() + "://" + context.host());
  }
}
