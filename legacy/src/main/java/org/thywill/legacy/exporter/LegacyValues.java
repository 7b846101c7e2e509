package org.thywill.legacy.exporter;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.schema.UncheckedSqlException;
import org.thywill.legacy.source.CommunityRows;

/**
 * All legacy values of a community, found row by row.
 *
 * <p>They are in a temporary table of the database that is being written, because there may be more
 * than fit in memory. Which rows have any is known without a query.
 */
final class LegacyValues implements AutoCloseable {
  private static final String NAME = "temp.\"legacy values\"";

  private final Map<String, KeySet> rowsWithValues = new HashMap<>();
  private final PreparedStatement query;

  LegacyValues(Connection database, CommunityRows rows) throws SQLException, IOException {
    try (Statement statement = database.createStatement()) {
      statement.executeUpdate(
          "CREATE TEMP TABLE \"legacy values\" (t TEXT, k TEXT, c TEXT, was TEXT, instead TEXT,"
              + " PRIMARY KEY (t, k, c)) WITHOUT ROWID");
    }
    try (PreparedStatement add =
        database.prepareStatement("INSERT OR REPLACE INTO " + NAME + " VALUES (?, ?, ?, ?, ?)")) {
      rows.forEach(
          Catalog.LEGACY_VALUES,
          row -> {
            try {
              add(add, LegacyValue.of(row));
            } catch (SQLException e) {
              throw new UncheckedSqlException(e);
            }
          });
    }
    query =
        database.prepareStatement("SELECT c, was, instead FROM " + NAME + " WHERE t = ? AND k = ?");
  }

  boolean has(String table, String rowKey) {
    KeySet keys = rowsWithValues.get(table);
    return keys != null && keys.contains(rowKey);
  }

  List<LegacyValue> of(String table, String rowKey) throws SQLException {
    if (!has(table, rowKey)) {
      return List.of();
    }
    List<LegacyValue> values = new ArrayList<>();
    query.setString(1, table);
    query.setString(2, rowKey);
    try (ResultSet found = query.executeQuery()) {
      while (found.next()) {
        values.add(
            new LegacyValue(
                table, rowKey, found.getString(1), found.getString(2), found.getString(3)));
      }
    }
    return values;
  }

  @Override
  public void close() throws SQLException {
    query.close();
  }

  private void add(PreparedStatement add, LegacyValue value) throws SQLException {
    rowsWithValues.computeIfAbsent(value.table(), _ -> new KeySet()).add(value.rowKey());
    add.setString(1, value.table());
    add.setString(2, value.rowKey());
    add.setString(3, value.column());
    add.setString(4, value.was());
    add.setString(5, value.insteadOf());
    add.executeUpdate();
  }
}
