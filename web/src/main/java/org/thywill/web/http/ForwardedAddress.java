package org.thywill.web.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the address of a client in {@code X-Forwarded-For}.
 *
 * <p>Each proxy appends the address from which it was called: to the last header, separated by a
 * comma, or as another header. So the list is read as one, and counted from the right: the last
 * entry was written by the proxy that calls this server, the one before it by the proxy that called
 * that one. What is further left than there are proxies was sent by the client, who can invent it.
 */
final class ForwardedAddress {
  /** An address with a port, as some proxies write it; an IPv6 address then has brackets. */
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([^\\[\\]]*)\\](?::\\d+)?|(\\d+\\.\\d+\\.\\d+\\.\\d+):\\d+");

  private ForwardedAddress() {}

  /**
   * The address of the client.
   *
   * @param headers all X-Forwarded-For headers of the request, in their order
   * @param proxies how many proxies in a row are trusted; 0 if the header is not
   * @param peer the address from which the request came to this server
   * @return what the outermost trusted proxy wrote; where fewer wrote anything, what the outermost
   *     of these wrote, and the peer if none did
   */
  static String of(List<String> headers, int proxies, String peer) {
    if (proxies == 0) {
      return peer;
    }
    List<String> entries = new ArrayList<>();
    for (String header : headers) {
      // An empty entry counts: a proxy wrote it.
      entries.addAll(List.of(header.split(",", -1)));
    }
    if (entries.isEmpty()) {
      return peer;
    }
    String entry = entries.get(Math.max(0, entries.size() - proxies)).strip();
    Matcher withPort = WITH_PORT.matcher(entry);
    if (!withPort.matches()) {
      return entry;
    }
    return withPort.group(1) == null ? withPort.group(2) : withPort.group(1);
  }
}
