package org.thywill.operations.recovery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.settings.Configuration;

/**
 * Refuses to write to an archive while a place has changes that it lacks, or may have them.
 *
 * <p>An archive that was put back from an older copy would give the numbers of those changes to
 * others, and from then on there would be two histories. All places are asked at the same time. One
 * that does not answer is no obstacle while another one does; a copy that is damaged or of another
 * community is none either, and recovery-report names it.
 */
public final class PlaceGuard {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int NAMED_MAX = 5;

  private final Path archive;
  private final Duration timeout;
  private final @Nullable Path exception;
  private final Folders folders;
  private final @Nullable Memory memory;

  /** Where it is noted which places were reached, and when. */
  private record Memory(MachineMemory machine, Instant now) {}

  /** Opens the archives that are compared. */
  interface Folders {
    /** The folders of the file system. */
    Folders OF_THE_SYSTEM =
        new Folders() {
          @Override
          public boolean isSame(Path one, Path other) throws IOException {
            return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
          }

          @Override
          public Disk archive(Path folder) throws IOException {
            return ArchiveFolders.archive(folder);
          }
        };

    /** Whether two paths lead to one folder that exists. */
    boolean isSame(Path one, Path other) throws IOException;

    /**
     * The disk of an archive.
     *
     * @throws NoSuchFileException if there is no such folder
     * @throws NotAnArchiveException if it holds none
     */
    Disk archive(Path folder) throws IOException;
  }

  /**
   * What was found at a place.
   *
   * @param place its folder
   * @param seq the last change that the copy has; 0 if it was not reached or cannot be opened
   * @param objection why nothing may be written because of it, or why it says nothing; null if it
   *     lacks nothing that matters
   */
  public record Answer(Path place, PlaceState state, long seq, @Nullable Finding objection) {
    /** What was found, as the rest of a sentence that begins with the place. */
    public String sentence() {
      return switch (state) {
        case PlaceState.Current() -> "has the same changes";
        case PlaceState.Behind(long changes) -> "lacks " + count(changes);
        case PlaceState.Joined(long _, long joined) ->
            "has changes that change "
                + joined
                + " and those before it have taken from it; copy the archive there again";
        case PlaceState.Rewritten(long from, String by) ->
            "is from before this archive was rewritten from change "
                + from
                + " on by "
                + by
                + "; copy the archive there again";
        case PlaceState.Ahead(long changes) ->
            "goes " + count(changes) + " further than this archive";
        case PlaceState.Forked(long from) -> "has another history from change " + from + " on";
        case PlaceState.Doubtful(long lastSeq, String why) ->
            "goes up to change " + lastSeq + ", further than this archive, and " + why;
        case PlaceState.Unusable(String why) -> why;
        case PlaceState.Unreachable(String why) -> why;
      };
    }
  }

  /** A guard that waits three seconds for each place, and for all of them together. */
  public PlaceGuard(Path archive) {
    this(archive, TIMEOUT, Folders.OF_THE_SYSTEM);
  }

  PlaceGuard(Path archive, Folders folders) {
    this(archive, TIMEOUT, folders);
  }

  PlaceGuard(Path archive, Duration timeout, Folders folders) {
    this(archive, timeout, null, folders, null);
  }

  private PlaceGuard(
      Path archive,
      Duration timeout,
      @Nullable Path exception,
      Folders folders,
      @Nullable Memory memory) {
    this.archive = archive;
    this.timeout = timeout;
    this.exception = exception;
    this.folders = folders;
    this.memory = memory;
  }

  /**
   * A guard that says of a place that is not reached when it last was, and notes those that are.
   *
   * @param now the present time
   */
  public PlaceGuard remembering(MachineMemory machine, Instant now) {
    return new PlaceGuard(archive, timeout, exception, folders, new Memory(machine, now));
  }

  /** A guard that lets the changes of one place pass, because they are about to be joined. */
  public PlaceGuard except(Path place) {
    return new PlaceGuard(archive, timeout, place, folders, memory);
  }

