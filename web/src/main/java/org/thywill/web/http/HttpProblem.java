package org.thywill.web.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.json.Json;

/** An error response: a page for people, problem+json for programs. */
public final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String title;

  /**
   * Creates a problem.
   *
   * @param status the HTTP status
   * @param title a few words
   * @param sentence what happened, and what to do now
   */
  HttpProblem(int status, String title, String sentence) {
    super(sentence);
    this.status = status;
    this.title = title;
  }

  /** The answer where there is nothing, or nothing that this principal may see. */
  public static HttpProblem notFound() {
    return new HttpProblem(
        404,
        "Nothing here",
        "There is nothing at this address, or not for you. The address may have a typing error.");
  }

  /** The answer to a request with too long a body. */
  static HttpProblem tooLong() {
    return new HttpProblem(
        413, "That is too long", "So much text does not fit into one request. Please shorten it.");
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  /**
   * The problem as JSON (RFC 9457).
   *
   * @param number by which the operator finds it in the log; empty if it is not logged
   */
  String json(String number) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "about:blank");
    json.put("title", title);
    json.put("status", status);
    json.put("detail", sentence());
    if (!number.isEmpty()) {
      json.put("instance", "urn:thywill:" + number);
    }
    return Json.write(json);
  }
}
