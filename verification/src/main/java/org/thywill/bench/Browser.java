package org.thywill.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A simulated browser of one visitor, with its own cookies and client address.
 *
 * <p>It gets pages and sends their forms, and does not follow redirects. Used by one thread.
 */
final class Browser {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final Pattern CLIENT_ID = Pattern.compile("name=\"client_id\" value=\"([^\"]+)\"");

  private final HttpClient client;
  private final String server;
  private final String address;
  private final Latencies latencies;
  private final Map<String, String> cookies;

  /**
   * The response to a request.
   *
   * @param location where a redirect leads; null for a page
   */
  record Answer(int status, String body, @Nullable String location) {
    /** The first group of each match of a pattern in the page. */
    List<String> all(Pattern pattern) {
      List<String> found = new ArrayList<>();
      Matcher matcher = pattern.matcher(body);
      while (matcher.find()) {
        found.add(matcher.group(1));
      }
      return found;
    }

    private String first(Pattern pattern) throws IOException {
      List<String> found = all(pattern);
      if (found.isEmpty()) {
        throw new IOException(
            "the page has no " + pattern + ": " + body.substring(0, Math.min(500, body.length())));
      }
      return found.getFirst();
    }
  }

  /**
   * A browser without cookies.
   *
   * @param server the address of the server, without a slash at its end
   * @param address the client address, which the browser sends as a proxy would
   * @param latencies takes the latency of each request
   */
  Browser(HttpClient client, String server, String address, Latencies latencies) {
    this(client, server, address, latencies, new LinkedHashMap<>());
  }

  private Browser(
      HttpClient client,
      String server,
      String address,
      Latencies latencies,
      Map<String, String> cookies) {
    this.client = client;
    this.server = server;
    this.address = address;
    this.latencies = latencies;
    this.cookies = cookies;
  }

  /** The same browser, with the same cookies, whose latencies go to another place. */
  Browser countedBy(Latencies others) {
    return new Browser(client, server, address, others, cookies);
  }

  /**
   * Gets a page.
   *
   * @param kind of the request, for the latencies
   * @throws IOException if the answer is not 200
   */
  Answer page(String kind, String path) throws IOException, InterruptedException {
    return measured(kind, 200, request(path).GET().build());
  }

  /**
   * Sends a form of a page, with the page's form token.
   *
   * @param kind of the request, for the latencies
   * @throws IOException if the answer is not a redirect
   */
  Answer send(String kind, Answer page, String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    return send(kind, 303, page, path, fields);
  }

  /**
   * Sends a form of a page whose answer is a page too.
   *
   * @throws IOException if the answer is not 200
   */
  Answer sendForPage(String kind, Answer page, String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    return send(kind, 200, page, path, fields);
  }

  private Answer send(
      String kind, int expected, Answer page, String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    return measured(kind, expected, form(page, path, fields));
  }

  /** Sends a form of a page, whatever the answer is; returns its status. */
  int attempt(Answer page, String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    return client
        .send(form(page, path, fields), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private HttpRequest form(Answer page, String path, Map<String, String> fields)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("form_token", page.first(TOKEN));
    List<String> clientId = page.all(CLIENT_ID);
    if (!clientId.isEmpty()) {
      all.put("client_id", clientId.getFirst());
    }
    List<String> pairs = new ArrayList<>();
    all.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Accept", "text/html")
            .header("X-Forwarded-For", address);
    List<String> pairs = new ArrayList<>();
    cookies.forEach((name, value) -> pairs.add(name + "=" + value));
    return pairs.isEmpty() ? request : request.header("Cookie", String.join("; ", pairs));
  }

  private Answer measured(String kind, int expected, HttpRequest request)
      throws IOException, InterruptedException {
    long startedNanos = System.nanoTime();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      long durationNanos = System.nanoTime() - startedNanos;
      if (response.statusCode() != expected) {
        throw new IOException(
            request.method()
                + " "
                + request.uri()
                + ": expected "
                + expected
                + ", found "
                + response.statusCode());
      }
      response.headers().allValues("Set-Cookie").forEach(this::keep);
      latencies.add(kind, durationNanos);
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("Location").orElse(null));
    } catch (IOException e) {
      latencies.failed(kind, e);
      throw e;
    }
  }

  private void keep(String cookie) {
    String pair = cookie.split(";", 2)[0];
    cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
