package org.thywill.legacy.text.merge;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.TextDatabase;

/** Writes rows into tables of the original's last layout, and where each row comes from. */
public final class MergedTables {
  private static final List<String> TIMES =
      List.of("created_at", "granted_at", "claimed_at", "commit_date", "expires_at");

  private final Connection target;
  private final TextReport report;
  private final PreparedStatement addSource;
  private final PreparedStatement insertSyntheticId;
  private final Map<String, Table> tables = new HashMap<>();

  /** A table with the statement that fills it. */
  private record Table(
      List<String> columns,
      List<Boolean> isRequired,
      List<Boolean> isTime,
      PreparedStatement insert,
      AtomicLong count) {}

  MergedTables(Connection target, TextReport report) throws SQLException {
    this.target = target;
    this.report = report;
    try (Statement sql = target.createStatement()) {
      sql.execute(
          "CREATE TABLE "
              + TextDatabase.SOURCES
              + " (tbl TEXT, number INTEGER, source TEXT, reason TEXT, PRIMARY KEY (tbl, number))"
              + " WITHOUT ROWID");
      sql.execute(
          "CREATE TABLE "
              + TextDatabase.SYNTHETIC_IDS
              + " (tbl TEXT, id TEXT, made TEXT, PRIMARY KEY (tbl, id)) WITHOUT ROWID");
    }
    addSource =
        target.prepareStatement("INSERT INTO " + TextDatabase.SOURCES + " VALUES (?, ?, ?, ?)");
    insertSyntheticId =
        target.prepareStatement(
            "INSERT OR IGNORE INTO " + TextDatabase.SYNTHETIC_IDS + " VALUES (?, ?, ?)");
  }

  /** Notes that the community has the row of an id under an id that an earlier import made. */
  void addSyntheticId(String table, String id, String made) throws SQLException {
    insertSyntheticId.setString(1, table);
    insertSyntheticId.setString(2, id);
    insertSyntheticId.setString(3, made);
    insertSyntheticId.executeUpdate();
  }

  /** Writes a row, unless its key is taken; then it is reported. */
  void write(MergedRow row) throws SQLException {
    Table table = table(row.table());
    long number = table.count.incrementAndGet();
    table.insert.setLong(1, number);
    for (int i = 0; i < table.columns.size(); i++) {
      table.insert.setString(i + 2, value(row, table, i));
    }
    try {
      table.insert.executeUpdate();
    } catch (SQLException e) {
      // Two sources have different rows with this key, which only damage can cause.
      table.count.decrementAndGet();
      report.addFinding(
          "key-taken",
          true,
          row.location(),
          "a row of " + row.table() + " whose key another row has; it is not carried");
      return;
    }
    addSource.setString(1, row.table());
    addSource.setLong(2, number);
    addSource.setString(3, row.location().toString());
    addSource.setString(4, row.reason());
    addSource.executeUpdate();
  }

  /** Closes the statements. */
  void finish() throws SQLException {
    addSource.close();
    insertSyntheticId.close();
    for (Table table : tables.values()) {
      table.insert.close();
    }
  }

  /** The value of a column; its default, if the column must have a value and none is stated. */
  private static @Nullable String value(MergedRow row, Table table, int i) {
    String column = table.columns.get(i);
    String value = row.get(column);
    if (value != null || !table.isRequired.get(i)) {
      return value;
    }
    String defaultValue =
        table.isTime.get(i) ? anyTime(row) : Merge.defaultValue(row.table(), column);
    row.infer(column, defaultValue);
    return defaultValue;
  }

  /** A time of the row; 1970 if it has none. */
  private static String anyTime(MergedRow row) {
    return TIMES.stream()
        .map(row::get)
        .filter(time -> time != null)
        .findFirst()
        .orElse("1970-01-01 00:00:00.000000");
  }

  private Table table(String name) throws SQLException {
    Table known = tables.get(name);
    if (known != null) {
      return known;
    }
    List<String> columns = new ArrayList<>();
    List<Boolean> required = new ArrayList<>();
    List<Boolean> times = new ArrayList<>();
    try (PreparedStatement query =
        target.prepareStatement("SELECT name, \"notnull\", type FROM pragma_table_info(?)")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
          required.add(rows.getBoolean(2));
          times.add(rows.getString(3).equals("DATETIME"));
        }
      }
    }
    String sql =
        "INSERT INTO main.\""
            + name
            + "\" (rowid, "
            + columns.stream().map(column -> "\"" + column + "\"").collect(Collectors.joining(", "))
            + ") VALUES (?"
            + ", ?".repeat(columns.size())
            + ")";
    Table table =
        new Table(columns, required, times, target.prepareStatement(sql), new AtomicLong());
    tables.put(name, table);
    return table;
  }
}
