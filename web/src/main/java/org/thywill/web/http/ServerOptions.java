package org.thywill.web.http;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens, and how it is reached.
 *
 * @param port 0 for any free port
 * @param baseUrl by which members reach the server, without a slash at its end; null for the host
 *     name and port of each request
 * @param proxies how many proxies in a row are trusted to name the client's address in
 *     X-Forwarded-For; 0 if none is. Only with a base URL, because a proxy passes on a host name
 *     that its client chose
 * @param metricsToken with which a monitoring system may read the metrics; null if none may
 */
public record ServerOptions(
    String host, int port, @Nullable String baseUrl, int proxies, @Nullable String metricsToken) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public ServerOptions {
    if (proxies > 0 && baseUrl == null) {
      throw new IllegalArgumentException(
          "a server that is reached through a proxy needs a base URL");
    }
  }

  /** Whether requests come through a proxy. */
  public boolean isBehindProxy() {
    return proxies > 0;
  }

  /** Whether browsers reach the server over https. */
  public boolean isHttps() {
    return baseUrl != null && baseUrl.startsWith("https:");
  }

  /**
   * Whether a request for a host name may be answered: it is the name of the base URL, or of this
   * machine for itself. Without a base URL every name is.
   *
   * @param name without a port; an IPv6 address in brackets
   */
  boolean isOwnHost(String name) {
    return baseUrl == null
        || name.equalsIgnoreCase(URI.create(baseUrl).getHost())
        || name.equalsIgnoreCase(host)
        || LOOPBACK.contains(name);
  }
}
