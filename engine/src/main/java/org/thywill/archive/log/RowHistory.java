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
 * The changes of some rows with the lines that they stand in: in the logs up to the checkpoint,
 * then in the journal. Of every line that is passed over the check is compared, but only the lines
 * of the wanted rows are read in full and kept.
 *
 * <p>A damaged line that names a wanted row ends the search. One that does not may have been a line
 * of that row before it was damaged, so it becomes a finding.
 */
public final class RowHistory {
  private static final int DOUBTS_MAX = 1_000;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;
  private final List<Line> tail;
  private final List<String> journals;
  private final LineCodec codec = new LineCodec();
  private final Map<String, Finding> doubts = new LinkedHashMap<>();

  /** A change and where it stands; of what stands in a log and in the journal, the log. */
  public record Place(Change change, String file, long line) {}

  public RowHistory(Disk disk, ArchiveIdentity identity, Head head, List<Line> tail)
      throws IOException {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
    this.tail = tail;
    this.journals = JournalFile.list(disk);
  }

  /** The damaged lines that were met and that name none of the wanted rows; the first 1,000. */
  public List<Finding> findings() {
    return List.copyOf(doubts.values());
  }

  /**
   * All changes of the rows with some keys, in order.
   *
   * @throws DamagedArchiveException if a line that names one of the keys is not as it was written,
   *     or a log is not whole
   */
  public List<Place> ofKeys(Table table, Set<String> keys) throws IOException {
    List<Place> found = new ArrayList<>();
    search(table, table.keyPosition(), keys, found::add);
    return found;
  }

  /**
   * The keys of all rows that ever stood on the page of a prayer.
   *
   * @throws DamagedArchiveException as {@link #ofKeys}
   */
  public Set<String> keysOnPage(Table table, String prayer) throws IOException {
    Set<String> keys = new LinkedHashSet<>();
    search(
        table,
        table.position(table.pageColumn().orElseThrow()),
        Set.of(prayer),
        place -> keys.add(place.change().row().key()));
    return keys;
  }

  /**
   * The last change of all for which something holds that, once it does not hold, never does again.
   */
  public Optional<Change> last(Predicate<Change> included) throws IOException {
    for (Line line : tail.reversed()) {
      if (included.test(line.change())) {
        return Optional.of(line.change());
      }
    }
    Optional<Change> last = Optional.empty();
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
      Optional<Change> ofMonth = Optional.empty();
      for (String file : files) {
        ofMonth = later(ofMonth, lastIn(file, included));
      }
      if (ofMonth.isPresent()) {
        return later(last, ofMonth);
      }
    }
    return last;
  }

  private static Optional<Change> later(Optional<Change> one, Optional<Change> other) {
    return one.isEmpty() || other.isPresent() && other.get().seq() > one.get().seq() ? other : one;
  }

  private Optional<Change> lastIn(String file, Predicate<Change> included) throws IOException {
    Table table = tableOf(file);
    LogReader scan = scan(table, file);
    Optional<Change> last = Optional.empty();
    try (LineReader in = scan.open()) {
      while (scan.next(in)) {
        if (!isWhole(table, in)) {
          doubt(scan, in);
          continue;
        }
        Change change = scan.decode(in);
        if (!included.test(change)) {
          return last;
        }
        last = Optional.of(change);
      }
    }
    return last;
  }

  /** Takes in what a search finds. */
  private interface Sink {
    void accept(Place place);
  }

  private void search(Table table, int column, Set<String> values, Sink sink) throws IOException {
    Set<String> raw = values.stream().map(RowHistory::raw).collect(Collectors.toSet());
    long last = 0;
    for (String file : head.logsOf(table)) {
      last = searchLog(scan(table, file), column, raw, last, sink);
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

  private long searchLog(LogReader scan, int column, Set<String> raw, long lastBefore, Sink sink)
      throws IOException {
    long last = lastBefore;
    try (LineReader in = scan.open()) {
      while (scan.next(in)) {
        if (!isWhole(scan.table(), in)) {
          if (namesAny(in, raw)) {
            throw scan.damaged(
                in.number(),
                "line-damaged",
                "the check does not match, and the line names what is looked for");
          }
          doubt(scan, in);
        } else if (raw.contains(field(in, column + LineCodec.BEFORE.size()))) {
          Change change = scan.decode(in);
          if (change.seq() <= last) {
            throw scan.damaged(
                in.number(), "seq-order", "change " + change.seq() + " behind change " + last);
          }
          last = change.seq();
          sink.accept(new Place(change, scan.file(), in.number()));
        }
      }
      scan.requireWhole(in);
    }
    return last;
  }

  private boolean isWhole(Table table, LineReader in) {
    return in.isTerminated() && codec.isChecked(table, in.bytes(), in.from(), in.to());
  }

  private void doubt(LogReader scan, LineReader in) {
    if (doubts.size() < DOUBTS_MAX) {
      Finding finding =
          Finding.error(
              "line-damaged",
              scan.file(),
              in.number(),
              "the check does not match; it cannot be told of which row the line was");
      doubts.putIfAbsent(scan.file() + ":" + in.number(), finding);
    }
  }

  /**
   * Where a change behind the checkpoint stands: in a journal file, seqs go on without a gap, a
   * line for each.
   */
  private Place inJournal(Change change) {
    String file =
        journals.stream()
            .filter(name -> JournalFile.firstSeq(name) <= change.seq())
            .reduce("", (before, after) -> after);
    long line =
        file.equals(head.journal())
            ? head.journalExtent().lines() + change.seq() - head.seq()
            : Header.LINES + 1 + change.seq() - JournalFile.firstSeq(file);
    return new Place(change, file, line);
  }

  private LogReader scan(Table table, String file) {
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

  /** The bytes of a field that says this, as characters of one byte each. */
  private static String raw(String value) {
    return new String(
        FieldEscaping.escape(value).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * The bytes of a field, counted from 0, as characters of one byte each; no text at all if the
   * line has fewer fields.
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
