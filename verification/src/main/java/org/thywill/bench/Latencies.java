package org.thywill.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long each request of a kind took, as its caller saw it, and which went wrong. For many
 * threads.
 */
final class Latencies {
  private final Map<String, List<Long>> nanos = new TreeMap<>();
  private final Map<String, List<Exception>> failures = new TreeMap<>();
  private boolean counts;

  /** Begins to count; what came before warmed the server up. Failures always count. */
  synchronized void begin() {
    counts = true;
  }

  /** Counts no more. */
  synchronized void end() {
    counts = false;
  }

  synchronized void add(String kind, long took) {
    if (counts) {
      nanos.computeIfAbsent(kind, each -> new ArrayList<>()).add(took);
    }
  }

  synchronized void failed(String kind, Exception failure) {
    failures.computeIfAbsent(kind, each -> new ArrayList<>()).add(failure);
  }

  /** Everything that went wrong. */
  synchronized List<Exception> failures() {
    return failures.values().stream().flatMap(Collection::stream).toList();
  }

  /** The kinds that were asked for. */
  synchronized List<String> kinds() {
    return List.copyOf(nanos.keySet());
  }

  /**
   * The time within which so many percent of the requests of some kinds were answered, in
   * milliseconds; 0 if there were none.
   */
  synchronized double percentile(Collection<String> kinds, double percent) {
    List<Long> all =
        kinds.stream()
            .flatMap(kind -> nanos.getOrDefault(kind, List.of()).stream())
            .sorted()
            .toList();
    return all.isEmpty()
        ? 0
        : all.get(Math.max(0, (int) Math.ceil(all.size() * percent / 100) - 1)) / 1e6;
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
        percentile(kinds, 50),
        percentile(kinds, 99),
        percentile(kinds, 100),
        wrong,
        target,
        met);
  }
}
