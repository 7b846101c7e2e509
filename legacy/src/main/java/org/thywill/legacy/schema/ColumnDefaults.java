package org.thywill.legacy.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds what a column holds if no value is given, by letting SQLite store it in a scratch database.
 *
 * <p>The result depends on the default of the column and on its type.
 */
final class ColumnDefaults {
  private static final Pattern LITERAL =
      Pattern.compile(
          "(?is)[(\\s]*(?:[+-]?\\s*[0-9.][0-9a-fx._]*(?:e[+-]?[0-9]+)?|x?'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
              + "|null|true|false)[)\\s]*");
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z0-9_ ]*(?:\\([-+0-9a-zA-Z_., ]*\\))?");
  private static final String PROBE = "temp.\"legacy probe\"";

  private final Connection scratch;
  private final Map<String, SqliteValue> cache = new HashMap<>();

  ColumnDefaults(Connection scratch) {
    this.scratch = scratch;
  }

  /**
   * The value of a default that is a literal.
   *
   * @return SQL's null for an expression, whose value may differ from one time to the next
   */
  SqliteValue defaultValue(String type, String expression) throws SQLException {
    return LITERAL.matcher(expression).matches() ? stored(type, expression) : SqliteValue.Null.CELL;
  }

  /** The value for a column that must have one, if none is known: an empty text, or 0. */
  SqliteValue emptyValue(String type) throws SQLException {
    return stored(type, holdsText(type) ? "''" : "0");
  }

  /** Whether the column affinity of a type in SQLite is text or blob. */
  private static boolean holdsText(String type) {
    String upper = type.toUpperCase(Locale.ROOT);
    return !upper.contains("INT")
        && (upper.isEmpty()
            || upper.contains("CHAR")
            || upper.contains("CLOB")
            || upper.contains("TEXT")
            || upper.contains("BLOB"));
  }

  private SqliteValue stored(String type, String literal) throws SQLException {
    String declared = TYPE.matcher(type).matches() ? type : "";
    SqliteValue cell = cache.get(declared + "=" + literal);
    if (cell == null) {
      cell = readBack(declared, literal);
      cache.put(declared + "=" + literal, cell);
    }
    return cell;
  }

  private SqliteValue readBack(String type, String literal) throws SQLException {
    try (Statement probe = scratch.createStatement()) {
      probe.executeUpdate("CREATE TABLE " + PROBE + " (c " + type + ")");
      probe.executeUpdate("INSERT INTO " + PROBE + " SELECT " + literal);
      SqliteValue cell;
      try (ResultSet rows = probe.executeQuery("SELECT c FROM " + PROBE)) {
        cell = rows.next() ? SqliteValue.read(rows, 1) : SqliteValue.Null.CELL;
      }
      probe.executeUpdate("DROP TABLE " + PROBE);
      return cell;
    }
  }
}
