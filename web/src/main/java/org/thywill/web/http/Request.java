package org.thywill.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.Device;
import org.thywill.community.settings.Feature;
import org.thywill.community.signin.FreshSignIn;
import org.thywill.view.ViewReader;

/** One request, as a handler sees it: the principal, the parameters, and a reader of the view. */
public final class Request {
  /** More than any text of the community may have, so that a service names the field. */
  private static final int FIELD_CHARS_MAX = 40_000;

  private final Context context;
  private final Principal principal;
  private final Device device;
  private final Instant now;
  private final LazyViewReader lazyView;

  Request(
      Context context, Principal principal, Device device, Instant now, LazyViewReader lazyView) {
    this.context = context;
    this.principal = principal;
    this.device = device;
    this.now = now;
    this.lazyView = lazyView;
  }

  public Principal principal() {
    return principal;
  }

  /**
   * The member who sends it. Only for routes whose {@link AccessRule} admits members only.
   *
   * @throws IllegalStateException if it is not a member
   */
  public Principal.Member member() {
    if (principal instanceof Principal.Member member) {
      return member;
    }
    throw new IllegalStateException("the route admits others than members");
  }

  public Device device() {
    return device;
  }

  /**
   * Whether the member has signed in on this device so lately that it is new proof of who they are.
   * Only for routes that admit members only.
   */
  public boolean hasFreshSignIn() throws IOException {
    return FreshSignIn.isProof(view(), member().session(), now);
  }

  /** The answer where {@link #hasFreshSignIn} is needed and does not hold. */
  public Response askForProof() {
    return Response.redirect("/me/proof", FlashMessage.NOTHING);
  }

  /** The secret by which the browser is known from earlier sign-ins; null if it has none. */
  public @Nullable String browserSecret() {
    return BrowserCookie.DEVICE.of(context);
  }

  public Instant now() {
    return now;
  }

  /**
   * A reader of the view, closed after the request.
   *
   * @throws IOException if the view cannot be opened
   */
  public ViewReader view() throws IOException {
    return lazyView.view();
  }

  /**
   * What the view holds, in figures.
   *
   * @throws IOException if the view cannot be read
   */
  public ViewSummary viewSummary() throws IOException {
    return ViewSummary.of(view().state());
  }

  /** A part of the path, by its name in braces. */
  public String pathParam(String name) {
    return context.pathParam(name);
  }

  /**
   * A field of the form, as it arrived; empty if it is not there.
   *
   * @throws HttpProblem 413 if it is too long
   */
  public String formParam(String name) {
    return bounded(context.formParam(name));
  }

  /** Whether a box of the form is ticked. */
  public boolean isChecked(String name) {
    return !formParam(name).isEmpty();
  }

  /**
   * A parameter of the query string; empty if it is not there.
   *
   * @throws HttpProblem 413 if it is too long
   */
  public String queryParam(String name) {
    return bounded(context.queryParam(name));
  }

  /** The page number in the query string, from 1; 1 where it is no number. */
  public int page() {
    try {
      return Math.clamp(Integer.parseInt(queryParam("page")), 1, 1_000_000);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** Whether an operator sends it, or a monitoring system with its token. */
  public boolean isOfOperator() {
    return AccessRule.MONITOR.includes(principal)
        || Boolean.TRUE.equals(context.attribute(RequestDispatcher.MONITOR));
  }

  /** The base URL by which this server was reached, without a slash at its end. */
  public String origin() {
    return context.attribute(RequestDispatcher.ORIGIN) instanceof String origin ? origin : "";
  }

  private static String bounded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    if (text.length() > FIELD_CHARS_MAX) {
      throw new HttpProblem(
          413,
          "That is too long",
          "The text has "
              + text.length()
              + " characters; no field takes more than "
              + FIELD_CHARS_MAX
              + ".");
    }
    return text;
  }

  /**
   * Requires that a feature is turned on.
   *
   * @throws HttpProblem 404 if it is turned off
   */
  public void requireFeature(Feature feature) throws IOException {
    if (!feature.isOn(view())) {
      throw HttpProblem.notFound();
    }
  }

  /**
   * Unwraps a value that the page is about.
   *
   * @throws HttpProblem 404 if it is not there
   */
  public static <T> T orNotFound(Optional<T> value) {
    return value.orElseThrow(HttpProblem::notFound);
  }
}
