package org.thywill.web.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Admits so many in a while from each address. It is generous: it is there for programs that run
 * wild, and never by member, so that nobody is locked out by others. The newest addresses are
 * remembered, the oldest forgotten, so it needs little memory whoever knocks.
 */
public final class RateLimit {
  private static final int ADDRESSES_MAX = 10_000;
  private final int most;
  private final Duration window;
  private final Map<String, Count> counts = new LinkedHashMap<>();

  private record Count(Instant since, int count) {}

  public RateLimit(int most, Duration window) {
    this.most = most;
    this.window = window;
  }

  synchronized boolean admits(String address, Instant now) {
    Count before = counts.remove(address);
    boolean isFresh = before == null || before.since().plus(window).isBefore(now);
    Count count =
        isFresh || before == null
            ? new Count(now, 1)
            : new Count(before.since(), before.count() + 1);
    counts.put(address, count);
    if (counts.size() > ADDRESSES_MAX) {
      counts.remove(counts.keySet().iterator().next());
    }
    return count.count() <= most;
  }
}
