package org.thywill.community.access;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is tried at the door, and whatever else must not be asked for too often, counted for an hour
 * from the first try on.
 *
 * <p>Sign-ins are counted by the address that they come from, never by the member who is claimed,
 * so that nobody is locked out by others; who types wrong digits is known, and counted by name.
 * Only the newest sources are remembered, in memory, so neither many addresses nor many tries cost
 * much. The archive is told of each kind of refusal once an hour for each source, and a bounded
 * number of times for all sources together, so that strangers cannot make it grow.
 */
public final class AttemptLimiter {
  public static final int TRIES_PER_HOUR = 10;
  static final int NOTES_PER_HOUR = 500;
  private static final int SOURCES_MAX = 10_000;
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private long notesSince;
  private int notes;

  /** What one source has done since its first try. */
  private static final class Tally {
    final long since;
    final Set<String> noted = new HashSet<>();
    int tries;

    Tally(long since) {
      this.since = since;
    }
  }

  /**
   * Where a sign-in comes from: its address, of IPv6 the network, since a whole one belongs to
   * whoever has one address of it.
   */
  public static Optional<String> source(Device device) {
    return device.address().map(address -> address.contains(":") ? network(address) : address);
  }

  private static String network(String address) {
    String[] groups = address.split(":", -1);
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < Math.min(4, groups.length) && !groups[i].isEmpty(); i++) {
      network.append(groups[i]).append(':');
    }
    return network.append(":/64").toString();
  }

  /** Whether a source has no tries left; asking counts as none. */
  public synchronized boolean isExhausted(String source, long at) {
    return tally(source, at).tries >= TRIES_PER_HOUR;
  }

  /** Counts a try of a source. */
  public synchronized void count(String source, long at) {
    tally(source, at).tries++;
  }

  /** Whether a refusal is to be written down: the first of its kind within the hour. */
  public synchronized boolean shouldLog(String source, String kind, long at) {
    if (at - notesSince >= HOUR) {
      notesSince = at;
      notes = 0;
    }
    return notes < NOTES_PER_HOUR && tally(source, at).noted.add(kind) && ++notes > 0;
  }

  private Tally tally(String source, long at) {
    Tally found = tallies.computeIfAbsent(source, key -> new Tally(at));
    if (at - found.since >= HOUR) {
      found = new Tally(at);
      tallies.remove(source); // so that it stands at the end again, among the newest
      tallies.put(source, found);
    }
    if (tallies.size() > SOURCES_MAX) {
      tallies.remove(tallies.keySet().iterator().next());
    }
    return found;
  }
}
