package org.thywill.archive.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Finds the changes of some rows and the lines that have them.
 *
 * <p>Searches the logs up to the checkpoint, then the journal. The check of every line is compared,
 * but only the lines of the wanted rows are decoded and kept.
 *
 * <p>A damaged line that names a wanted row ends the search. Any other damaged line may have been
 * of a wanted row, so it becomes a finding. Not safe for several threads.
 */
public final class RowHistory {
  private static final int UNATTRIBUTED_MAX = 1_000;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;
  private final List<Line> tail;
  private final List<String> journals;
  private final LineCodec codec = new LineCodec();
  private final Map<String, Finding> unattributed = new LinkedHashMap<>();

  /**
   * A change and the line that has it: in its log if the checkpoint covers it, otherwise in the
   * journal.
   *
   * @param line from 1
   */
  public record Occurrence(Change change, String file, long line) {}

  /**
   * The history up to a checkpoint and a tail of the journal.
   *
   * @param tail the lines of the journal after the checkpoint
   */
  public RowHistory(Disk disk, ArchiveIdentity identity, Head head, List<Line> tail)
      throws IOException {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
    this.tail = tail;
    this.journals = JournalFile.list(disk);
  }

  /** The first 1,000 damaged lines that were met and do not name a wanted row. */
  public List<Finding> findings() {
    return List.copyOf(unattributed.values());
  }

  /**
   * All changes of the rows with the given keys, in order.
   *
   * @throws DamagedArchiveException if a line that names one of the keys is not as it was written,
   *     or a log is not whole
   */
  public List<Occurrence> ofKeys(Table table, Set<String> keys) throws IOException {
    List<Occurrence> found = new ArrayList<>();
    search(table, table.keyPosition(), keys, found::add);
    return found;
  }

