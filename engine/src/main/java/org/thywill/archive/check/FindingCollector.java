package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.thywill.archive.format.Finding;

/**
 * Collects what a check finds: counts everything and keeps the first of each kind, so that one file
 * in ruins does not hide the others. Safe for several threads.
 */
public final class FindingCollector {
  private static final int LISTED_MAX = 1_000;
  private static final int LISTED_OF_A_KIND_MAX = 100;

  /**
   * What can be done about an error, as known by the end of the check.
   *
   * @param exact whether what should stand there stands elsewhere, exactly
   * @param remark what else is known of it, to be added to its message
   * @param next the command to run
   */
  record Remedy(boolean exact, String remark, String next) {
    /** The same content stands nowhere else, as far as is known. */
    static final Remedy NONE = of(false);

    static final Remedy EXACT = of(true);

    /** Whether it stands elsewhere was not looked at. */
    static final Remedy UNKNOWN = new Remedy(false, "", Finding.VALIDATE);

    static Remedy of(boolean exact) {
      return of(exact, "");
    }

    static Remedy of(boolean exact, String remark) {
      return new Remedy(exact, remark, exact ? Finding.REPAIR : Finding.REPORT);
    }
  }

  /** A damaged line of a log, and the good lines before and behind it. */
  private record DamagedLine(String file, long after, long before) {}

  private record Entry(Finding finding, Supplier<Remedy> remedy) {}

  private final List<Entry> errors = new ArrayList<>();
  private final List<Finding> others = new ArrayList<>();
  private final List<Entry> behind = new ArrayList<>();
  private final List<DamagedLine> damagedLines = new ArrayList<>();
  private final Map<String, Long> behindUnlisted = new HashMap<>();
  private final Map<String, Long> byCode = new TreeMap<>();
  private final Map<String, Integer> listed = new HashMap<>();
  private boolean sound = true;
  private Predicate<String> restorable = file -> false;

  /** A warning or a note. */
  synchronized void add(Finding finding) {
    if (finding.severity() == Finding.Severity.ERROR) {
      error(finding, () -> Remedy.NONE);
    } else if (count(finding) && others.size() < LISTED_MAX) {
      others.add(finding);
    }
  }

  /** Counts some more warnings like one that has been listed. */
  synchronized void count(Finding like, long more) {
    byCode.merge(like.code(), more, Long::sum);
  }

  /**
   * An error.
   *
   * @param remedy asked when everything has been read
   */
  synchronized void error(Finding finding, Supplier<Remedy> remedy) {
    sound = false;
    if (count(finding) && errors.size() < LISTED_MAX) {
      errors.add(new Entry(finding, remedy));
    }
  }

  /**
   * Notes where a damaged line of a log stands, so that what it held is not reported as missing a
   * second time.
   */
  synchronized void damagedLine(String file, long after, long before) {
    if (damagedLines.size() < LISTED_MAX) {
      damagedLines.add(new DamagedLine(file, after, before));
    }
  }

  /** Whether changes that no log has may have stood in damaged lines that have been reported. */
  synchronized boolean isExplained(long from, long until, Optional<String> log) {
    return damagedLines.stream()
        .anyMatch(
            line ->
                line.after() < from
                    && until <= line.before()
                    && log.filter(file -> !file.equals(line.file())).isEmpty());
  }

  /**
   * Sets what says whether a file can be made again even where none of the others has what it
   * lacked.
   */
  synchronized void restorable(Predicate<String> files) {
    restorable = files;
  }

  /** An error whose remedy is the same content in another file, which has been compared. */
  void repairable(Finding finding) {
    error(finding, () -> Remedy.EXACT);
  }

  /** An error unless somebody has written to the archive since the check began. */
  synchronized void errorUnlessInUse(Finding finding, Supplier<Remedy> remedy) {
    if (behind.size() < LISTED_MAX) {
      behind.add(new Entry(finding, remedy));
    } else {
      behindUnlisted.merge(finding.code(), 1L, Long::sum);
    }
  }

  /** Whether something of a code waits to be decided about. */
  synchronized boolean awaits(String code) {
    return behind.stream().anyMatch(each -> each.finding().code().equals(code));
  }

  /** Decides about what was found behind the changes that the check knows of. */
  synchronized void settle(boolean inUse) {
    for (Entry each : behind) {
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
    behind.clear();
    if (!inUse) {
      behindUnlisted.forEach((code, count) -> byCode.merge(code, count, Long::sum));
    }
    behindUnlisted.clear();
  }

  synchronized boolean awaitsSettling() {
    return !behind.isEmpty();
  }

  private boolean count(Finding finding) {
    byCode.merge(finding.code(), 1L, Long::sum);
    if (errors.size() >= LISTED_MAX && others.size() >= LISTED_MAX) {
      return false;
    }
    return listed.merge(finding.code() + " " + finding.file(), 1, Integer::sum)
        <= LISTED_OF_A_KIND_MAX;
  }

  /** Whether an error of a kind has been found in a file. */
  synchronized boolean has(String code, String file) {
    return listed.containsKey(code + " " + file);
  }

  synchronized boolean isSound() {
    return sound;
  }

  synchronized Map<String, Long> byCode() {
    return Collections.unmodifiableMap(new TreeMap<>(byCode));
  }

  /** The files that have errors, as far as these are listed. */
  synchronized Set<String> damagedFiles() {
    Set<String> files = new LinkedHashSet<>();
    errors.forEach(entry -> files.add(entry.finding().file()));
    return files;
  }

  /** The first of all, errors first. To be called once, at the end. */
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
      remedy = Remedy.of(true, "; the parity of its month gives back what stood there");
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
