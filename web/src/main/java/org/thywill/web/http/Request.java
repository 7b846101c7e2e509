package org.thywill.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.Device;
import org.thywill.community.settings.Feature;
import org.thywill.view.ViewReader;

/** One request, as a handler sees it: who looks, at what, with which words. */
public final class Request {
  /**
   * More than any text of the community may have, so that a service says what is too long, and
   * where.
   */
  private static final int FIELD_MAX = 40_000;

  private final Context context;
  private final Principal viewer;
  private final Device device;
  private final Instant now;
  private final LazyViewReader reading;

  Request(Context context, Principal viewer, Device device, Instant now, LazyViewReader reading) {
    this.context = context;
    this.viewer = viewer;
    this.device = device;
    this.now = now;
    this.reading = reading;
  }

  public Principal viewer() {
    return viewer;
  }

  /** The member who looks. Only for routes that others may not take. */
  public Principal.Member member() {
    if (viewer instanceof Principal.Member member) {
      return member;
    }
    throw new IllegalStateException("the route lets others in than members");
  }

  public Device device() {
    return device;
  }

  public Instant now() {
    return now;
  }

  /** What there is, for this request alone. */
  public ViewReader view() throws IOException {
    return reading.view();
  }

  /** A part of the path by its name in braces. */
  public String pathParam(String name) {
    return context.pathParam(name);
  }

  /** A field of the form, as it arrived; empty if it is not there. */
  public String formParam(String name) {
    return bounded(context.formParam(name));
  }

  public boolean isChecked(String name) {
    return !formParam(name).isEmpty();
  }

  /** A parameter behind the question mark; empty if it is not there. */
  public String queryParam(String name) {
    return bounded(context.queryParam(name));
  }

  /** The page number behind the question mark, from 1. */
  public int page() {
    try {
      return Math.clamp(Integer.parseInt(queryParam("page")), 1, 1_000_000);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** The address by which this server was reached, without a slash at its end. */
  public String origin() {
    return context.attribute(RequestDispatcher.ORIGIN) instanceof String origin ? origin : "";
  }

  private static String bounded(@Nullable String text) {
    if (text == null) {
      return "";
    }
    if (text.length() > FIELD_MAX) {
      throw new HttpProblem(
          413,
          "That is too long",
          "The text has "
              + text.length()
              + " characters; no field takes more than "
              + FIELD_MAX
              + ".");
    }
    return text;
  }

  /** What is turned off is not found. */
  public void requireFeature(Feature feature) throws IOException {
    if (!feature.isOn(view())) {
      throw HttpProblem.notFound();
    }
  }

  /** What must be there, or the page is not found. */
  public static <T> T orNotFound(Optional<T> there) {
    return there.orElseThrow(HttpProblem::notFound);
  }
}