  /**
   * The keys of all rows that were ever shown on the page of a prayer.
   *
   * @throws DamagedArchiveException as for {@link #ofKeys}
   */
  public Set<String> keysOnPage(Table table, String prayer) throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    search(
        table,
        table.position(table.pageColumn().orElseThrow()),
        Set.of(prayer),
        occurrence -> keys.add(occurrence.change().row().key()));
    return keys;
  }

  /**
   * The last change that a predicate accepts.
   *
   * @param included must accept no change after one that it rejects
   * @return empty if it accepts none
   */
  public Optional<Change> last(Predicate<Change> included) throws IOException {
    for (Line line : tail.reversed()) {
      if (included.test(line.change())) {
        return Optional.of(line.change());
      }
    }
    Change last = null;
    Map<String, List<String>> periods = new TreeMap<>(Comparator.reverseOrder());
    for (String file : head.logs().keySet()) {
      String period = tableOf(file).logLocation().period(file).orElse("");
      if (period.length() == "2024_01".length()) {
        periods.computeIfAbsent(period, each -> new ArrayList<>()).add(file);
      } else {
        last = later(last, lastIn(file, included));
      }
    }
    for (List<String> files : periods.values()) {
      Change ofMonth = null;
      for (String file : files) {
        ofMonth = later(ofMonth, lastIn(file, included));
      }
      if (ofMonth != null) {
        return Optional.ofNullable(later(last, ofMonth));
      }
    }
    return Optional.ofNullable(last);
  }

  private static @Nullable Change later(@Nullable Change one, @Nullable Change other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.seq() > one.seq() ? other : one;
  }

  private @Nullable Change lastIn(String file, Predicate<Change> included) throws IOException {
    Table table = tableOf(file);
    LogReader log = logOf(table, file);
    Change last = null;
    try (LineReader in = log.open()) {
      while (log.next(in)) {
        if (!isWhole(table, in)) {
          addUnattributed(log, in);
          continue;
        }
        Change change = log.decode(in);
        if (!included.test(change)) {
          return last;
        }
        last = change;
      }
    }
    return last;
  }

  /** Receives what a search finds. */
  private interface Sink {
    void accept(Occurrence occurrence);
  }

  private void search(Table table, int column, Set<String> values, Sink sink) throws IOException {
    Set<String> raw = values.stream().map(RowHistory::raw).collect(Collectors.toSet());
    long last = 0;
    for (String file : head.logsOf(table)) {
      last = searchLog(logOf(table, file), column, raw, last, sink);
    }
    for (Line line : tail) {
      Change change = line.change();
      if (change.table() == table
          && change.row().value(column) instanceof String value
          && values.contains(value)) {
        sink.accept(inJournal(change));
      }
    }
  }

  private long searchLog(LogReader log, int column, Set<String> raw, long lastBefore, Sink sink)
      throws IOException {
    long last = lastBefore;
    try (LineReader in = log.open()) {
      while (log.next(in)) {
        if (!isWhole(log.table(), in)) {
          if (namesAny(in, raw)) {
            throw log.damaged(
                in.number(),
                "line-damaged",
                "the check does not match, and the line names what is looked for");
          }
          addUnattributed(log, in);
        } else if (raw.contains(field(in, column + LineCodec.BEFORE.size()))) {
          Change change = log.decode(in);
          if (change.seq() <= last) {
            throw log.damaged(
                in.number(), "seq-order", "change " + change.seq() + " after change " + last);
          }
          last = change.seq();
          sink.accept(new Occurrence(change, log.file(), in.number()));
        }
      }
      log.requireWhole(in);
    }
    return last;
  }

  private boolean isWhole(Table table, LineReader in) {
    return in.isTerminated() && codec.isChecked(table, in.bytes(), in.from(), in.to());
  }

  private void addUnattributed(LogReader log, LineReader in) {
    if (unattributed.size() < UNATTRIBUTED_MAX) {
      Finding finding =
          Finding.error(
              "line-damaged",
              log.file(),
              in.number(),
              "the check does not match; it is not known of which row the line was");
      unattributed.putIfAbsent(log.file() + ":" + in.number(), finding);
    }
  }

  /**
   * The line of a change after the checkpoint. A journal file has one line for each seq, without a
   * gap.
   */
  private Occurrence inJournal(Change change) {
    String file =
        journals.stream()
            .filter(name -> JournalFile.firstSeq(name) <= change.seq())
            .reduce("", (before, after) -> after);
    long line =
        file.equals(head.journal())
            ? head.journalExtent().lines() + change.seq() - head.seq()
            : Header.LINES + 1 + change.seq() - JournalFile.firstSeq(file);
    return new Occurrence(change, file, line);
  }

  private LogReader logOf(Table table, String file) {
    return new LogReader(
        disk, identity, table, file, Objects.requireNonNull(head.logs().get(file)), 0);
  }

  private static Table tableOf(String file) throws DamagedArchiveException {
    return Catalog.ofLog(file)
        .orElseThrow(
            () ->
                new DamagedArchiveException(
                    "control-damaged",
                    Head.FILE.file(),
                    0,
                    "names a log " + file + " of no table"));
  }

  /** The escaped bytes of a value, as characters of one byte each. */
  private static String raw(String value) {
    return new String(
        FieldEscaping.escape(value).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes of a field, counted from 0, as characters of one byte each; a pipe, which no field
   * has, if the line has fewer fields.
   */
  private static String field(LineReader in, int index) {
    int start = in.from();
    int seen = 0;
    for (int i = in.from(); i < in.to(); i++) {
      if (in.bytes()[i] == '|') {
        if (seen == index) {
          return new String(in.bytes(), start, i - start, StandardCharsets.ISO_8859_1);
        }
        seen++;
        start = i + 1;
      }
    }
    return "|";
  }

  private static boolean namesAny(LineReader in, Set<String> raw) {
    String line =
        new String(in.bytes(), in.from(), in.to() - in.from(), StandardCharsets.ISO_8859_1);
    return Arrays.stream(line.split("\\|", -1)).anyMatch(raw::contains);
  }
}