  /**
   * Requires that no place is ahead of the archive or has another history, and that one of them
   * answers if any is named.
   *
   * @param names folders, separated by commas; blank ones are skipped
   * @throws NoPlaceReachedException if places are named and none answers
   * @throws OperationRefusedException if a place forbids changes, with the command that leads on
   */
  public void require(String names) throws IOException {
    require(ask(names));
  }

  static void require(List<Answer> answers) throws OperationRefusedException {
    for (Answer answer : answers) {
      Finding found = answer.objection();
      if (answer.state().forbidsChanges() && found != null) {
        throw new OperationRefusedException(found.message() + ". Run: " + found.next());
      }
    }
    if (!answers.isEmpty() && answers.stream().noneMatch(answer -> answer.state().isReached())) {
      throw new NoPlaceReachedException(unreached(answers));
    }
  }

  private static String unreached(List<Answer> answers) {
    return "none of the places that "
        + Configuration.LOCATIONS
        + " names can be reached, so it is not known whether a copy has changes that this archive"
        + " lacks: "
        + answers.stream()
            .map(answer -> answer.place() + " " + answer.sentence())
            .collect(Collectors.joining("; "))
        + ". Make one reachable; where no copy was made yet, copy the archive there. To go on"
        + " without any, on purpose, add: --alone --reason TEXT";
  }

  /**
   * Names each place that forbids changes or cannot be reached, as a warning.
   *
   * @param names folders, separated by commas; blank ones are skipped
   */
  public List<Finding> findings(String names) throws IOException {
    return ask(names).stream()
        .flatMap(answer -> Optional.ofNullable(answer.objection()).stream())
        .toList();
  }

