package org.thywill.web.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.thywill.community.signin.Sessions;

/** What a handler answers; {@link Front} sends it. */
public sealed interface Answer {
  /**
   * A page.
   *
   * @param template its file below {@code jte}
   * @param title for the window
   * @param view the record that the template shows
   */
  record Page(int status, String template, String title, Object view) implements Answer {}

  /** Go on there, and read this sentence. */
  record GoOn(String to, Said said) implements Answer {}

  /** As {@link GoOn}, with a device that is now signed in, or waits for it. */
  record SignedIn(Sessions.Session session, String to, Said said) implements Answer {}

  /** The device is signed out. */
  record SignedOut(String to, Said said) implements Answer {}

  /**
   * Something that is no page.
   *
   * @param fileName under which a browser keeps it; empty to show it
   * @param isForEver whether it never changes under this address
   */
  record Content(int status, String type, String text, String fileName, boolean isForEver)
      implements Answer {}

  /**
   * A page that is made elsewhere and brings its own style.
   *
   * @param styleHash of that style, which is the only one that the browser is to believe
   */
  record OwnPage(String html, String styleHash) implements Answer {}

  static Answer page(String template, String title, Object view) {
    return new Page(200, template, title, view);
  }

  static Answer goOn(String to, Said said) {
    return new GoOn(to, said);
  }

  /** An address with a parameter behind the question mark; without it where it says nothing. */
  static String address(String path, String parameter, String value) {
    return value.isEmpty()
        ? path
        : path + "?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  static Answer text(int status, String type, String text) {
    return new Content(status, type + "; charset=utf-8", text, "", false);
  }

  static Answer download(String fileName, String text) {
    return new Content(200, "text/plain; charset=utf-8", text, fileName, false);
  }
}
