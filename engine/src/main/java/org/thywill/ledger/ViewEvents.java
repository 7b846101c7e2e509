package org.thywill.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewDifferences;

/**
 * What happened to the view since the start: findings, figures, and incidents for an observer. Safe
 * for several threads, and bounded: only the newest findings are kept.
 */
final class ViewEvents implements AutoCloseable {
  /** How many findings about the view are kept. */
  static final int FINDINGS_MAX = 256;

  /** How many old views may wait to be compared; further ones are not. */
  private static final int COMPARISONS_MAX = 8;

  private final Path file;
  private final List<Finding> ofStart = new ArrayList<>();
  private final Deque<Finding> ofView = new ArrayDeque<>();
  private long dropped;
  private final AtomicLong rebuilds = new AtomicLong();
  private final AtomicLong mismatches = new AtomicLong();
  private final AtomicInteger comparing = new AtomicInteger();
  private final Deque<ViewIncident> untold = new ArrayDeque<>();
  private ViewIncident.@Nullable Observer observer;

  /** Compares old views with those in their place; null where the caller's thread does. */
  private @Nullable ExecutorService comparisons;

  /** Events of the view in a file. */
  ViewEvents(Path file) {
    this.file = file;
  }

  /** Adds what was found in the archive at the start. */
  synchronized void addAll(List<Finding> findings) {
    ofStart.addAll(findings);
  }

  /** Adds a finding about the view. */
  synchronized void add(Finding finding) {
    ofView.add(finding);
    if (ofView.size() > FINDINGS_MAX) {
      ofView.removeFirst();
      dropped++;
    }
  }

  /** All findings, in order. */
  synchronized List<Finding> findings() {
    List<Finding> all = new ArrayList<>(ofStart);
    if (dropped > 0) {
      all.add(
          Finding.note(
              "findings-left-out",
              ".",
              0,
              dropped + " earlier findings about the database are not kept"));
    }
    all.addAll(ofView);
    return List.copyOf(all);
  }

  private synchronized void replace(Finding before, Finding after) {
    if (ofView.remove(before)) {
      ofView.add(after);
    }
  }

  /** How often the view was built again since the ledger was opened. */
  long rebuilds() {
    return rebuilds.get();
  }

  /** How often the rows of the view were found not to be those of the archive. */
  long mismatches() {
    return mismatches.get();
  }

  /** From now on old views are compared on a thread of its own, and not on that of the caller. */
  synchronized void compareInBackground() {
    comparisons =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("ledger-comparison-", 1).daemon().factory());
  }

  /** Waits until all old views are compared; from now on the caller's thread compares. */
  @Override
  public void close() {
    ExecutorService running;
    synchronized (this) {
      running = comparisons;
      comparisons = null;
    }
    if (running != null) {
      running.close();
    }
  }

  private void compare(Runnable comparison) {
    synchronized (this) {
      if (comparisons != null) {
        comparisons.execute(comparison);
        return;
      }
    }
    comparison.run();
  }

  /** Sets the observer, and passes it the incidents that came before. */
  void observe(ViewIncident.Observer newObserver) {
    List<ViewIncident> earlier;
    synchronized (this) {
      observer = newObserver;
      earlier = List.copyOf(untold);
      untold.clear();
    }
    earlier.forEach(newObserver::rebuilt);
  }

  /** Reports that the view cannot be used. */
  void lost(String reason) {
    ViewIncident.Observer present;
    synchronized (this) {
      present = observer;
    }
    if (present != null) {
      present.lost(reason);
    }
  }

  /**
   * A view that was built in the place of another.
   *
   * @param isMismatch whether the rows of the old one are known to be wrong
   * @param old where the old one is; null if there is none
   * @param now shows the new one as it was built; closed when it was compared
   */
  record Replaced(
      ViewIncident incident, boolean isMismatch, @Nullable Path old, SqliteReader now) {}

  /** Reports that the view was built again. In what the old one differed is added soon. */
  void rebuilt(Replaced replaced) {
    rebuilds.incrementAndGet();
    if (replaced.isMismatch()) {
      mismatches.incrementAndGet();
    }
    Finding finding = finding(replaced.incident());
    add(finding);
    boolean isCompared = replaced.old() != null && comparing.get() < COMPARISONS_MAX;
    comparing.incrementAndGet();
    compare(
        () -> {
          try {
            tell(isCompared ? compared(replaced, finding) : unread(replaced));
          } finally {
            comparing.decrementAndGet();
          }
        });
  }

  private static ViewIncident unread(Replaced replaced) {
    try (SqliteReader _ = replaced.now()) {
      return replaced.incident();
    } catch (IOException e) {
      return replaced.incident().notCompared(String.valueOf(e.getMessage()));
    }
  }

  private ViewIncident compared(Replaced replaced, Finding finding) {
    ViewIncident incident = replaced.incident();
    try (SqliteReader now = replaced.now()) {
      incident =
          incident.withDifferences(ViewDifferences.of(Objects.requireNonNull(replaced.old()), now));
    } catch (IOException e) {
      incident = incident.notCompared(String.valueOf(e.getMessage()));
    }
    if (!incident.equals(replaced.incident())) {
      replace(finding, finding(incident));
    }
    if (!incident.differences().isEmpty() && !replaced.isMismatch()) {
      mismatches.incrementAndGet();
    }
    return incident;
  }

  private Finding finding(ViewIncident incident) {
    return switch (incident.code()) {
      case ViewIncident.LOST, ViewIncident.REBUILT ->
          Finding.note(incident.code(), file.toString(), 0, incident.message());
      default -> Finding.warning(incident.code(), file.toString(), 0, incident.message()).next("");
    };
  }

  private void tell(ViewIncident incident) {
    ViewIncident.Observer present;
    synchronized (this) {
      present = observer;
      if (present == null) {
        untold.add(incident);
        if (untold.size() > FINDINGS_MAX) {
          untold.removeFirst();
        }
        return;
      }
    }
    present.rebuilt(incident);
  }
}
