package org.thywill.legacy.schema;

import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/**
 * The exact cell of the original, where our row cannot hold it.
 *
 * <p>An export writes it back only while it would otherwise write {@code insteadOf}: once the row
 * was changed, the row is written as it is.
 *
 * @param table of the original
 * @param rowKey our key of the row
 * @param column as the source spelled it
 * @param was the cell, as {@link SqliteValue#spell} writes it
 * @param insteadOf the cell that an export of our row would write, likewise
 */
public record LegacyValue(
    String table, String rowKey, String column, String was, String insteadOf) {
  /** Reads a row of table {@code legacy_values}. */
  public static LegacyValue of(Row row) {
    return new LegacyValue(
        row.get(Catalog.LegacyValues.LEGACY_TABLE).orElse(""),
        row.get(Catalog.LegacyValues.ROW_KEY).orElse(""),
        row.get(Catalog.LegacyValues.LEGACY_COLUMN).orElse(""),
        row.get(Catalog.LegacyValues.WAS).orElse("null:"),
        row.get(Catalog.LegacyValues.INSTEAD_OF).orElse("null:"));
  }

  /** The row of table {@code legacy_values}. */
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
