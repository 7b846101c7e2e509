package org.thywill.web.http;

import java.io.IOException;

/**
 * One thing that can be asked of the server.
 *
 * @param path with names in braces, such as {@code /prayers/{prayer}}
 */
public record Route(HttpMethod method, String path, AccessRule who, Handler handler) {
  /**
   * Answers a request. It is called only for those who may, and a POST only if it came from a form
   * of ours.
   */
  @FunctionalInterface
  public interface Handler {
    Response handle(Request visit) throws IOException;
  }

  /** As it stands in a log. */
  public String name() {
    return method + " " + path;
  }
}
