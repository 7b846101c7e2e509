package org.thywill.legacy.source;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.SqliteValue;

/** Which rows a source has, by the cell that its references hold: the key of each here. */
final class SourceKeys {
  private final Map<Table, KeySet> same = new HashMap<>();
  private final Map<Table, Map<SqliteValue, String>> others = new HashMap<>();

  /** Remembers a row; the first of two that are called alike holds. */
  void add(Table table, SqliteValue identity, String key) {
    if (identity instanceof SqliteValue.Text(String text) && text.equals(key)) {
      same.computeIfAbsent(table, _ -> new KeySet()).add(key);
    } else if (!identity.isNull()) {
      others.computeIfAbsent(table, _ -> new HashMap<>()).putIfAbsent(identity, key);
    }
  }

  /** The key of the row that a reference means, or null. */
  @Nullable String find(Table table, SqliteValue reference) {
    if (reference instanceof SqliteValue.Text(String text)) {
      KeySet keys = same.get(table);
      if (keys != null && keys.contains(text)) {
        return text;
      }
    }
    Map<SqliteValue, String> odd = others.get(table);
    return odd == null ? null : odd.get(reference);
  }
}
