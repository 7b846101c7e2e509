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
 * Shows a row, or a prayer with everything that stood on it, as it stood at a moment, with the
 * lines of the archive that made it so.
 */
public final class RowHistoryQuery {
  private final RowHistory history;
  private final PointInTime until;

  /**
   * What is looked for.
   *
   * @param table the only table to look in; empty for all of them
   */
  public record Wanted(Optional<Table> table, String key) {
    /** Reads {@code TABLE/KEY}, or else takes the whole text for a key. */
    public static Wanted parse(String text) {
      int slash = text.indexOf('/');
      Optional<Table> table = slash < 0 ? Optional.empty() : Catalog.find(text.substring(0, slash));
      return table.isPresent()
          ? new Wanted(table, text.substring(slash + 1))
          : new Wanted(Optional.empty(), text);
    }
  }

  /**
   * A row as it stood.
   *
   * @param row empty if there was none at that moment
   * @param lines all its changes up to that moment, in order
   */
  public record Standing(
      Table table, String key, Optional<Row> row, List<RowHistory.Occurrence> lines) {}

  /**
   * What was found.
   *
   * @param seq the last change of all at that moment, 0 if there was none
   * @param at the moment that was asked for; of a seq the time of that change
   * @param rows empty if there never was such a row
   * @param findings what may be missing, because a damaged line does not tell of which row it was
   */
  public record Answer(long seq, long at, List<Standing> rows, List<Finding> findings) {}

  private RowHistoryQuery(RowHistory history, PointInTime until) {
    this.history = history;
    this.until = until;
  }

  /**
   * Reads the archive.
   *
   * @throws OperationRefusedException if the archive does not reach as far
   * @throws org.thywill.archive.format.DamagedArchiveException if it is not what was written where
   *     it matters
   */
  public static Answer run(Path archive, PointInTime until, Wanted wanted) throws IOException {
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(archive), 0);
    if (until.seq() != Long.MAX_VALUE && until.seq() > reader.lastSeq()) {
      throw new OperationRefusedException(
          "the archive ends with change "
              + reader.lastSeq()
              + "; it does not know change "
              + until.seq());
    }
    RowHistoryQuery search = new RowHistoryQuery(reader.history(), until);
    List<Standing> rows = search.rows(wanted);
    Optional<Change> last = search.history.last(until::includes);
    long at =
        until.at() != Long.MAX_VALUE
            ? until.at()
            : last.map(Change::at).orElse(reader.identity().createdAt());
    List<Finding> findings = new ArrayList<>(reader.findings());
    findings.addAll(search.history.findings());
    return new Answer(last.map(Change::seq).orElse(0L), at, rows, findings);
  }

  private List<Standing> rows(Wanted wanted) throws IOException {
    List<Standing> rows = new ArrayList<>();
    for (Table table : wanted.table().map(List::of).orElse(Catalog.TABLES)) {
      List<RowHistory.Occurrence> lines = history.ofKeys(table, Set.of(wanted.key()));
      if (!lines.isEmpty()) {
        rows.add(standing(table, wanted.key(), lines));
        if (table == Catalog.PRAYERS) {
          rows.addAll(onPage(wanted.key()));
        }
      }
    }
    // A row such as an attribute may have the key of its prayer, and then was found twice.
    return new ArrayList<>(new LinkedHashSet<>(rows));
  }

  private List<Standing> onPage(String prayer) throws IOException {
    List<Standing> rows = new ArrayList<>();
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
            Standing row = standing(table, key, lines);
            if (stoodOn(prayer, row)) {
              rows.add(row);
            }
          });
    }
    return rows;
  }

  /**
   * Whether the last line of a row up to then names the prayer, be it that the row stood there or
   * that it was taken from there.
   */
  private static boolean stoodOn(String prayer, Standing row) {
    return !row.lines().isEmpty()
        && row.lines()
            .getLast()
            .change()
            .row()
            .text(row.table().pageColumn().orElseThrow())
            .equals(Optional.of(prayer));
  }

  private Standing standing(Table table, String key, List<RowHistory.Occurrence> all) {
    List<RowHistory.Occurrence> lines =
        all.stream().filter(line -> until.includes(line.change())).toList();
    boolean exists = !lines.isEmpty() && lines.getLast().change().operation() != Operation.REMOVED;
    return new Standing(
        table, key, exists ? Optional.of(lines.getLast().change().row()) : Optional.empty(), lines);
  }
}
