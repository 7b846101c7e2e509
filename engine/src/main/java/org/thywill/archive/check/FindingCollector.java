package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Obstacle;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;

/**
 * Collects the findings of a check.
 *
 * <p>It counts all of them and keeps the first ones of each code and file, so that one file with
 * much damage does not hide the others. Safe for several threads.
 */
final class FindingCollector {
  private static final String NOT_A_FILE = "not-a-file";
  private static final int LISTED_MAX = 1_000;
  private static final int LISTED_OF_A_KIND_MAX = 100;

  /**
   * What can be done about an error, as known at the end of the check.
   *
   * @param exact whether the lost bytes exist elsewhere, exactly
   * @param remark what else is known, to be added to the message
   * @param next the command to context
   */
  record Remedy(boolean exact, String remark, String next) {
    /** The lost bytes do not exist elsewhere, as far as is known. */
    static final Remedy NONE = of(false);

    static final Remedy EXACT = of(true);

    /** It was not checked whether the lost bytes exist elsewhere. */
    static final Remedy UNKNOWN = new Remedy(false, "", Finding.VALIDATE);

    static Remedy of(boolean exact) {
      return of(exact, "");
    }

    static Remedy of(boolean exact, String remark) {
      return new Remedy(exact, remark, exact ? Finding.REPAIR : Finding.REPORT);
    }
  }

  /** A damaged line of a log, and the seqs of the good lines before and after it. */
  private record DamagedLine(String file, long after, long before) {}

  private record Entry(Finding finding, Supplier<Remedy> remedy) {}

  private final List<Entry> errors = new ArrayList<>();
  private final List<Finding> others = new ArrayList<>();
  private final List<Entry> pending = new ArrayList<>();
  private final List<DamagedLine> damagedLines = new ArrayList<>();
  private final List<Obstacle> obstacles = new ArrayList<>();
  private final Map<String, Long> pendingUnlisted = new HashMap<>();
  private final Map<String, Long> byCode = new TreeMap<>();
  private final Map<String, Integer> listed = new HashMap<>();
  private boolean sound = true;
  private Predicate<String> restorable = file -> false;

  /** Adds a finding; an error is then not repairable. */
  synchronized void add(Finding finding) {
    if (finding.severity() == Finding.Severity.ERROR) {
      error(finding, () -> Remedy.NONE);
    } else if (count(finding) && others.size() < LISTED_MAX) {
      others.add(finding);
    }
  }

  /** Counts more warnings like one that has been added. */
  synchronized void count(Finding like, long more) {
    byCode.merge(like.code(), more, Long::sum);
  }

  /**
   * Adds an error.
   *
   * @param remedy is called at the end of the check
   */
  synchronized void error(Finding finding, Supplier<Remedy> remedy) {
    sound = false;
    if (count(finding) && errors.size() < LISTED_MAX) {
      errors.add(new Entry(finding, remedy));
    }
  }

  /**
   * Records the position of a damaged line of a log, so that its change is not reported as missing
   * too.
   */
  synchronized void damagedLine(String file, long after, long before) {
    if (damagedLines.size() < LISTED_MAX) {
      damagedLines.add(new DamagedLine(file, after, before));
    }
  }

  /**
   * Records something that is neither a file nor a folder of the archive. The files that it is in
   * the way of are reported as such at the end, and not as missing.
   */
  synchronized void obstacle(Obstacle obstacle) {
    if (obstacles.size() < LISTED_MAX) {
      obstacles.add(obstacle);
    }
  }

  /** Whether damaged lines that were reported may have had changes that no log has. */
  synchronized boolean isExplained(long from, long until, @Nullable String log) {
    return damagedLines.stream()
        .anyMatch(
            line ->
                line.after() < from
                    && until <= line.before()
                    && (log == null || log.equals(line.file())));
  }

  /**
   * Sets the predicate for files that can be restored although no other file has their lost bytes.
   */
  synchronized void restorable(Predicate<String> files) {
    restorable = files;
  }

  /** Adds an error that no bytes can settle; its own next command says what a person can do. */
  void unproven(Finding finding) {
    error(finding, () -> new Remedy(false, "", finding.next()));
  }

  /** Adds an error whose lost bytes exist in another file. */
  void repairable(Finding finding) {
    error(finding, () -> Remedy.EXACT);
  }

  /** Adds an error that is none if the archive has been written to since the check began. */
  synchronized void errorUnlessInUse(Finding finding, Supplier<Remedy> remedy) {
    if (pending.size() < LISTED_MAX) {
      pending.add(new Entry(finding, remedy));
    } else {
      pendingUnlisted.merge(finding.code(), 1L, Long::sum);
    }
  }

