package org.thywill.community.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Limits how often something may be tried per key within a time window, in memory only.
 *
 * <p>The window of a key begins with its first try. Sign-ins are counted by the address that they
 * come from, and by that together with the member who is claimed, but never only by that member, so
 * that members cannot be locked out by others. Wrong digits are counted by the member who types
 * them, who is known.
 *
 * <p>Only the newest keys are kept, so neither many keys nor many tries need much memory. A refusal
 * is to be logged once per key and kind in a window, and at most {@value #LOGGED_MAX} times for all
 * keys together, so that visitors cannot make the archive grow without bound.
 *
 * <p>All times are in microseconds since 1970. Several threads can use it at once.
 */
public final class AttemptLimiter {
  /** How many tries {@link #perHour} allows. */
  public static final int TRIES_PER_HOUR = 10;

  static final int LOGGED_MAX = 500;
  private static final int KEYS_MAX = 10_000;
  private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

  private final long windowMicros;
  private final int triesMax;
  private final int keysMax;
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private long loggedSinceMicros;
  private int logged;

  /** What one key has done since its first try. */
  private static final class Tally {
    final long sinceMicros;
    final Set<String> loggedKinds = new HashSet<>();
    int tries;

    Tally(long sinceMicros) {
      this.sinceMicros = sinceMicros;
    }
  }

  /**
   * A limit on tries per key.
   *
   * @param keysMax how many keys are kept; beyond that the oldest is forgotten
   */
  public AttemptLimiter(Duration window, int triesMax, int keysMax) {
    this.windowMicros = TimeUnit.NANOSECONDS.toMicros(window.toNanos());
    this.triesMax = triesMax;
    this.keysMax = keysMax;
  }

  /** A limit of {@value #TRIES_PER_HOUR} tries within an hour. */
  public static AttemptLimiter perHour() {
    return new AttemptLimiter(Duration.ofHours(1), TRIES_PER_HOUR, KEYS_MAX);
  }

  /**
   * The key of a device: its IP address; for IPv6 the network of 64 bits, because one device can
   * use every address in it. Empty if the address is not known.
   */
  public static Optional<String> source(Device device) {
    return Optional.ofNullable(device.address())
        .map(address -> address.contains(":") ? network(address) : address);
  }

  /**
   * The block of addresses that a device's address is in: 24 bits of IPv4, such as {@code
   * 203.0.113.0/24}, or 64 bits of IPv6. Empty if the address is not known.
   */
  public static Optional<String> addressBlock(Device device) {
    return source(device)
        .map(
            source ->
                source.matches(IPV4)
                    ? source.substring(0, source.lastIndexOf('.')) + ".0/24"
                    : source);
  }

  /** The same text for each way to write an address of the network. */
  private static String network(String address) {
    int zone = address.indexOf('%');
    InetAddress parsed;
    try {
      parsed = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
    } catch (IllegalArgumentException e) {
      return address; // what a proxy wrote is no address: each such text counts for itself
    }
    if (parsed instanceof Inet4Address) {
      return parsed.getHostAddress(); // written as an address of IPv6
    }
    byte[] bytes = parsed.getAddress();
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < Long.BYTES; i += 2) {
      network.append(Integer.toHexString((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF)).append(':');
    }
    return network.append(":/64").toString();
  }

  /** Whether a key has no tries left. This does not count as a try. */
  public synchronized boolean isExhausted(String key, long atMicros) {
    return tally(key, atMicros).tries >= triesMax;
  }

  /** Counts a try of a key. */
  public synchronized void count(String key, long atMicros) {
    tally(key, atMicros).tries++;
  }

  /**
   * Counts a try of a key, whether it is allowed or not. The key then counts as the newest.
   *
   * @return whether the try is allowed
   */
  public synchronized boolean tryOnce(String key, long atMicros) {
    Tally tally = tally(key, atMicros);
    tally.tries++;
    moveToEnd(key, tally);
    return tally.tries <= triesMax;
  }

  /** Whether to log a refusal: it is the first of its kind and key in the window. */
  public synchronized boolean shouldLog(String key, String kind, long atMicros) {
    if (atMicros - loggedSinceMicros >= windowMicros) {
      loggedSinceMicros = atMicros;
      logged = 0;
    }
    if (logged >= LOGGED_MAX || !tally(key, atMicros).loggedKinds.add(kind)) {
      return false;
    }
    logged++;
    return true;
  }

  private Tally tally(String key, long atMicros) {
    Tally found = tallies.computeIfAbsent(key, missing -> new Tally(atMicros));
    if (atMicros - found.sinceMicros >= windowMicros) {
      found = new Tally(atMicros);
      moveToEnd(key, found);
    }
    if (tallies.size() > keysMax) {
      tallies.remove(tallies.keySet().iterator().next());
    }
    return found;
  }

  /** The first keys of the map are forgotten first. */
  private void moveToEnd(String key, Tally tally) {
    tallies.remove(key);
    tallies.put(key, tally);
  }
}
