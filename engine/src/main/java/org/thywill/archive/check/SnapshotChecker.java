package org.thywill.archive.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.thywill.archive.format.Header;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.SnapshotCodec;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;

/**
 * Checks that every snapshot has the rows that the logs lead to.
 *
 * <p>A snapshot may be ahead of the checkpoint if the journal has the changes; then a checkpoint
 * was stopped before its end.
 */
final class SnapshotChecker {
  private static final String AS_OF = "\nas_of|";

  private final CheckContext context;
  private final Map<Table, TableLogChecker> tables;

  SnapshotChecker(CheckContext context, Map<Table, TableLogChecker> tables) {
    this.context = context;
    this.tables = tables;
  }

  void run() throws IOException {
    for (Table table : Snapshots.tables()) {
      check(table);
    }
  }

  private void check(Table table) throws IOException {
    String file = Snapshots.file(table);
    Optional<byte[]> found = context.disk().readIfPresent(file);
    TableLogChecker logs = tables.get(table);
    if (logs != null && isKnown(logs) && found.filter(Snapshots::isWhole).isEmpty()) {
      context
          .expected()
          .of(file, expected(table, new ArrayList<>(logs.rows().values()), List.of()));
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
    boolean isForeign = Header.isForeign(context.disk(), file, context.identity().community());
    if (!isForeign) {
      noteChanges(table, bytes);
    }
    if (logs != null && !isKnown(logs)) {
      return; // It is not known which rows the logs lead to.
    }
    // One of another community says nothing of how far this archive goes.
    compare(table, file, bytes, lines, isForeign ? context.head().seq() : asOf(bytes));
  }

  /** Whether it is known which rows the logs lead to. */
  private boolean isKnown(TableLogChecker logs) {
    return !(logs.isDamaged() && context.sequence().isAnythingLost());
  }

  private void compare(Table table, String file, byte[] bytes, List<Line> lines, long asOf)
      throws IOException {
    if (asOf > context.sequence().last()) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  "snapshot-ahead",
                  file,
                  0,
                  "is as of change "
                      + asOf
                      + "; expected none after change "
                      + context.sequence().last()
                      + ", where the journal ends"),
              () -> FindingCollector.Remedy.NONE);
      return;
    }
    List<Line> later =
        context.tail().lines().stream()
            .filter(line -> line.change().table() == table && line.change().seq() <= asOf)
            .toList();
    if (lines.isEmpty() && later.isEmpty()) {
      error(
          Finding.error(
              "snapshot-unexpected", file, 0, table + " has no log; expected no snapshot"));
      return;
    }
    byte[] expected = expected(table, lines, later);
    if (!Arrays.equals(expected, bytes)) {
      context.expected().of(file, expected);
      error(
          Finding.error(
              "snapshot-differs",
              file,
              PageChecker.lineAt(bytes, Arrays.mismatch(expected, bytes)),
              "is not what the logs lead to; expected the last line of each present row"));
    }
  }

  private byte[] expected(Table table, List<Line> lines, List<Line> later) {
    SortedMap<String, Line> rows = new TreeMap<>();
    List<Line> all = new ArrayList<>(lines);
    all.sort(Comparator.comparingLong(line -> line.change().seq()));
    all.addAll(later);
    for (Line line : all) {
      if (line.change().operation() == Operation.REMOVED) {
        rows.remove(line.change().row().key());
      } else {
        rows.put(line.change().row().key(), line);
      }
    }
    return new Snapshots(context.disk(), context.identity(), context.head())
        .render(table, rows, all.getLast().change().seq());
  }

  /**
   * The first line of a damaged snapshot that differs from what it must be; 0 if it is not known.
   */
  private long mismatch(Table table, byte[] bytes) {
    TableLogChecker logs = tables.get(table);
    if (logs == null || logs.rows().isEmpty() || !context.isClosed()) {
      return 0;
    }
    return PageChecker.lineAt(
        bytes,
        Arrays.mismatch(expected(table, new ArrayList<>(logs.rows().values()), List.of()), bytes));
  }

  /** Records which changes the snapshot has that neither a log nor the journal has. */
  private void noteChanges(Table table, byte[] bytes) throws IOException {
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
          if (seq <= context.sequence().last() && context.sequence().isLost(seq)) {
            context.sequence().noteElsewhere(seq);
          }
        } catch (MalformedLineException e) {
          // The header and the end are not rows. The comparison with the logs finds damaged ones.
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

  /**
   * Reports a snapshot as damaged. It can be restored from the logs, unless these have lost changes
   * that no other file has.
   */
  private void error(Finding finding) {
    context
        .findings()
        .error(
            finding,
            () ->
                FindingCollector.Remedy.of(
                    context.sequence().isAllElsewhere(0, context.head().seq() + 1)));
  }
}
