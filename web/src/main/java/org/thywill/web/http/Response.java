package org.thywill.web.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.thywill.community.signin.Sessions;

/** The answer of a handler, which {@link RequestDispatcher} sends. */
public sealed interface Response {
  /**
   * A page.
   *
   * @param status the HTTP status
   * @param template its file below {@code jte}
   * @param title for the window
   * @param view the record that the template shows
   */
  record Page(int status, String template, String title, Object view) implements Response {}

  /** A redirect to another page, which begins with a message. */
  record Redirect(String to, FlashMessage message) implements Response {}

  /** A redirect that gives the device a session, full or pending. */
  record SignedIn(Sessions.Session session, String to, FlashMessage message) implements Response {}

  /** A redirect that takes the session from the device. */
  record SignedOut(String to, FlashMessage message) implements Response {}

  /**
   * Content other than a page.
   *
   * @param status the HTTP status
   * @param type the content type
   * @param fileName under which a browser saves it; empty to show it
   * @param isImmutable whether it never changes under this address
   */
  record Content(int status, String type, String text, String fileName, boolean isImmutable)
      implements Response {}

  /**
   * A complete page with a style of its own.
   *
   * @param styleHash of that style, the only one that the browser may apply
   */
  record StandalonePage(String html, String styleHash) implements Response {}

  /** A page with status 200. */
  static Response page(String template, String title, Object view) {
    return new Page(200, template, title, view);
  }

  static Response redirect(String to, FlashMessage message) {
    return new Redirect(to, message);
  }

  /**
   * The address of the next page of a list.
   *
   * @param next where it begins; null on the last page, which gives an empty address
   */
  static String nextAddress(String path, String parameter, @Nullable String next) {
    return next == null ? "" : address(path, parameter, next);
  }

  /** An address with a parameter in its query string; without it if the value is empty. */
  static String address(String path, String parameter, String value) {
    return value.isEmpty()
        ? path
        : path + "?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Text to be shown, of a content type. */
  static Response text(int status, String type, String text) {
    return new Content(status, type + "; charset=utf-8", text, "", false);
  }

  /** Plain text to be saved as a file. */
  static Response download(String fileName, String text) {
    return new Content(200, "text/plain; charset=utf-8", text, fileName, false);
  }
}
