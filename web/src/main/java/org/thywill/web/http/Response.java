package org.thywill.web.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.thywill.community.signin.Sessions;

/** What a handler answers; {@link RequestDispatcher} sends it. */
public sealed interface Response {
  /**
   * A page.
   *
   * @param template its file below {@code jte}
   * @param title for the window
   * @param view the record that the template shows
   */
  record Page(int status, String template, String title, Object view) implements Response {}

  /** Go on there, and read this sentence. */
  record GoOn(String to, FlashMessage said) implements Response {}

  /** As {@link GoOn}, with a device that is now signed in, or waits for it. */
  record SignedIn(Sessions.Session session, String to, FlashMessage said) implements Response {}

  /** The device is signed out. */
  record SignedOut(String to, FlashMessage said) implements Response {}

  /**
   * Something that is no page.
   *
   * @param fileName under which a browser keeps it; empty to show it
   * @param isForEver whether it never changes under this address
   */
  record Content(int status, String type, String text, String fileName, boolean isForEver)
      implements Response {}

  /**
   * A page that is made elsewhere and brings its own style.
   *
   * @param styleHash of that style, which is the only one that the browser is to believe
   */
  record StandalonePage(String html, String styleHash) implements Response {}

  static Response page(String template, String title, Object view) {
    return new Page(200, template, title, view);
  }

  static Response redirect(String to, FlashMessage said) {
    return new GoOn(to, said);
  }

  /** An address with a parameter behind the question mark; without it where it says nothing. */
  static String address(String path, String parameter, String value) {
    return value.isEmpty()
        ? path
        : path + "?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  static Response text(int status, String type, String text) {
    return new Content(status, type + "; charset=utf-8", text, "", false);
  }

  static Response download(String fileName, String text) {
    return new Content(200, "text/plain; charset=utf-8", text, fileName, false);
  }
}
