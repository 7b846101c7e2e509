package org.thywill.legacy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.legacy.schema.LegacySchema;

/** A database of the original's last layout, which a test fills row by row. */
public final class TestDatabase implements AutoCloseable {
  private final Connection connection;

  /** A new database with all tables. */
  public TestDatabase(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    for (LegacySchema.Entry entry : LegacySchema.newest()) {
      run(entry.sql());
    }
  }

  /** Runs a statement. */
  public TestDatabase run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
    return this;
  }

  /** Inserts a row; required columns that are not named get a time or an empty text. */
  public TestDatabase row(String table, Object... namesAndValues) throws SQLException {
    List<String> names = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      names.add((String) namesAndValues[i]);
      values.add(namesAndValues[i + 1]);
    }
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "SELECT name FROM pragma_table_info('" + table + "') WHERE \"notnull\" = 1")) {
      while (rows.next()) {
        if (!names.contains(rows.getString(1))) {
          names.add(rows.getString(1));
          values.add(rows.getString(1).endsWith("_at") ? "2025-01-01 00:00:00.000000" : "");
        }
      }
    }
    String parameters =
        Stream.generate(() -> "?").limit(names.size()).collect(Collectors.joining(", "));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + table
                + " ("
                + String.join(", ", names)
                + ") VALUES ("
                + parameters
                + ")")) {
      for (int i = 0; i < names.size(); i++) {
        insert.setObject(i + 1, values.get(i));
      }
      insert.executeUpdate();
    }
    return this;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
