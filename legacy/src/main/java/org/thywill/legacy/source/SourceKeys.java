package org.thywill.legacy.source;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.SqliteValue;

/** Finds our key of a row by the cell with which a source refers to it. */
final class SourceKeys {
  /** Rows whose references hold the key itself; these are many, so only their hashes are kept. */
  private final Map<Table, KeySet> equal = new HashMap<>();

  private final Map<Table, Map<SqliteValue, String>> others = new HashMap<>();

  /** Adds a row; of two rows with one reference, the first is kept. */
  void add(Table table, SqliteValue reference, String key) {
    if (reference instanceof SqliteValue.Text(String text) && text.equals(key)) {
      equal.computeIfAbsent(table, _ -> new KeySet()).add(key);
    } else if (!reference.isNull()) {
      others.computeIfAbsent(table, _ -> new HashMap<>()).putIfAbsent(reference, key);
    }
  }

  /** Our key of the row that a reference means, or null. */
  @Nullable String find(Table table, SqliteValue reference) {
    if (reference instanceof SqliteValue.Text(String text)) {
      KeySet keys = equal.get(table);
      if (keys != null && keys.contains(text)) {
        return text;
      }
    }
    Map<SqliteValue, String> other = others.get(table);
    return other == null ? null : other.get(reference);
  }
}
