package org.thywill.web.http;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Roles;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.WriteFailedException;
import org.thywill.view.ViewException;
import org.thywill.view.ViewReader;
import org.thywill.web.WebServer;
import org.thywill.web.console.Metrics;

/**
 * The one door that every request comes through: says who looks, whether they may, and whether a
 * form is ours; calls the handler; sends what it answers, and turns whatever went wrong into a page
 * for people or problem+json for programs.
 */
public final class RequestDispatcher {
  static final String ORIGIN = "origin";
  private static final String ANSWERED = "answered";
  private static final Principal STRANGER = new Principal.Stranger();

  /**
   * Nothing but our own files: no script or style within a page, no other host, no frame around it.
   */
  public static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src"
          + " 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  public static final String SESSION = "thywill";
  public static final String VISITOR = "visitor";
  public static final String TOKEN_FIELD = "form_token";
  private static final int YEAR_SECONDS = 365 * 24 * 3_600;

  private final ServerContext site;
  private final WebServer.Options options;
  private final CsrfTokens tokens;
  private final DecoySessions decoys;
  private final TemplateRenderer pages;
  private final Metrics metrics;
  private final RateLimit changes;

  public RequestDispatcher(
      ServerContext site, WebServer.Options options, Metrics metrics, RateLimit changes) {
    this.site = site;
    this.options = options;
    this.tokens = new CsrfTokens(site.key());
    this.decoys = new DecoySessions(site.key(), site.ids());
    this.pages = new TemplateRenderer();
    this.metrics = metrics;
    this.changes = changes;
  }

  public void handle(Context context, Route route) {
    long begun = site.nanoTime().getAsLong();
    context.attribute(ANSWERED, true);
    setSecurityHeaders(context);
    try (LazyViewReader reading = new LazyViewReader(site.ledger())) {
      answer(context, route, reading);
    } catch (IOException e) {
      failed(context, e);
    } finally {
      metrics.answered(route, context.statusCode(), site.nanoTime().getAsLong() - begun);
    }
  }

  private void answer(Context context, Route route, LazyViewReader reading) {
    Principal viewer = STRANGER;
    try {
      viewer = viewer(context, reading);
      require(route, viewer, context);
      if (route.method() == HttpMethod.POST) {
        verifyCsrf(context, viewer);
        enforceRateLimit(context);
      }
      send(
          context,
          viewer,
          reading,
          route
              .handler()
              .handle(
                  new Request(context, viewer, device(context), site.clock().instant(), reading)));
    } catch (IOException | RuntimeException e) {
      fail(context, viewer, reading, e);
    } catch (Error e) {
      // A class that is missing, a stack that is full: the server underneath would answer with an
      // empty page, and tell nobody.
      fail(
          context,
          viewer,
          reading,
          new IllegalStateException("a defect of the program, or of its installation", e));
    }
  }

  /** Whatever has no route. */
  public void notFound(Context context) {
    handle(
        context,
        new Route(
            HttpMethod.GET,
            "",
            AccessRule.ANYBODY,
            visit -> {
              throw HttpProblem.notFound();
            }));
  }

  /**
   * Whether a request came through this door, so that an error it was answered with is not answered
   * again.
   */
  public static boolean isAnswered(Context context) {
    return context.attribute(ANSWERED) != null;
  }

  /** What went wrong before a request came in here, such as a body that is too long. */
  public void failed(Context context, Exception e) {
    context.attribute(ANSWERED, true);
    setSecurityHeaders(context);
    fail(context, STRANGER, new LazyViewReader(site.ledger()), e);
  }

