package org.thywill.operations.recovery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.HistoryComparison;
import org.thywill.archive.HistoryComparison.Relation;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;

/**
 * Refuses to write to an archive while a place has changes that it lacks.
 *
 * <p>An archive that was put back from an older copy would give the numbers of those changes to
 * others, and from then on there would be two histories. A place that does not answer in time, or
 * that holds no sound archive of the community, does not keep anybody from writing: recovery-report
 * names it.
 */
public final class PlaceGuard {
  private static final int NAMED_MAX = 5;

  private final Path archive;
  private final Duration timeout;

  /** A guard that waits three seconds for all places together. */
  public PlaceGuard(Path archive) {
    this(archive, Duration.ofSeconds(3));
  }

  PlaceGuard(Path archive, Duration timeout) {
    this.archive = archive;
    this.timeout = timeout;
  }

  /**
   * Requires that no place is ahead of the archive or has another history.
   *
   * @param names folders, separated by commas; blank ones are skipped
   * @throws OperationRefusedException if one is, with the command that leads on
   */
  public void require(String names) throws IOException {
    List<Finding> found = findings(names);
    if (!found.isEmpty()) {
      Finding first = found.getFirst();
      throw new OperationRefusedException(first.message() + ". Run: " + first.next());
    }
  }

  /**
   * Names each place that is ahead of the archive or has another history, as a warning.
   *
   * @param names folders, separated by commas; blank ones are skipped
   */
  public List<Finding> findings(String names) throws IOException {
    List<Callable<Optional<Finding>>> questions = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        Path place = Path.of(name.strip());
        questions.add(() -> objection(place));
      }
    }
    return questions.isEmpty() || ArchiveFolders.isFree(archive) ? List.of() : answers(questions);
  }

  private List<Finding> answers(List<Callable<Optional<Finding>>> questions) throws IOException {
    // Not closed: closing would wait for a place that hangs.
    ExecutorService pool =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("place-", 1).factory());
    List<Finding> findings = new ArrayList<>();
    try {
      for (Future<Optional<Finding>> answer :
          pool.invokeAll(questions, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!answer.isCancelled()) {
          answer.get().ifPresent(findings::add);
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("could not compare the archive with its copies", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while comparing copies").initCause(e);
    } finally {
      pool.shutdownNow();
    }
    return findings;
  }

  /** Why nothing may be written because of a place; empty if there is no reason. */
  private Optional<Finding> objection(Path place) {
    try {
      if (!Files.exists(place) || Files.isSameFile(place, archive)) {
        return Optional.empty();
      }
      ArchiveReader own = ArchiveReader.open(ArchiveFolders.archive(archive), 0);
      ArchiveReader copy = ArchiveReader.open(ArchiveFolders.archive(place), 0);
      if (!own.identity().community().equals(copy.identity().community())) {
        return Optional.empty();
      }
      return switch (HistoryComparison.of(own, copy)) {
        case Relation.Equal(), Relation.Behind(long _) -> Optional.empty();
        case Relation.Ahead(long changes) ->
            Optional.of(
                Finding.warning(
                        "copy-ahead",
                        ".",
                        0,
                        "%s has %d %s that this archive lacks (%s)"
                            .formatted(
                                place,
                                changes,
                                changes == 1 ? "change" : "changes",
                                described(copy, own.lastSeq() + 1)))
                    .next("thywill repair-archives --from " + place + " --apply"));
        case Relation.Forked(long from) ->
            Optional.of(
                Finding.warning("copy-forked", ".", 0, parting(own, copy, place, from))
                    .next("thywill compare " + archive + " " + place));
      };
    } catch (IOException e) {
      // What cannot be read cannot be compared; the command itself and recovery-report say why.
      return Optional.empty();
    }
  }

  private static String parting(ArchiveReader own, ArchiveReader copy, Path place, long from)
      throws IOException {
    return "two histories from change %d on: here %s; in %s %s. Keep both, and decide which one goes on: docs/RECOVERY.md, Two servers have written. The command shows how their rows differ"
        .formatted(from, described(own, from), place, described(copy, from));
  }

  /** Numbers, makers and times of the changes from one on. */
  private static String described(ArchiveReader archive, long first) throws IOException {
    TreeSet<String> actors = new TreeSet<>();
    List<Long> times = new ArrayList<>();
    archive.forEachInJournal(
        first,
        change -> {
          actors.add(change.stamp().cause().actor());
          if (times.isEmpty()) {
            times.add(change.at());
          }
          return true;
        });
    String by = String.join(", ", actors.stream().limit(NAMED_MAX).toList());
    long last = archive.lastSeq();
    return "%s, by %s, %s to %s"
        .formatted(
            first == last ? "change " + first : "changes " + first + " to " + last,
            actors.size() > NAMED_MAX ? by + " and others" : by,
            shown(times.getFirst()),
            shown(archive.lastAt()));
  }

  private static Instant shown(long atMicros) {
    return Timestamps.instant(atMicros).truncatedTo(ChronoUnit.SECONDS);
  }
}
