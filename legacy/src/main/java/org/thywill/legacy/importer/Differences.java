package org.thywill.legacy.importer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.legacy.source.SourceTable;

/**
 * Reports how a row of a source differs from the row that the community has already.
 *
 * <p>The community's row stays as it is, so each differing value becomes a finding.
 */
final class Differences {
  private static final long MINUTE_MICROS = 60_000_000L;

  private final CommunityRows community;
  private final ImportFindings findings;

  /** How a value of a source differs from the community's. */
  private enum Kind {
    MORE_EXACT,
    EMPTY_IN_COMMUNITY,
    OTHER
  }

  Differences(CommunityRows community, ImportFindings findings) {
    this.community = community;
    this.findings = findings;
  }

  /**
   * Compares one row.
   *
   * @param imported the rows that would be added if the community did not have the row
   */
  void report(SourceTable table, long number, List<Row> imported) throws IOException {
    Row row = imported.getFirst();
    Optional<Row> existing = community.find(row.table(), row.key());
    if (existing.isEmpty()) {
      return; // an earlier source has it, not the community
    }
    Map<Kind, List<String>> columns = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      columns.put(kind, new ArrayList<>());
    }
    for (LegacyColumn column : table.known()) {
      if (column != null
          && column.kind() != LegacyColumn.Kind.KEY
          && column.kind() != LegacyColumn.Kind.CODE) {
        int position = column.ours().position();
        boolean isTime = column.ours().type() == ColumnType.TIME;
        Kind kind = kind(existing.get().value(position), row.value(position), isTime);
        if (kind != null) {
          columns(columns, kind).add(column.names().getFirst());
        }
      }
    }
    for (Row exact : imported.subList(1, imported.size())) {
      LegacyValue value = LegacyValue.of(exact);
      boolean isNamed = columns.values().stream().anyMatch(list -> list.contains(value.column()));
      if (!isNamed && !hasSameValue(exact, value)) {
        columns(columns, Kind.MORE_EXACT).add(value.column());
      }
    }
    report(table, " of row " + number, columns);
  }

  private static List<String> columns(Map<Kind, List<String>> columns, Kind kind) {
    return columns.getOrDefault(kind, List.of());
  }

  private boolean hasSameValue(Row exact, LegacyValue value) throws IOException {
    return community
        .find(exact.table(), exact.key())
        .filter(known -> LegacyValue.of(known).was().equals(value.was()))
        .isPresent();
  }

  private void report(SourceTable table, String row, Map<Kind, List<String>> columns) {
    columns.forEach(
        (kind, names) -> {
          if (!names.isEmpty()) {
            String what = String.join(", ", names) + row;
            switch (kind) {
              case MORE_EXACT ->
                  findings.note(
                      "more-exact-than-community",
                      table,
                      what
                          + " would be more exact than in the row that is there, which stays as it"
                          + " is");
              case EMPTY_IN_COMMUNITY ->
                  findings.note(
                      "empty-in-community",
                      table,
                      what + " is empty in the row that is there, which stays as it is");
              case OTHER ->
                  findings.warning(
                      "differs-from-community",
                      table,
                      what + " differs from the row that is there, which stays as it is");
            }
          }
        });
  }

  /** How a value differs; null if it does not. */
  private static @Nullable Kind kind(
      @Nullable Object existing, @Nullable Object imported, boolean isTime) {
    if (existing == null) {
      return imported == null ? null : Kind.EMPTY_IN_COMMUNITY;
    }
    if (existing.equals(imported)) {
      return null;
    }
    return imported != null && isLessExact(existing, imported, isTime)
        ? Kind.MORE_EXACT
        : Kind.OTHER;
  }

  private static boolean isLessExact(Object existing, Object imported, boolean isTime) {
    return isTime
        ? Math.abs((Long) existing - (Long) imported) < 2 * MINUTE_MICROS
        : normalized(existing).equals(normalized(imported));
  }

  /** Texts lose the carriage returns before their line feeds. */
  private static Object normalized(Object value) {
    return value instanceof String text ? text.replace("\r\n", "\n").replace('\r', '\n') : value;
  }
}
