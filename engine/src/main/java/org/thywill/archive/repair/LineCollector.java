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
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.EncodingDamage;
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

/** Collects the good lines of one log or journal file from all files that have them, by seq. */
final class LineCollector {
  private final LineCodec codec = new LineCodec();
  private final String community;
  private final Predicate<Change> wanted;
  private final NavigableMap<Long, List<SoundLine>> lines = new TreeMap<>();

  /**
   * A line that is as it was written, by its check.
   *
   * @param line the journal line with its line feed
   * @param source the file that has it
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are compared where equality matters.
  record SoundLine(Table table, Change.TransactionInfo stamp, byte[] line, String source) {
    int logStart() {
      return LineCodec.prefixLength(table);
    }
  }

  /**
   * A collector without lines.
   *
   * @param community whose files are read; one whose header names another community has no line of
   *     it, whatever its checks say
   */
  LineCollector(String community, Predicate<Change> wanted) {
    this.community = community;
    this.wanted = wanted;
  }

  /**
   * The lines by seq. If sound lines contradict each other, all of them are there, in the order in
   * which they were found.
   */
  NavigableMap<Long, List<SoundLine>> all() {
    return lines;
  }

  /** Whether there is a line of a change. */
  boolean has(long seq) {
    return lines.containsKey(seq);
  }

  /** The line of a change that was found first. */
  SoundLine first(long seq) {
    return Objects.requireNonNull(lines.get(seq)).getFirst();
  }

  /** Whether any seq in a range, both ends included, has more than one line. */
  boolean isDisputed(long from, long to) {
    return lines.subMap(from, true, to, true).values().stream().anyMatch(each -> each.size() > 1);
  }

  /** The files that the lines are from, in the order of the lines. */
  Set<String> sources() {
    Set<String> sources = new LinkedHashSet<>();
    lines.values().forEach(each -> sources.add(each.getFirst().source()));
    return sources;
  }

  /** Adds the lines of a log of a table, or of a file that may be a copy of one. */
  void fromLog(RepairSource source, String file, Table table) throws IOException {
    from(
        source,
        file,
        in -> codec.decodeLog(table, in.bytes(), in.from(), in.to()),
        in -> journalLine(table, in));
  }

  /** Adds the lines of a journal file or a page, or of a file that may be a copy of one. */
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

  /** Adds the lines of a snapshot. */
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
   * Adds the lines of a part of a log that is proven right, and discards all lines that contradict
   * them.
   */
  void replaceBy(Table table, byte[] part, String source) throws IOException {
    LineCollector right = new LineCollector(community, wanted);
    right.add(
        LineReader.of(part, 0, part.length),
        source,
        in -> codec.decodeLog(table, in.bytes(), in.from(), in.to()),
        in -> journalLine(table, in));
    lines.putAll(right.lines);
  }

  /** Adds lines of a log whose columns are damaged, completed from the rows of a database. */
  void fromRows(RepairSource source, String file, Table table, LiveRowSource rows)
      throws IOException {
    addCompleted(source, file, in -> Optional.of(table), _ -> 0, rows);
  }

  /** Adds lines of a journal file whose columns are damaged, completed from a database. */
  void fromRows(RepairSource source, String file, LiveRowSource rows) throws IOException {
    addCompleted(
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

  private void addCompleted(
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
            add(
                LineReader.of(whole.get(), 0, whole.get().length),
                LiveRowSource.NAME,
                line -> codec.decodeLog(table.get(), line.bytes(), line.from(), line.to()),
                line -> journalLine(table.get(), line));
          }
        }
      }
    } catch (NoSuchFileException e) {
      // A file that is missing has no lines to complete.
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

  /** Adds the lines of all pages. */
  void fromPages(RepairSource source) throws IOException {
    for (String file : source.disk().list(PrayerPageFile.FOLDER)) {
      if (PrayerPageFile.isPage(file)) {
        fromJournal(source, file);
      }
    }
  }

  /** Adds the lines of the snapshots of some tables. */
  void fromSnapshots(RepairSource source, Predicate<Table> tables) throws IOException {
    for (Table table : Catalog.TABLES) {
      if (table.snapshot().isPresent() && tables.test(table)) {
        fromSnapshot(source, table);
      }
    }
  }

  private interface Decoder {
    Change decode(LineReader in) throws MalformedLineException;
  }

  private interface LineEncoder {
    byte[] encode(LineReader in) throws MalformedLineException;
  }

  /**
   * Adds the lines of a file as it is, and if some are bad, also those of the file with possible
   * encoding damage undone.
   */
  private void from(RepairSource source, String file, Decoder decoder, LineEncoder encoder)
      throws IOException {
    if (Header.isForeign(source.disk(), file, community)) {
      return;
    }
    boolean whole;
    try (InputStream in = source.disk().read(file, 0)) {
      whole = add(new LineReader(in, 0, 0), source.label(file), decoder, encoder);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!whole && source.disk().size(file) <= Disk.WHOLE_BYTES_MAX) {
      for (byte[] before : EncodingDamage.undo(source.read(file).orElseThrow())) {
        add(LineReader.of(before, 0, before.length), source.label(file), decoder, encoder);
      }
    }
  }

  /** Adds the good lines, and returns whether all lines but those of a header were good. */
  private boolean add(LineReader in, String source, Decoder decoder, LineEncoder encoder)
      throws IOException {
    boolean whole = true;
    while (in.next()) {
      try {
        Change change = decoder.decode(in);
        if (wanted.test(change)) {
          add(change, encoder.encode(in), source);
        }
      } catch (MalformedLineException e) {
        // The line is damaged or not a change. Whether a change is missing shows in the seqs.
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

  private void add(Change change, byte[] line, String source) {
    List<SoundLine> known = lines.computeIfAbsent(change.seq(), seq -> new ArrayList<>(1));
    if (known.stream().noneMatch(each -> Arrays.equals(each.line(), line))) {
      known.add(new SoundLine(change.table(), change.stamp(), line, source));
    }
  }
}
