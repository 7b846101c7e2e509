package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.SnapshotCodec;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;

/**
 * Checks every snapshot against the rows that the logs lead to. A snapshot may be ahead of the
 * checkpoint if the journal has the changes: then a checkpoint was stopped before its end.
 */
final class SnapshotChecker {
  private static final String AS_OF = "\nas_of|";

  private final CheckContext run;
  private final Map<Table, TableLogChecker> tables;

  SnapshotChecker(CheckContext run, Map<Table, TableLogChecker> tables) {
    this.run = run;
    this.tables = tables;
  }

  void run() throws IOException {
    for (Table table : Snapshots.tables()) {
      check(table);
    }
  }

  private void check(Table table) throws IOException {
    String file = Snapshots.file(table);
    Optional<byte[]> found = read(file);
    TableLogChecker logs = tables.get(table);
    if (logs != null && isKnown(logs) && found.filter(Snapshots::isWhole).isEmpty()) {
      run.expected().of(file, expected(table, new ArrayList<>(logs.rows().values()), List.of()));
    }
    if (found.isEmpty()) {
      if (logs != null) {
        error(
            Finding.error(
                "snapshot-missing", file, 0, "is missing; expected the present rows of " + table));
      }
      return;
    }
    byte[] bytes = found.get();
    if (!Snapshots.isWhole(bytes)) {
      error(
          Finding.error(
              "snapshot-damaged",
              file,
              mismatch(table, bytes),
              "the check at the end does not match the snapshot"));
      return;
    }
    List<Line> lines = logs == null ? List.of() : new ArrayList<>(logs.rows().values());
    witness(table, bytes);
    if (logs != null && !isKnown(logs)) {
      return; // what the logs lead to is not known any more
    }
    compare(table, file, bytes, lines);
  }

  /** Whether it is known what the logs lead to. */
  private boolean isKnown(TableLogChecker logs) {
    return !(logs.isDamaged() && run.sequence().isAnythingLost());
  }

  private void compare(Table table, String file, byte[] bytes, List<Line> lines)
      throws IOException {
    long asOf = asOf(bytes);
    if (asOf > run.sequence().last()) {
      run.findings()
          .errorUnlessInUse(
              Finding.error(
                  "snapshot-ahead",
                  file,
                  0,
                  "is as of change "
                      + asOf
                      + "; expected none behind change "
                      + run.sequence().last()
                      + ", where the journal ends"),
              () -> FindingCollector.Remedy.NONE);
      return;
    }
    List<Line> news =
        run.tail().lines().stream()
            .filter(line -> line.change().table() == table && line.change().seq() <= asOf)
            .toList();
    if (lines.isEmpty() && news.isEmpty()) {
      error(
          Finding.error(
              "snapshot-unexpected", file, 0, table + " has no log; expected no snapshot"));
      return;
    }
    byte[] expected = expected(table, lines, news);
    if (!Arrays.equals(expected, bytes)) {
      run.expected().of(file, expected);
      error(
          Finding.error(
              "snapshot-differs",
              file,
              PageChecker.lineAt(bytes, Arrays.mismatch(expected, bytes)),
              "is not what the logs lead to; expected the last line of each present row"));
    }
  }

  private byte[] expected(Table table, List<Line> lines, List<Line> news) {
    SortedMap<String, Line> rows = new TreeMap<>();
    List<Line> all = new ArrayList<>(lines);
    all.sort(Comparator.comparingLong(line -> line.change().seq()));
    all.addAll(news);
    for (Line line : all) {
      if (line.change().operation() == Operation.REMOVED) {
        rows.remove(line.change().row().key());
      } else {
        rows.put(line.change().row().key(), line);
      }
    }
    return new Snapshots(run.disk(), run.identity(), run.head())
        .render(table, rows, all.getLast().change().seq());
  }

  /**
   * The line of a damaged snapshot that differs first from what it must be; 0 if that cannot be
   * told.
   */
  private long mismatch(Table table, byte[] bytes) {
    TableLogChecker logs = tables.get(table);
    if (logs == null || logs.rows().isEmpty() || !run.isClosed()) {
      return 0;
    }
    return PageChecker.lineAt(
        bytes,
        Arrays.mismatch(expected(table, new ArrayList<>(logs.rows().values()), List.of()), bytes));
  }

  /** Notes which changes the snapshot has that neither a log nor the journal has. */
  private void witness(Table table, byte[] bytes) throws IOException {
    LineCodec codec = new LineCodec();
    try (LineReader in = LineReader.of(bytes, 0, bytes.length)) {
      while (in.next()) {
        try {
          byte[] log =
              SnapshotCodec.toLog(
                      table,
                      new String(
                          in.bytes(), in.from(), in.to() - in.from(), StandardCharsets.UTF_8))
                  .getBytes(StandardCharsets.UTF_8);
          long seq = codec.decodeLog(table, log, 0, log.length).seq();
          if (seq <= run.sequence().last() && run.sequence().isLost(seq)) {
            run.sequence().witness(seq);
          }
        } catch (MalformedLineException e) {
          // Header and end are of another kind, and a comparison with the logs sees every
          // difference.
        }
      }
    }
  }

  private static long asOf(byte[] bytes) {
    String end =
        new String(
            bytes,
            Math.max(0, bytes.length - 64),
            Math.min(64, bytes.length),
            StandardCharsets.ISO_8859_1);
    int at = end.lastIndexOf(AS_OF);
    int lineEnd = end.indexOf('\n', at + AS_OF.length());
    try {
      return at < 0 ? 0 : Long.parseLong(end.substring(at + AS_OF.length(), lineEnd));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Optional<byte[]> read(String file) throws IOException {
    try (InputStream in = run.disk().read(file, 0)) {
      return Optional.of(in.readAllBytes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * A snapshot can always be made again from the logs, unless these have lost something that
   * nothing else has.
   */
  private void error(Finding finding) {
    run.findings()
        .error(
            finding,
            () ->
                FindingCollector.Remedy.of(run.sequence().isAllElsewhere(0, run.head().seq() + 1)));
  }
}