  /** What the server underneath refused. */
  private static HttpProblem early(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404, 405 -> HttpProblem.notFound();
      case 413 ->
          new HttpProblem(
              413,
              "That is too long",
              "So much text does not fit into one request. Please shorten it.");
      default ->
          new HttpProblem(
              e.getStatus(),
              "That cannot be answered",
              "The request was not one that this server understands.");
    };
  }

  private void setSecurityHeaders(Context context) {
    context.attribute(ORIGIN, origin(context));
    context.header("Content-Security-Policy", CONTENT_POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Referrer-Policy", "same-origin");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    context.header("Cache-Control", "no-store");
    if (isSecure(context)) {
      context.header("Strict-Transport-Security", "max-age=" + YEAR_SECONDS);
    }
  }

  private Principal viewer(Context context, LazyViewReader reading) throws IOException {
    @Nullable String secret = context.cookie(SESSION);
    if (secret == null || secret.isEmpty()) {
      return STRANGER;
    }
    ViewReader view = reading.view();
    Instant now = site.clock().instant();
    Optional<Sessions.Session> session = Sessions.find(view, secret, now);
    if (session.isEmpty()) {
      return decoys
          .read(secret, now)
          .<Principal>map(decoy -> new Principal.NobodyAtTheDoor(secret, decoy))
          .orElse(STRANGER);
    }
    String handle = session.get().member();
    if (!session.get().isFull()) {
      return new Principal.AtTheDoor(secret, handle);
    }
    Row row = Request.orNotFound(view.find(Catalog.MEMBERS, handle));
    return new Principal.Member(
        secret,
        handle,
        row.text("display_name").orElse(handle),
        Roles.permissions(view, handle, now),
        !row.is("welcome_dismissed"));
  }

  private void require(Route route, Principal viewer, Context context) {
    if (route.who().includes(viewer) || route.who() == AccessRule.MONITOR && isMonitor(context)) {
      return;
    }
    throw switch (viewer) {
      case Principal.Stranger stranger ->
          new HttpProblem(
              401,
              "Please sign in",
              "This page is for members. Sign in, or ask a member for an invite.");
      case Principal.AtTheDoor waiting -> pendingApproval();
      case Principal.NobodyAtTheDoor nobody -> pendingApproval();
      case Principal.Member member ->
          new HttpProblem(
              403,
              "Not for you",
              "Your roles do not allow this. An admin can give you one that does.");
    };
  }

  /**
   * Whether the request shows the token that the operator gave to a monitor; compared in a time
   * that tells nothing.
   */
  private boolean isMonitor(Context context) {
    String shown = Optional.ofNullable(context.header("Authorization")).orElse("");
    return options
        .metricsToken()
        .map(
            token ->
                MessageDigest.isEqual(
                    ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
                    shown.getBytes(StandardCharsets.UTF_8)))
        .orElse(false);
  }

  private static HttpProblem pendingApproval() {
    return new HttpProblem(
        403,
        "Not yet",
        "Somebody has to vouch for you first. The waiting page shows how far it is.");
  }

  /** A browser says where a form comes from; the token shows it even if the browser does not. */
  private void verifyCsrf(Context context, Principal viewer) {
    @Nullable String site = context.header("Sec-Fetch-Site");
    @Nullable String origin = context.header("Origin");
    boolean isElsewhere =
        site != null && !Set.of("same-origin", "none").contains(site)
            || origin != null
                && !origin.equals(context.attribute(ORIGIN))
                && !origin.equals("null");
    if (isElsewhere || !tokens.isOf(formSecret(context, viewer), context.formParam(TOKEN_FIELD))) {
      throw new HttpProblem(
          403,
          "Please send it again",
          "The form was not one of ours, or too old. Go back, load the page again, and send it once"
              + " more.");
    }
  }

  private void enforceRateLimit(Context context) {
    if (!changes.admits(address(context), site.clock().instant())) {
      throw new HttpProblem(
          429, "Too fast", "There were very many changes from your address. Please wait a minute.");
    }
  }

  /** What the token of a form is tied to: the session, or a visitor's cookie. */
  private static String formSecret(Context context, Principal viewer) {
    return switch (viewer) {
      case Principal.Member member -> member.session();
      case Principal.AtTheDoor waiting -> waiting.session();
      case Principal.NobodyAtTheDoor nobody -> nobody.session();
      case Principal.Stranger stranger -> Optional.ofNullable(context.cookie(VISITOR)).orElse("");
    };
  }

  private Device device(Context context) {
    return new Device(context.userAgent(), address(context));
  }

  /** The last address that our own proxy saw; those before it are only claimed. */
  private String address(Context context) {
    @Nullable String forwarded = options.behindProxy() ? context.header("X-Forwarded-For") : null;
    return forwarded == null
        ? context.ip()
        : forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
  }

  private boolean isSecure(Context context) {
    return origin(context).startsWith("https:");
  }

  /** How members reach this server: as the operator says, else as they just did. */
  private String origin(Context context) {
    boolean isForwarded =
        options.behindProxy() && "https".equals(context.header("X-Forwarded-Proto"));
    return options
        .baseUrl()
        .orElseGet(() -> (isForwarded ? "https" : context.scheme()) + "://" + context.host());
  }

  private void send(Context context, Principal viewer, LazyViewReader reading, Response answer)
      throws IOException {
    switch (answer) {
      case Response.Page page -> html(context, viewer, reading, page);
      case Response.GoOn(String to, FlashMessage said) -> goOn(context, to, said);
      case Response.SignedIn(Sessions.Session session, String to, FlashMessage said) -> {
        context.cookie(
            cookie(
                context,
                SESSION,
                session.id(),
                Duration.between(site.clock().instant(), session.expiresAt())));
        goOn(context, to, said);
      }
      case Response.SignedOut(String to, FlashMessage said) -> {
        context.cookie(cookie(context, SESSION, "", Duration.ZERO));
        goOn(context, to, said);
      }
      case Response.Content content -> content(context, content);
      case Response.StandalonePage page ->
          context
              .header(
                  "Content-Security-Policy",
                  "default-src 'none'; style-src '"
                      + page.styleHash()
                      + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
              .contentType("text/html; charset=utf-8")
              .result(page.html().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void html(Context context, Principal viewer, LazyViewReader reading, Response.Page page)
      throws IOException {
    String secret = formSecret(context, viewer);
    if (secret.isEmpty()) {
      secret = site.ids().id() + site.ids().id();
      context.cookie(cookie(context, VISITOR, secret, Duration.ofDays(1)));
    }
    LayoutModel frame =
        pages.frame(
            viewer,
            reading,
            page.title(),
            context.path(),
            tokens.of(secret),
            site.ids().id(),
            FlashMessage.of(context.queryParam("said")),
            site.clock().instant());
    context
        .status(page.status())
        .contentType("text/html; charset=utf-8")
        .result(pages.render(page, frame).getBytes(StandardCharsets.UTF_8));
  }

  private static void goOn(Context context, String to, FlashMessage said) {
    String where =
        said == FlashMessage.NOTHING
            ? to
            : to + (to.contains("?") ? "&" : "?") + "said=" + said.label();
    context.status(303).header("Location", URI.create(where).toASCIIString());
  }

  private static void content(Context context, Response.Content content) {
    if (!content.fileName().isEmpty()) {
      context.header("Content-Disposition", "attachment; filename=\"" + content.fileName() + "\"");
    }
    if (content.isForEver()) {
      context.header("Cache-Control", "public, max-age=" + YEAR_SECONDS + ", immutable");
    }
    context
        .status(content.status())
        .contentType(content.type())
        .result(content.text().getBytes(StandardCharsets.UTF_8));
  }

  private Cookie cookie(Context context, String name, String value, Duration lifetime) {
    Cookie cookie = new Cookie(name, value, "/", (int) lifetime.toSeconds(), isSecure(context));
    cookie.setHttpOnly(true);
    cookie.setSameSite(SameSite.LAX);
    return cookie;
  }

  private static HttpProblem problem(Exception e) {
    return switch (e) {
      case HttpProblem problem -> problem;
      case HttpResponseException refused -> early(refused);
      case ForbiddenException refused ->
          new HttpProblem(403, "That is not possible", String.valueOf(refused.getMessage()));
      case InvalidInputException refused ->
          new HttpProblem(422, "That did not work", String.valueOf(refused.getMessage()));
      case ConstraintViolationException refused ->
          new HttpProblem(422, "That did not work", String.valueOf(refused.getMessage()));
      case WriteFailedException failed ->
          new HttpProblem(
              503,
              "Not saved",
              "The server could not write it down, so nothing was changed. Keep your words, and try"
                  + " again in a few minutes.");
      case ViewException failed -> unreadable();
      case NoSuchFileException failed -> unreadable();
      default ->
          new HttpProblem(
              500,
              "Something is broken here",
              "This is a defect of the server, not of what you did. Please tell the operator the"
                  + " number below.");
    };
  }

  /** Whoever could not read tells the ledger, which builds the view anew. */
  private void reportUnreadable(Exception e) {
    switch (e) {
      case ViewException failed -> site.ledger().reportUnreadable(failed.isDamaged());
      case NoSuchFileException failed -> site.ledger().reportUnreadable(false);
      default -> {}
    }
  }

  private static HttpProblem unreadable() {
    return new HttpProblem(
        503,
        "Please wait a moment",
        "The server cannot read its database now. Nothing that was saved is lost: the database is"
            + " being built again from the archive. Try again in a minute.");
  }

  /**
   * A failure that is not the visitor's gets a number, by which the operator finds it in the log.
   */
  private void fail(Context context, Principal viewer, LazyViewReader reading, Exception e) {
    reportUnreadable(e);
    HttpProblem problem = problem(e);
    String number = problem.status() >= 500 ? site.ids().id() : "";
    if (!number.isEmpty()) {
      log(context, problem, number, e);
    }
    if (wantsJson(context)) {
      context
          .status(problem.status())
          .contentType("application/problem+json")
          .result(problem.json(number));
    } else {
      page(
          context,
          viewer,
          reading,
          new Response.Page(
              problem.status(),
              "http/problem.jte",
              problem.title(),
              new ProblemView(
                  problem.title(),
                  problem.sentence(),
                  number,
                  viewer instanceof Principal.Stranger,
                  AccessRule.WAITING.includes(viewer) && !(viewer instanceof Principal.Member))));
    }
  }

  /** A page also where the view cannot be read: then with the frame that strangers see. */
  private void page(Context context, Principal viewer, LazyViewReader reading, Response.Page page) {
    try {
      html(context, viewer, reading, page);
    } catch (IOException | RuntimeException e) {
      LayoutModel bare = TemplateRenderer.bare(page.title());
      context
          .status(page.status())
          .contentType("text/html; charset=utf-8")
          .result(pages.render(page, bare).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What the page of a problem shows. */
  record ProblemView(
      String title, String sentence, String number, boolean offersSignIn, boolean offersWaiting) {}

  private void log(Context context, HttpProblem problem, String number, Exception cause) {
    site.log()
        .println(
            site.clock().instant()
                + " "
                + number
                + " "
                + problem.status()
                + " "
                + context.method()
                + " "
                + context.path());
    cause.printStackTrace(site.log());
    site.log().flush();
  }

  private static boolean wantsJson(Context context) {
    String accept = Optional.ofNullable(context.header("Accept")).orElse("");
    return !accept.contains("text/html")
        && Arrays.stream(accept.split(",", -1))
            .map(String::strip)
            .anyMatch(
                type ->
                    type.startsWith("application/json")
                        || type.startsWith("application/problem+json"));
  }
}
