package org.thywill.legacy.source;

import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Makes the keys of a table's rows from its key column: text is the key itself, unless another row
 * had it before; anything else is given a key made from the cell and, where that is not enough,
 * from the row's number.
 */
final class KeyGenerator {
  private final SourceTable table;
  private final boolean unique;
  private final KeySet seen = new KeySet();

  KeyGenerator(SourceTable table, String column) {
    this.table = table;
    // Hashes of unique secrets need not be unique: an empty text and an empty blob have one.
    this.unique = table.shape().unique().contains(column) && !table.holdsSecretKeys();
  }

  String key(SqliteValue cell, long number) {
    if (cell instanceof SqliteValue.Text(String text) && (unique || seen.add(text))) {
      return text;
    }
    boolean enough = unique && !cell.isNull();
    return "legacy_"
        + ContentHash.of(table.lowerName(), cell.spell(), enough ? "" : Long.toString(number));
  }
}
