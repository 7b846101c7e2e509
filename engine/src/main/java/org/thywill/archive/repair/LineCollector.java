package org.thywill.archive.repair;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.SnapshotCodec;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Collects good lines of one log or one journal file from wherever they stand, by the number of
 * their change.
 */
final class LineCollector {
  private final LineCodec codec = new LineCodec();
  private final Predicate<Change> wanted;
  private final NavigableMap<Long, List<Good>> lines = new TreeMap<>();

  /**
   * A line that is as it was written, by its check.
   *
   * @param line the journal line with its newline
   * @param source the file where it stands
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by its bytes where that matters
  record Good(Table table, Change.TransactionInfo stamp, byte[] line, String source) {
    int logStart() {
      return LineCodec.prefixLength(table);
    }
  }

  LineCollector(Predicate<Change> wanted) {
    this.wanted = wanted;
  }

  /**
   * By number: the line, and where sound lines contradict each other all of them, in the order in
   * which they were found.
   */
  NavigableMap<Long, List<Good>> all() {
    return lines;
  }

  boolean has(long seq) {
    return lines.containsKey(seq);
  }

  Good first(long seq) {
    return Objects.requireNonNull(lines.get(seq)).getFirst();
  }

  /** Whether a number from one to another, both included, has more than one line. */
  boolean isDisputed(long from, long to) {
    return lines.subMap(from, true, to, true).values().stream().anyMatch(each -> each.size() > 1);
  }

  /** The files that the lines are from, in the order of the lines. */
  Set<String> sources() {
    Set<String> sources = new LinkedHashSet<>();
    lines.values().forEach(each -> sources.add(each.getFirst().source()));
    return sources;
  }

  /** Takes the lines of a log of a table, or of what may be a copy of one. */
  void fromLog(RepairSource source, String file, Table table) throws IOException {
    from(
        source,
        file,
        in -> codec.decodeLog(table, in.bytes(), in.from(), in.to()),
        in -> journalLine(table, in));
  }

  /** Takes the lines of a journal file or a page, or of what may be a copy of one. */
  void fromJournal(RepairSource source, String file) throws IOException {
    from(
        source,
        file,
        in -> codec.decodeJournal(in.bytes(), in.from(), in.to()),
        LineCollector::journalLine);
  }

  private static byte[] journalLine(LineReader in) {
    byte[] line = Arrays.copyOfRange(in.bytes(), in.from(), in.to() + 1);
    line[line.length - 1] = '\n';
    return line;
  }

  /** Takes the lines of the rows in a snapshot. */
  void fromSnapshot(RepairSource source, Table table) throws IOException {
    String file = Snapshots.file(table);
    from(
        source,
        file,
        in -> {
          byte[] log = logLine(table, in);
          return codec.decodeLog(table, log, 0, log.length);
        },
        in -> {
          byte[] log = logLine(table, in);
          byte[] prefix = LineCodec.prefix(table);
          byte[] line = Arrays.copyOf(prefix, prefix.length + log.length + 1);
          System.arraycopy(log, 0, line, prefix.length, log.length);
          line[line.length - 1] = '\n';
          return line;
        });
  }

