package org.thywill.legacy.schema;

import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/**
 * What a cell of the original was, where our row says it otherwise. It holds while an export would
 * still write {@code insteadOf}: a row that was changed since then speaks for itself.
 */
public record LegacyValue(
    String table, String rowKey, String column, String was, String insteadOf) {
  public static LegacyValue of(Row row) {
    return new LegacyValue(
        row.get(Catalog.LegacyValues.LEGACY_TABLE).orElse(""),
        row.get(Catalog.LegacyValues.ROW_KEY).orElse(""),
        row.get(Catalog.LegacyValues.LEGACY_COLUMN).orElse(""),
        row.get(Catalog.LegacyValues.WAS).orElse("null:"),
        row.get(Catalog.LegacyValues.INSTEAD_OF).orElse("null:"));
  }

  public Row row() {
    return Row.in(Catalog.LEGACY_VALUES)
        .set(Catalog.LegacyValues.LEGACY_TABLE, table)
        .set(Catalog.LegacyValues.ROW_KEY, rowKey)
        .set(Catalog.LegacyValues.LEGACY_COLUMN, column)
        .set(Catalog.LegacyValues.WAS, was)
        .set(Catalog.LegacyValues.INSTEAD_OF, insteadOf)
        .set(Catalog.LegacyValues.ID, ContentHash.of(table, rowKey, column))
        .build();
  }
}
