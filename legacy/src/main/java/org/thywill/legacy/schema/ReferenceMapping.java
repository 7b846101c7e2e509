package org.thywill.legacy.schema;

import java.util.HashMap;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/**
 * How the rows of a community are called in the original's layout: what a reference to them holds
 * there. Kept in mind are members, roles and the few others whose key there was no text.
 */
public final class ReferenceMapping {
  private final Map<Table, Map<String, SqliteValue>> cells = new HashMap<>();

  public void put(Table table, String key, SqliteValue cell) {
    cells.computeIfAbsent(table, _ -> new HashMap<>()).put(key, cell);
  }

  /** The cell of a reference to a row; the key itself where nothing else is known. */
  public SqliteValue of(Table table, String key) {
    SqliteValue cell = cells.getOrDefault(table, Map.of()).get(key);
    if (cell != null) {
      return cell;
    }
    return new SqliteValue.Text(table == Catalog.ROLES ? roleId(key) : key);
  }

  /** The id of a role that the original never saw. */
  public static String roleId(String name) {
    return ContentHash.of("role", name);
  }
}
