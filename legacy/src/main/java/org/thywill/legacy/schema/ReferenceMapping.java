package org.thywill.legacy.schema;

import java.util.HashMap;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/**
 * Maps our keys to what the original's references to the same rows hold.
 *
 * <p>In memory are members, roles, and the few other rows whose reference is not our key.
 */
public final class ReferenceMapping {
  private final Map<Table, Map<String, SqliteValue>> cells = new HashMap<>();

  /** Sets what a reference to a row holds. */
  public void put(Table table, String key, SqliteValue cell) {
    cells.computeIfAbsent(table, _ -> new HashMap<>()).put(key, cell);
  }

  /** The cell of a reference to a row: the one that was set, or else the key itself. */
  public SqliteValue of(Table table, String key) {
    SqliteValue cell = cells.getOrDefault(table, Map.of()).get(key);
    if (cell != null) {
      return cell;
    }
    return new SqliteValue.Text(table == Catalog.ROLES ? roleId(key) : key);
  }

  /** The id of a role that was created here. */
  public static String roleId(String name) {
    return ContentHash.of("role", name);
  }
}
