package org.thywill.web.http;

import java.io.IOException;

/**
 * A method and path that the server answers, who may call it, and what answers it.
 *
 * @param path with names in braces, such as {@code /prayers/{prayer}}
 */
public record Route(HttpMethod method, String path, AccessRule access, Handler handler) {
  /** Answers a request. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request that passed all checks: the principal may call the route, and a POST has
     * the token of one of our forms.
     *
     * @throws IOException if the view cannot be read, or the archive cannot be written
     */
    Response handle(Request request) throws IOException;
  }

  /** The method and the path, such as {@code GET /members}. */
  public String name() {
    return method + " " + path;
  }
}
