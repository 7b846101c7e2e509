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
        row.text("legacy_table").orElse(""),
        row.text("row_key").orElse(""),
        row.text("legacy_column").orElse(""),
        row.text("was").orElse("null:"),
        row.text("instead_of").orElse("null:"));
  }

  public Row row() {
    return Row.in(Catalog.LEGACY_VALUES)
        .set("legacy_table", table)
        .set("row_key", rowKey)
        .set("legacy_column", column)
        .set("was", was)
        .set("instead_of", insteadOf)
        .set("id", ContentHash.of(table, rowKey, column))
        .build();
  }
}
