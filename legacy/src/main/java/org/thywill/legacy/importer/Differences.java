package org.thywill.legacy.importer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.legacy.source.SourceTable;

/**
 * What a source tells otherwise than a row of the community that is added to. The row stays as it
 * is, so each such value is named.
 */
final class Differences {
  private static final long MINUTE = 60_000_000L;

  private final CommunityRows community;
  private final ImportFindings findings;

  Differences(CommunityRows community, ImportFindings findings) {
    this.community = community;
    this.findings = findings;
  }

  /**
   * Looks at one row that is there.
   *
   * @param told the rows that it would be made of, if it were not there
   */
  void look(SourceTable table, long number, List<Row> told) throws IOException {
    Row mine = told.getFirst();
    Optional<Row> there = community.find(mine.table(), mine.key());
    if (there.isEmpty()) {
      return; // it is an earlier source that has it
    }
    List<String> exacter = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (LegacyColumn column : table.known()) {
      if (column != null
          && column.kind() != LegacyColumn.Kind.KEY
          && column.kind() != LegacyColumn.Kind.CODE) {
        Object its = there.get().value(column.ours().position());
        Object value = mine.value(column.ours().position());
        sort(column.names().getFirst(), its, value, isTime(column), exacter, empty, others);
      }
    }
    for (Row exact : told.subList(1, told.size())) {
      LegacyValue value = LegacyValue.of(exact);
      boolean isThere =
          community
              .find(exact.table(), exact.key())
              .filter(known -> LegacyValue.of(known).was().equals(value.was()))
              .isPresent();
      if (!isThere
          && !exacter.contains(value.column())
          && !empty.contains(value.column())
          && !others.contains(value.column())) {
        exacter.add(value.column());
      }
    }
    String row = " of row " + number;
    note(
        "more-exact-than-community",
        table,
        exacter,
        row + " would be more exact than in the row that is there, which stays as it is");
    note(
        "empty-in-community",
        table,
        empty,
        row + " is empty in the row that is there, which stays as it is");
    if (!others.isEmpty()) {
      findings.warning(
          "differs-from-community",
          table,
          String.join(", ", others)
              + row
              + " is told otherwise than in the row that is there, which stays as it is");
    }
  }

  private void note(String code, SourceTable table, List<String> columns, String message) {
    if (!columns.isEmpty()) {
      findings.note(code, table, String.join(", ", columns) + message);
    }
  }

  private static boolean isTime(LegacyColumn column) {
    return column.ours().type() == ColumnType.TIME;
  }

  private static void sort(
      String column,
      @Nullable Object there,
      @Nullable Object told,
      boolean isTime,
      List<String> exacter,
      List<String> empty,
      List<String> others) {
    if (told == null ? there == null : told.equals(there)) {
      return;
    }
    if (there == null) {
      empty.add(column);
    } else if (told != null
        && (isTime
            ? Math.abs((Long) there - (Long) told) < 2 * MINUTE
            : lines(there).equals(lines(told)))) {
      exacter.add(column);
    } else {
      others.add(column);
    }
  }

  /** Texts lose the returns before their line feeds. */
  private static Object lines(Object value) {
    return value instanceof String text ? text.replace("\r\n", "\n").replace('\r', '\n') : value;
  }
}
