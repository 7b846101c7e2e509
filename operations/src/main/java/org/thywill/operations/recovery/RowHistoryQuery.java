package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.archive.log.RowHistory;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.view.rebuild.PointInTime;

/**
 * Finds a row as it was at a point in time, with the lines of the archive that made it so.
 *
 * <p>For a prayer it also finds every row that was on its page then.
 */
public final class RowHistoryQuery {
  private final RowHistory history;
  private final PointInTime until;

  /**
   * The key of the rows to find.
   *
   * @param table the only table to search; null for all of them
   */
  public record Target(@Nullable Table table, String key) {
    /** Reads {@code TABLE/KEY}; a text that does not begin with a table is a key. */
    public static Target parse(String text) {
      int slash = text.indexOf('/');
      Optional<Table> table = slash < 0 ? Optional.empty() : Catalog.find(text.substring(0, slash));
      return table.isPresent()
          ? new Target(table.get(), text.substring(slash + 1))
          : new Target(null, text);
    }
  }

  /**
   * A row as it was at the point in time.
   *
   * @param row null if there was none then
   * @param lines all its changes up to then, in order
   */
  public record PastRow(Table table, String key, @Nullable Row row, List<RowHistory.Occurrence> lines) {}

  /**
   * The result of a query.
   *
   * @param seq the last change of all up to the point in time; 0 if there was none
   * @param atMicros the time that was asked for, or that of the change that was asked for, in
   *     microseconds since 1970
   * @param rows empty if there never was such a row
   * @param findings what may be missing, because a damaged line does not say of which row it is
   */
  public record Answer(long seq, long atMicros, List<PastRow> rows, List<Finding> findings) {}

  private RowHistoryQuery(RowHistory history, PointInTime until) {
    this.history = history;
    this.until = until;
  }

  /**
   * Runs a query.
   *
   * @throws OperationRefusedException if the archive ends before the point in time
   * @throws org.thywill.archive.format.DamagedArchiveException if lines that matter are damaged
   */
  public static Answer run(Path archive, PointInTime until, Target target) throws IOException {
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(archive), 0);
    if (until.seq() != Long.MAX_VALUE && until.seq() > reader.lastSeq()) {
      throw new OperationRefusedException(
          "the archive ends with change "
              + reader.lastSeq()
              + "; it does not know change "
              + until.seq());
    }
    RowHistoryQuery query = new RowHistoryQuery(reader.history(), until);
    List<PastRow> rows = query.rows(target);
    Optional<Change> last = query.history.last(until::includes);
    long atMicros =
        until.atMicros() != Long.MAX_VALUE
            ? until.atMicros()
            : last.map(Change::at).orElse(reader.identity().createdAt());
    List<Finding> findings = new ArrayList<>(reader.findings());
    findings.addAll(query.history.findings());
    return new Answer(last.map(Change::seq).orElse(0L), atMicros, rows, findings);
  }

  private List<PastRow> rows(Target target) throws IOException {
    List<PastRow> rows = new ArrayList<>();
    List<Table> tables = target.table() == null ? Catalog.TABLES : List.of(target.table());
    for (Table table : tables) {
      List<RowHistory.Occurrence> lines = history.ofKeys(table, Set.of(target.key()));
      if (!lines.isEmpty()) {
        rows.add(pastRow(table, target.key(), lines));
        if (table == Catalog.PRAYERS) {
          rows.addAll(onPage(target.key()));
        }
      }
    }
    // A row such as an attribute may have the key of its prayer, and then was found twice.
    return new ArrayList<>(new LinkedHashSet<>(rows));
  }

  /** Every row that was on the page of a prayer. */
  private List<PastRow> onPage(String prayer) throws IOException {
    List<PastRow> rows = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      if (table == Catalog.PRAYERS || table.pageColumn().isEmpty()) {
        continue;
      }
      Map<String, List<RowHistory.Occurrence>> byKey = new LinkedHashMap<>();
      Set<String> keys = history.keysOnPage(table, prayer);
      if (!keys.isEmpty()) {
        history
            .ofKeys(table, keys)
            .forEach(
                line ->
                    byKey
                        .computeIfAbsent(line.change().row().key(), key -> new ArrayList<>())
                        .add(line));
      }
      byKey.forEach(
          (key, lines) -> {
            PastRow row = pastRow(table, key, lines);
            if (wasOnPage(prayer, row)) {
              rows.add(row);
            }
          });
    }
    return rows;
  }

  /** Whether the last line of a row up to then names the prayer, also if it removes the row. */
  private static boolean wasOnPage(String prayer, PastRow row) {
    if (row.lines().isEmpty()) {
      return false;
    }
    Row last = row.lines().getLast().change().row();
    return prayer.equals(last.value(row.table().pageColumn().orElseThrow()));
  }

  private PastRow pastRow(Table table, String key, List<RowHistory.Occurrence> all) {
    List<RowHistory.Occurrence> lines =
        all.stream().filter(line -> until.includes(line.change())).toList();
    boolean exists = !lines.isEmpty() && lines.getLast().change().operation() != Operation.REMOVED;
    return new PastRow(table, key, exists ? lines.getLast().change().row() : null, lines);
  }
}
