package org.thywill.legacy.source;

import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Makes our keys for the rows of a table from its key column.
 *
 * <p>A text is the key itself, unless an earlier row had it. Any other cell gets a key made from
 * the cell and, where that is not unique, from the number of the row.
 */
final class KeyGenerator {
  private final SourceTable table;
  private final boolean isUnique;
  private final KeySet seen = new KeySet();

  KeyGenerator(SourceTable table, String column) {
    this.table = table;
    // Hashes of unique secrets may be equal: those of an empty text and an empty blob are.
    this.isUnique = table.shape().unique().contains(column) && !table.holdsSecretKeys();
  }

  String key(SqliteValue cell, long rowNumber) {
    if (cell instanceof SqliteValue.Text(String text) && (isUnique || seen.add(text))) {
      return text;
    }
    boolean isCellEnough = isUnique && !cell.isNull();
    return "legacy_"
        + ContentHash.of(
            table.lowerName(), cell.spell(), isCellEnough ? "" : Long.toString(rowNumber));
  }
}
