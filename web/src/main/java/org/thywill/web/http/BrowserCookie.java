package org.thywill.web.http;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of this server. Scripts cannot read them, and other sites cannot make a browser send
 * them with a form.
 *
 * <p>Over https their names begin with {@code __Host-}: a browser then takes them only from this
 * host by https, so no other host of the same domain can put one in its place.
 */
public enum BrowserCookie {
  /** The secret of the session, full or pending. */
  SESSION("thywill"),
  /** Ties the forms of a visitor to their browser. */
  VISITOR("visitor"),
  /** By which a browser is known after its session has ended; it gives no right. */
  DEVICE("device");

  private static final String HOST_PREFIX = "__Host-";

  private final String plainName;

  BrowserCookie(String plainName) {
    this.plainName = plainName;
  }

  /** The name of the cookie. */
  public String cookieName(boolean isHttps) {
    return isHttps ? HOST_PREFIX + plainName : plainName;
  }

  /** Its value in a request; null if the browser sent none, or an empty one. */
  @Nullable String of(Context context) {
    @Nullable String value = context.cookie(cookieName(ResponseWriter.isSecure(context)));
    return value == null || value.isEmpty() ? null : value;
  }

  /** Sets it in the response to a request; a lifetime of zero deletes it. */
  void set(Context context, String value, Duration lifetime) {
    boolean isHttps = ResponseWriter.isSecure(context);
    Cookie cookie =
        new Cookie(cookieName(isHttps), value, "/", (int) lifetime.toSeconds(), isHttps);
    cookie.setHttpOnly(true);
    cookie.setSameSite(SameSite.LAX);
    context.cookie(cookie);
  }
}