  private static byte[] logLine(Table table, LineReader in) throws MalformedLineException {
    return SnapshotCodec.toLog(
            table, new String(in.bytes(), in.from(), in.to() - in.from(), StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Takes the lines of a part of a log that is known to be as it was written: where other lines
   * contradict them, those are wrong.
   */
  void decide(Table table, byte[] part, String source) throws IOException {
    LineCollector right = new LineCollector(wanted);
    right.take(
        LineReader.of(part, 0, part.length),
        source,
        in -> codec.decodeLog(table, in.bytes(), in.from(), in.to()),
        in -> journalLine(table, in));
    lines.putAll(right.lines);
  }

  /** Takes lines of a log whose columns are damaged and stand in a database still. */
  void fromRows(RepairSource source, String file, Table table, LiveRowSource rows)
      throws IOException {
    completed(source, file, in -> Optional.of(table), _ -> 0, rows);
  }

  /** The same for a journal file. */
  void fromRows(RepairSource source, String file, LiveRowSource rows) throws IOException {
    completed(
        source,
        file,
        in ->
            Catalog.TABLES.stream()
                .filter(table -> startsWith(in, LineCodec.prefix(table)))
                .findFirst(),
        LineCodec::prefixLength,
        rows);
  }

  private static boolean startsWith(LineReader in, byte[] prefix) {
    return in.to() - in.from() >= prefix.length
        && Arrays.equals(
            in.bytes(), in.from(), in.from() + prefix.length, prefix, 0, prefix.length);
  }

  private void completed(
      RepairSource source,
      String file,
      Function<LineReader, Optional<Table>> tables,
      ToIntFunction<Table> start,
      LiveRowSource rows)
      throws IOException {
    try (LineReader in = new LineReader(source.disk().read(file, 0), 0, 0)) {
      while (in.next()) {
        Optional<Table> table = tables.apply(in);
        int from = in.from() + table.map(start::applyAsInt).orElse(0);
        if (table.isPresent() && !codec.isChecked(table.get(), in.bytes(), from, in.to())) {
          byte[] damaged = Arrays.copyOfRange(in.bytes(), from, in.to());
          Optional<byte[]> whole = restored(table.get(), damaged, rows);
          if (whole.isPresent()) {
            take(
                LineReader.of(whole.get(), 0, whole.get().length),
                LiveRowSource.NAME,
                line -> codec.decodeLog(table.get(), line.bytes(), line.from(), line.to()),
                line -> journalLine(table.get(), line));
          }
        }
      }
    } catch (NoSuchFileException e) {
      // Then it has no remains.
    }
  }

  /** What a log line was before its columns were damaged, if the row is still as it made it. */
  private Optional<byte[]> restored(Table table, byte[] line, LiveRowSource rows)
      throws IOException {
    Optional<String> key = codec.keyOf(table, line);
    Optional<Row> row = key.isPresent() ? rows.find(table, key.get()) : Optional.empty();
    return row.flatMap(present -> codec.withColumnsOf(present, line));
  }

  private static byte[] journalLine(Table table, LineReader in) {
    byte[] prefix = LineCodec.prefix(table);
    byte[] line = Arrays.copyOf(prefix, prefix.length + in.to() - in.from() + 1);
    System.arraycopy(in.bytes(), in.from(), line, prefix.length, in.to() - in.from());
    line[line.length - 1] = '\n';
    return line;
  }

  /** Takes the lines of all pages. */
  void fromPages(RepairSource source) throws IOException {
    for (String file : source.disk().list(PrayerPageFile.FOLDER)) {
      if (PrayerPageFile.isPage(file)) {
        fromJournal(source, file);
      }
    }
  }

  /** Takes the lines of all snapshots that may have some of a table. */
  void fromSnapshots(RepairSource source, Predicate<Table> tables) throws IOException {
    for (Table table : Catalog.TABLES) {
      if (table.snapshot().isPresent() && tables.test(table)) {
        fromSnapshot(source, table);
      }
    }
  }

  private interface Decoding {
    Change of(LineReader in) throws MalformedLineException;
  }

  private interface Spelling {
    byte[] of(LineReader in) throws MalformedLineException;
  }

  /**
   * Takes the lines of a file as it is, and where some are bad also of what it may have been before
   * it was mangled.
   */
  private void from(RepairSource source, String file, Decoding decoding, Spelling spelling)
      throws IOException {
    boolean whole;
    try (InputStream in = source.disk().read(file, 0)) {
      whole = take(new LineReader(in, 0, 0), source.told(file), decoding, spelling);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!whole) {
      for (byte[] before : EncodingDamage.undo(source.read(file).orElseThrow())) {
        take(LineReader.of(before, 0, before.length), source.told(file), decoding, spelling);
      }
    }
  }

  /** Whether all lines but those of a header were good. */
  private boolean take(LineReader in, String source, Decoding decoding, Spelling spelling)
      throws IOException {
    boolean whole = true;
    while (in.next()) {
      try {
        Change change = decoding.of(in);
        if (wanted.test(change)) {
          take(change, spelling.of(in), source);
        }
      } catch (MalformedLineException e) {
        // Not as it was written, or no change at all; whether a change is missing by that shows in
        // their numbers.
        whole &=
            in.number() <= Header.LINES
                && in.isTerminated()
                && in.from() < in.to()
                && in.bytes()[in.from()] == '#'
                && in.bytes()[in.to() - 1] != '\r';
      }
    }
    return whole;
  }

  private void take(Change change, byte[] line, String source) {
    List<Good> known = lines.computeIfAbsent(change.seq(), seq -> new ArrayList<>(1));
    if (known.stream().noneMatch(each -> Arrays.equals(each.line(), line))) {
      known.add(new Good(change.table(), change.stamp(), line, source));
    }
  }
}