  /**
   * Compares the archive with each place.
   *
   * @param names folders, separated by commas; blank ones are skipped
   * @return the answers in the order of the names; none if there is no archive to compare with
   */
  public List<Answer> ask(String names) throws IOException {
    List<Path> places = places(names);
    if (places.isEmpty() || ArchiveFolders.isFree(archive)) {
      return List.of();
    }
    List<Callable<Answer>> questions = new ArrayList<>();
    places.forEach(place -> questions.add(() -> answer(place)));
    List<Optional<Answer>> given = askAll(questions, timeout);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Path place = places.get(i);
      String silent = "does not answer within " + seconds(timeout) + " s";
      answers.add(withLastSeen(given.get(i).orElseGet(() -> unreachable(place, silent))));
    }
    if (memory != null) {
      // Where it cannot be noted, the next refusal says less; the server says so when it starts.
      var _ = memory.machine().note(archive, answers, memory.now());
    }
    return answers;
  }

  private Answer withLastSeen(Answer answer) throws IOException {
    if (memory == null || !(answer.state() instanceof PlaceState.Unreachable(String why))) {
      return answer;
    }
    return memory
        .machine()
        .lastSeen(archive, answer.place())
        .map(
            seen ->
                unreachable(
                    answer.place(),
                    why + " (last seen with change " + seen.seq() + " at " + seen.at() + ")"))
        .orElse(answer);
  }

  /**
   * The places that hold an archive, of whatever community and in whatever state. Those that do not
   * answer within three seconds are left out.
   *
   * @param names folders, separated by commas; blank ones are skipped
   */
  public static List<Path> archives(String names) throws IOException {
    List<Callable<Boolean>> questions = new ArrayList<>();
    places(names).forEach(place -> questions.add(() -> holdsArchive(place)));
    List<Optional<Boolean>> given = askAll(questions, TIMEOUT);
    List<Path> archives = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).orElse(false)) {
        archives.add(places(names).get(i));
      }
    }
    return archives;
  }

  private static boolean holdsArchive(Path place) {
    try {
      ArchiveFolders.archiveAsItIs(place);
      return true;
    } catch (IOException e) {
      return false; // There is none, or it cannot be read.
    }
  }

  private static List<Path> places(String names) {
    List<Path> places = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        places.add(Path.of(name.strip()));
      }
    }
    return places;
  }

  /** Asks all questions at the same time; the answer to one that takes too long is empty. */
  private static <T> List<Optional<T>> askAll(List<Callable<T>> questions, Duration timeout)
      throws IOException {
    // Not closed: closing would wait for a place that hangs.
    ExecutorService pool =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("place-", 1).factory());
    List<Optional<T>> answers = new ArrayList<>();
    try {
      for (Future<T> asked : pool.invokeAll(questions, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        answers.add(asked.isCancelled() ? Optional.empty() : Optional.of(asked.get()));
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
    return answers;
  }

  /** Compares the archive with a place. */
  Answer answer(Path place) throws IOException {
    ArchiveReader copy;
    try {
      if (folders.isSame(place, archive)) {
        return new Answer(place, new PlaceState.Unusable("is the archive itself"), 0, null);
      }
      copy = ArchiveReader.open(folders.archive(place), 0);
    } catch (NoSuchFileException e) {
      return unreachable(place, "is not there");
    } catch (NotAnArchiveException e) {
      // The folder of a disk that is not mounted is empty.
      return unreachable(place, "holds no archive");
    } catch (DamagedArchiveException e) {
      return new Answer(place, new PlaceState.Unusable("is damaged: " + e.finding()), 0, null);
    } catch (IOException e) {
      return unreachable(place, "cannot be read: " + e.getMessage());
    }
    ArchiveReader own;
    try {
      own = ArchiveReader.open(folders.archive(archive), 0);
    } catch (IOException e) {
      // The command itself says what is wrong with the archive, and does not write to it.
      return new Answer(
          place, new PlaceState.Unusable("has nothing here to be compared with"), 0, null);
    }
    PlaceState state = PlaceState.of(own, copy);
    boolean isExcepted = exception != null && folders.isSame(place, exception);
    Finding objection = isExcepted ? null : objection(state, own, copy, place);
    return new Answer(place, state, copy.lastSeq(), objection);
  }

  private static Answer unreachable(Path place, String why) {
    return new Answer(
        place,
        new PlaceState.Unreachable(why),
        0,
        Finding.warning("copy-unreachable", ".", 0, place + " " + why).next("thywill config"));
  }

  /** Why nothing may be written because of a place; null if there is no reason. */
  private @Nullable Finding objection(
      PlaceState state, ArchiveReader own, ArchiveReader copy, Path place) throws IOException {
    return switch (state) {
      case PlaceState.Ahead(long changes) ->
          Finding.warning(
                  "copy-ahead",
                  ".",
                  0,
                  "%s has %s that this archive lacks (%s)"
                      .formatted(place, count(changes), described(copy, own.lastSeq() + 1)))
              .next("thywill repair-archives --from " + place + " --apply");
      case PlaceState.Forked(long from) ->
          Finding.warning("copy-forked", ".", 0, parting(own, copy, place, from))
              .next(joining(place));
      case PlaceState.Doubtful(long lastSeq, String why) ->
          Finding.warning(
                  "copy-unusable",
                  ".",
                  0,
                  "%s has changes up to %d, this archive only up to %d, and %s"
                      .formatted(place, lastSeq, own.lastSeq(), why))
              .next("thywill validate-archives --archive " + place);
      case PlaceState.Current _,
          PlaceState.Behind _,
          PlaceState.Joined _,
          PlaceState.Rewritten _,
          PlaceState.Unusable _,
          PlaceState.Unreachable _ ->
          null;
    };
  }

  /** The command that brings two histories together. */
  public static String joining(Path place) {
    return "thywill join --from " + place + " --dry-run";
  }

  private static String parting(ArchiveReader own, ArchiveReader copy, Path place, long from)
      throws IOException {
    boolean isTaken = JoinKey.joinedBy(copy, own, from).isPresent();
    return "two histories from change %d on: here %s; in %s %s. %s: docs/RECOVERY.md, Two servers have written"
        .formatted(
            from,
            described(own, from),
            place,
            described(copy, from),
            isTaken
                ? "That one has taken by a join what this one has, and is the one that goes on"
                : "Keep both");
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static String count(long changes) {
    return changes + (changes == 1 ? " change" : " changes");
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