  /** Whether there is an undecided error of a code. */
  synchronized boolean isPending(String code) {
    return pending.stream().anyMatch(each -> each.finding().code().equals(code));
  }

  /** Decides about the undecided errors: they are notes if the archive is in use. */
  synchronized void resolvePending(boolean inUse) {
    for (Entry each : pending) {
      if (inUse) {
        add(
            Finding.note(
                    "archive-in-use",
                    each.finding().file(),
                    0,
                    "was written to while it was checked; what is new in it was left out")
                .next(Finding.VALIDATE));
      } else {
        error(each.finding(), each.remedy());
      }
    }
    pending.clear();
    if (!inUse) {
      pendingUnlisted.forEach((code, count) -> byCode.merge(code, count, Long::sum));
    }
    pendingUnlisted.clear();
  }

  /** Whether there are undecided errors. */
  synchronized boolean hasPending() {
    return !pending.isEmpty();
  }

  private boolean count(Finding finding) {
    byCode.merge(finding.code(), 1L, Long::sum);
    if (errors.size() >= LISTED_MAX && others.size() >= LISTED_MAX) {
      return false;
    }
    return listed.merge(finding.code() + " " + finding.file(), 1, Integer::sum)
        <= LISTED_OF_A_KIND_MAX;
  }

  /** Whether a finding of a code has been found in a file. */
  synchronized boolean has(String code, String file) {
    return listed.containsKey(code + " " + file);
  }

  /** Whether there is no error. */
  synchronized boolean isSound() {
    return sound;
  }

  /** How many findings there are of each code. */
  synchronized Map<String, Long> byCode() {
    return Collections.unmodifiableMap(new TreeMap<>(byCode));
  }

  /** The files that have listed errors. */
  synchronized Set<String> damagedFiles() {
    Set<String> files = new LinkedHashSet<>();
    errors.forEach(entry -> files.add(entry.finding().file()));
    return files;
  }

  /**
   * Decides what each obstacle is in the way of. Called once, before {@link #byCode}.
   *
   * @param arePagesKnown whether a page that is missing has been reported; if not, whatever is
   *     among the pages may be in the way of one
   */
  synchronized void resolveObstacles(boolean arePagesKnown) {
    for (Obstacle obstacle : obstacles) {
      boolean isInTheWay = false;
      for (int i = 0; i < errors.size(); i++) {
        Entry entry = errors.get(i);
        if (obstacle.isInTheWayOf(entry.finding().file())) {
          isInTheWay = true;
          String file = entry.finding().file();
          byCode.merge(entry.finding().code(), -1L, Long::sum);
          Finding found = Finding.error(NOT_A_FILE, file, 0, obstacle.found(file));
          byCode.merge(NOT_A_FILE, 1L, Long::sum);
          errors.set(i, new Entry(found, entry.remedy()));
        }
      }
      if (isInTheWay || obstacle.path().startsWith(Quarantine.FOLDER + "/")) {
        continue;
      }
      if (!arePagesKnown && obstacle.path().startsWith(PrayerPageFile.FOLDER + "/")) {
        error(
            Finding.error(
                NOT_A_FILE,
                obstacle.path(),
                0,
                "is " + obstacle.kind().words() + "; expected a page or a folder of pages"),
            () -> Remedy.UNKNOWN);
      } else {
        add(
            Finding.warning(
                    NOT_A_FILE,
                    obstacle.path(),
                    0,
                    "is "
                        + obstacle.kind().words()
                        + ", and nothing of an archive; it is neither read nor followed")
                .next(Finding.REPORT));
      }
    }
    byCode.values().removeIf(count -> count == 0);
  }

  /** The first 1,000 findings, errors first. Called once, at the end. */
  synchronized List<Finding> list() {
    Comparator<Finding> order =
        Comparator.comparing(Finding::severity)
            .thenComparing(Finding::file)
            .thenComparingLong(Finding::line)
            .thenComparing(Finding::code)
            .thenComparing(Finding::message);
    List<Finding> all = new ArrayList<>(others);
    errors.forEach(entry -> all.add(resolved(entry)));
    return all.stream().sorted(order).limit(LISTED_MAX).toList();
  }

  private Finding resolved(Entry entry) {
    Finding found = entry.finding();
    Remedy remedy = entry.remedy().get();
    if (!remedy.exact() && restorable.test(found.file())) {
      remedy = Remedy.of(true, "; the parity of its month can restore it");
    }
    return new Finding(
        found.code(),
        found.severity(),
        found.file(),
        found.line(),
        found.message() + remedy.remark(),
        remedy.exact(),
        remedy.next());
  }
}
