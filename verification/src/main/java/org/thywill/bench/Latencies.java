package org.thywill.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The latencies and failures of requests by kind, as the client saw them. Thread-safe. */
final class Latencies {
  private final Map<String, List<Long>> nanos = new TreeMap<>();
  private final Map<String, List<Exception>> failures = new TreeMap<>();
  private boolean isCounting;

  /** Begins to count; earlier requests only warmed the server up. Failures always count. */
  synchronized void begin() {
    isCounting = true;
  }

  /** Ends counting. */
  synchronized void end() {
    isCounting = false;
  }

  /** Adds a request that was answered. */
  synchronized void add(String kind, long durationNanos) {
    if (isCounting) {
      nanos.computeIfAbsent(kind, each -> new ArrayList<>()).add(durationNanos);
    }
  }

  /** Adds a request that failed. */
  synchronized void failed(String kind, Exception failure) {
    failures.computeIfAbsent(kind, each -> new ArrayList<>()).add(failure);
  }

  /** All failures. */
  synchronized List<Exception> failures() {
    return failures.values().stream().flatMap(Collection::stream).toList();
  }

  /** The kinds of requests that were answered, in alphabetical order. */
  synchronized List<String> kinds() {
    return List.copyOf(nanos.keySet());
  }

  /**
   * A percentile of the latencies of some kinds together, in milliseconds; 0 if there were none.
   *
   * @param percent from 0 to 100, such as 99 for the p99
   */
  synchronized double percentileMillis(Collection<String> kinds, double percent) {
    List<Long> all =
        kinds.stream()
            .flatMap(kind -> nanos.getOrDefault(kind, List.of()).stream())
            .sorted()
            .toList();
    if (all.isEmpty()) {
      return 0;
    }
    int rank = Math.max(1, (int) Math.ceil(all.size() * percent / 100));
    return all.get(rank - 1) / 1e6;
  }

  /** A line of the table for some kinds together. */
  synchronized String line(String name, Collection<String> kinds, String target, String met) {
    long count = kinds.stream().mapToLong(kind -> nanos.getOrDefault(kind, List.of()).size()).sum();
    long wrong =
        kinds.stream().mapToLong(kind -> failures.getOrDefault(kind, List.of()).size()).sum();
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %.1f | %.1f | %.1f | %d | %s | %s |",
        name,
        count,
        percentileMillis(kinds, 50),
        percentileMillis(kinds, 99),
        percentileMillis(kinds, 100),
        wrong,
        target,
        met);
  }
}
