package org.thywill.web.http;

import java.util.Map;
import java.util.function.BiConsumer;

/** The headers that protect browsers, which every response has: pages, files and errors. */
final class SecurityHeaders {
  private static final int YEAR_SECONDS = 365 * 24 * 3_600;

  private static final Map<String, String> ALWAYS =
      Map.of(
          "Content-Security-Policy", RequestDispatcher.CONTENT_POLICY,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()",
          "Cache-Control", "no-store");

  private SecurityHeaders() {}

  /**
   * Sets the headers of a response.
   *
   * @param isHttps whether browsers reach the server over https; they are then to use nothing else
   * @param response takes the name and the value of each header
   */
  static void set(boolean isHttps, BiConsumer<String, String> response) {
    ALWAYS.forEach(response);
    if (isHttps) {
      response.accept("Strict-Transport-Security", "max-age=" + YEAR_SECONDS);
    }
  }
}
