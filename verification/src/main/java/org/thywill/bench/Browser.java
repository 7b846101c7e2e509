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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser of one visitor, with its cookies and an address of its own: gets pages, and sends the
 * forms that stand in them. Redirects are not followed by themselves. Used by one thread.
 */
final class Browser {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final Pattern ONCE = Pattern.compile("name=\"client_id\" value=\"([^\"]+)\"");

  private final HttpClient client;
  private final String server;
  private final String address;
  private final Latencies latencies;
  private final Map<String, String> cookies;

  /**
   * What came back.
   *
   * @param location where to go on; empty for a page
   */
  record Answer(int status, String body, Optional<String> location) {
    /** What a pattern finds in the page, each of its first groups. */
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
   * A browser that has been nowhere yet.
   *
   * @param server its address, without a slash at its end
   * @param address of the visitor, as a proxy before the server would tell it
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

  /** The same browser, whose requests are counted elsewhere. */
  Browser countedBy(Latencies others) {
    return new Browser(client, server, address, others, cookies);
  }

  /** Gets a page, which must be there. */
  Answer page(String kind, String path) throws IOException, InterruptedException {
    return measured(kind, 200, request(path).GET().build());
  }

  /**
   * Sends a form of a page, whose token it takes; the server must go on somewhere, and is not
   * followed.
   */
  Answer send(String kind, Answer page, String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("form_token", page.first(TOKEN));
    List<String> once = page.all(ONCE);
    if (!once.isEmpty()) {
      all.put("client_id", once.getFirst());
    }
    List<String> pairs = new ArrayList<>();
    all.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return measured(
        kind,
        303,
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)))
            .build());
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
    long began = System.nanoTime();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      long nanos = System.nanoTime() - began;
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
      latencies.add(kind, nanos);
      return new Answer(
          response.statusCode(), response.body(), response.headers().firstValue("Location"));
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
