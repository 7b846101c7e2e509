package org.thywill.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.thywill.ledger.WritesRefusedException;
import org.thywill.view.ViewException;

/** Sends responses: pages within their layout, redirects with cookies, files, and errors. */
public final class ResponseWriter {
  private static final int YEAR_SECONDS = 365 * 24 * 3_600;
  private static final int SERVER_ERROR_MIN = 500;

  private final ServerContext server;
  private final CsrfTokens tokens;
  private final TemplateRenderer templates = new TemplateRenderer();

  ResponseWriter(ServerContext server, CsrfTokens tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  /** What the page of an error shows. */
  public record ProblemView(
      String title, String sentence, String number, boolean offersSignIn, boolean offersWaiting) {}

  static void setSecurityHeaders(Context context) {
    SecurityHeaders.set(isSecure(context), context::header);
  }

  /** Whether the browser reaches this server over https. */
  static boolean isSecure(Context context) {
    return context.attribute(RequestDispatcher.ORIGIN) instanceof String origin
        && origin.startsWith("https:");
  }

  /**
   * Sends what a handler answered.
   *
   * @throws IOException if the layout cannot be read from the view
   */
  void send(Exchange exchange, Response response) throws IOException {
    Context context = exchange.context();
    switch (response) {
      case Response.Page page -> sendPage(exchange, page);
      case Response.Redirect(String to, FlashMessage message) -> redirect(context, to, message);
      case Response.SignedIn signedIn -> {
        Duration lifetime =
            Duration.between(server.clock().instant(), signedIn.session().expiresAt());
        BrowserCookie.SESSION.set(context, signedIn.session().id(), lifetime);
        redirect(context, signedIn.to(), signedIn.message());
      }
      case Response.SignedOut(String to, FlashMessage message) -> {
        BrowserCookie.SESSION.set(context, "", Duration.ZERO);
        redirect(context, to, message);
      }
      case Response.Content content -> sendContent(context, content);
      case Response.StandalonePage page -> {
        context.header(
            "Content-Security-Policy",
            "default-src 'none'; style-src '"
                + page.styleHash()
                + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
        sendHtml(context, 200, page.html());
      }
    }
  }

  private void sendPage(Exchange exchange, Response.Page page) throws IOException {
    Context context = exchange.context();
    String secret = exchange.formSecret();
    if (secret.isEmpty()) {
      secret = server.ids().id() + server.ids().id();
      BrowserCookie.VISITOR.set(context, secret, Duration.ofDays(1));
    }
    LayoutModel.PageModel model =
        new LayoutModel.PageModel(
            page.title(),
            context.path(),
            tokens.of(secret),
            server.ids().id(),
            FlashMessage.of(context.queryParam("said")).sentence());
    LayoutModel layout =
        templates.layout(
            model,
            exchange.principal(),
            exchange.lazyView(),
            server.clock().instant(),
            isReadOnly());
    sendHtml(context, page.status(), templates.render(page, layout));
  }

  private boolean isReadOnly() {
    return server.ledger().refusal().isPresent();
  }

  private static void sendHtml(Context context, int status, String html) {
    context
        .status(status)
        .contentType("text/html; charset=utf-8")
        .result(html.getBytes(StandardCharsets.UTF_8));
  }

  private static void redirect(Context context, String to, FlashMessage message) {
    String location =
        message == FlashMessage.NOTHING
            ? to
            : to + (to.contains("?") ? "&" : "?") + "said=" + message.label();
    context.status(303).header("Location", URI.create(location).toASCIIString());
  }

  private static void sendContent(Context context, Response.Content content) {
    if (!content.fileName().isEmpty()) {
      context.header("Content-Disposition", "attachment; filename=\"" + content.fileName() + "\"");
    }
    if (content.isImmutable()) {
      context.header("Cache-Control", "public, max-age=" + YEAR_SECONDS + ", immutable");
    }
    context
        .status(content.status())
        .contentType(content.type())
        .result(content.text().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends an error: problem+json to programs, a page to people. A failure of the server is logged
   * under a number, which the response contains.
   */
  void sendError(Exchange exchange, Exception e) {
    Context context = exchange.context();
    if (isViewUnreadable(e)) {
      server.reportUnreadable((IOException) e);
    }
    HttpProblem problem = ExceptionMapper.problem(e);
    boolean isFailure =
        problem.status() >= SERVER_ERROR_MIN && !(e instanceof WritesRefusedException);
    String number = isFailure ? server.ids().id() : "";
    if (!number.isEmpty()) {
      log(context, problem, number, e);
    }
    if (acceptsJsonOnly(context)) {
      context
          .status(problem.status())
          .contentType("application/problem+json")
          .result(problem.json(number));
    } else {
      sendErrorPage(exchange, problem, number);
    }
  }

  /** If the view cannot be read, the page has the layout that visitors see. */
  private void sendErrorPage(Exchange exchange, HttpProblem problem, String number) {
    Principal principal = exchange.principal();
    Response.Page page =
        new Response.Page(
            problem.status(),
            "site/problem.jte",
            problem.title(),
            new ProblemView(
                problem.title(),
                problem.sentence(),
                number,
                principal instanceof Principal.Visitor,
                principal instanceof Principal.Claimant
                    || principal instanceof Principal.DecoyClaimant));
    try {
      sendPage(exchange, page);
    } catch (IOException | RuntimeException e) {
      LayoutModel bare = LayoutModel.bare(page.title(), isReadOnly());
      sendHtml(exchange.context(), page.status(), templates.render(page, bare));
    }
  }

  /** Logs the route and never the path, which may hold the token of a link. */
  private void log(Context context, HttpProblem problem, String number, Exception cause) {
    server
        .log()
        .println(
            server.clock().instant()
                + " "
                + number
                + " "
                + problem.status()
                + " "
                + RequestDispatcher.routeName(context)
                + (isViewUnreadable(cause) ? " " + cause.getMessage() : ""));
    if (!isViewUnreadable(cause)) {
      cause.printStackTrace(server.log());
    }
    server.log().flush();
  }

  /** Whether the view is missing or damaged, which is no defect of the program. */
  private static boolean isViewUnreadable(Exception e) {
    return e instanceof ViewException || e instanceof NoSuchFileException;
  }

  private static boolean acceptsJsonOnly(Context context) {
    String accept = Objects.requireNonNullElse(context.header("Accept"), "");
    return !accept.contains("text/html")
        && Arrays.stream(accept.split(",", -1))
            .map(String::strip)
            .anyMatch(
                type ->
                    type.startsWith("application/json")
                        || type.startsWith("application/problem+json"));
  }
}
