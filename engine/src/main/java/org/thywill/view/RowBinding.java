package org.thywill.view;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** Binds the values of a row to a statement, and reads them from a result. */
final class RowBinding {
  private RowBinding() {}

  /**
   * Binds all columns, from parameter 1 on.
   *
   * @return the number of the next parameter
   */
  static int bind(PreparedStatement statement, Row row) throws SQLException {
    Table table = row.table();
    int count = table.columns().size();
    for (int i = 0; i < count; i++) {
      bind(statement, i + 1, table.columns().get(i).type(), row.value(i));
    }
    return count + 1;
  }

  static void bind(
      PreparedStatement statement, int parameter, ColumnType type, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(parameter, Types.NULL);
      return;
    }
    switch (type) {
      case TEXT -> statement.setString(parameter, (String) value);
      case INTEGER, TIME -> statement.setLong(parameter, (Long) value);
      case REAL -> statement.setDouble(parameter, (Double) value);
      case BOOLEAN -> statement.setInt(parameter, (Boolean) value ? 1 : 0);
    }
  }

  /**
   * Reads a row from the first columns of a result.
   *
   * @throws SQLException also if it has no key, which no row of the program lacks
   */
  static Row read(Table table, ResultSet result) throws SQLException {
    int count = table.columns().size();
    @Nullable Object[] values = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = value(table.columns().get(i).type(), result, i + 1);
    }
    if (values[table.keyPosition()] == null) {
      throw new SQLiteException(
          "a row of " + table + " has no key", SQLiteErrorCode.SQLITE_CORRUPT);
    }
    return Row.ofUtf8(table, values);
  }

  private static @Nullable Object value(ColumnType type, ResultSet result, int column)
      throws SQLException {
    if (type == ColumnType.TEXT) {
      return result.getBytes(column); // in UTF-8; a row decodes it when needed
    }
    Object value =
        switch (type) {
          case TEXT -> throw new IllegalStateException("read above");
          case INTEGER, TIME -> result.getLong(column);
          case REAL -> result.getDouble(column);
          case BOOLEAN -> result.getInt(column) != 0;
        };
    return result.wasNull() ? null : value;
  }
}
