package org.thywill.legacy.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a table as SQLite describes it: its columns, and the order in which its rows are
 * read.
 *
 * @param columns those that hold a value of their own
 * @param generated columns that SQLite computes from others
 * @param rowid a name by which SQL can read the row's number; null if the table has none
 * @param order what to sort by so that rows always come in the same order
 * @param unique columns, in lower case, in which each value occurs in one row only
 */
public record TableShape(
    String name,
    List<Column> columns,
    List<String> generated,
    @Nullable String rowid,
    List<String> order,
    Set<String> unique) {
  /**
   * One column.
   *
   * @param isRowid whether it is another name of the row's number, and so holds only whole numbers
   * @param defaultValue what a row has there if no value is given: the default of the definition
   * @param emptyValue what a row has there if it must have a value and none is known
   */
  public record Column(
      String name,
      boolean required,
      boolean isRowid,
      SqliteValue defaultValue,
      SqliteValue emptyValue) {
    /** The cell, or the nearest one that the column accepts. */
    public SqliteValue fit(SqliteValue cell) {
      if (isRowid) {
        return cell instanceof SqliteValue.Whole ? cell : SqliteValue.Null.CELL;
      }
      return cell.isNull() && required ? emptyValue : cell;
    }
  }

  /** One column as SQLite describes it. */
  private record ColumnInfo(
      String name,
      String type,
      boolean isNotNull,
      @Nullable String defaultValue,
      int keyPosition,
      boolean isGenerated) {}

  /**
   * The shape of a table of a database, without the defaults of its columns.
   *
   * <p>To find defaults, one has to write to the database.
   */
  public static TableShape of(Connection database, String table) throws SQLException {
    return read(database, table, null);
  }

  /** The shape of a table of a scratch database, with the defaults of its columns. */
  static TableShape of(Connection scratch, String table, ColumnDefaults defaults)
      throws SQLException {
    return read(scratch, table, defaults);
  }

  /** The names of the columns, in order. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** A name in the double quotes of SQL. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static TableShape read(
      Connection database, String table, @Nullable ColumnDefaults defaults) throws SQLException {
    boolean isWithoutRowid = isWithoutRowid(database, table);
    List<ColumnInfo> infos = readColumns(database, table);
    long keyColumns = infos.stream().filter(column -> column.keyPosition > 0).count();
    List<Column> columns = new ArrayList<>();
    TreeMap<Integer, String> keys = new TreeMap<>();
    Set<String> unique = uniqueColumns(database, table);
    for (ColumnInfo column : infos) {
      if (column.keyPosition > 0) {
        keys.put(column.keyPosition, quoted(column.name));
      }
      if (!column.isGenerated) {
        boolean isRowid =
            column.keyPosition == 1
                && keyColumns == 1
                && !isWithoutRowid
                && column.type.equalsIgnoreCase("INTEGER");
        if (isRowid) {
          unique.add(column.name.toLowerCase(Locale.ROOT));
        }
        boolean isRequired = column.isNotNull || column.keyPosition > 0 && isWithoutRowid;
        columns.add(
            new Column(
                column.name,
                isRequired,
                isRowid,
                defaultValue(column, defaults),
                defaults == null ? SqliteValue.Null.CELL : defaults.emptyValue(column.type)));
      }
    }
    String rowid = isWithoutRowid ? null : nameOfRowid(infos);
    List<String> order = rowid == null ? List.copyOf(keys.values()) : List.of(rowid);
    List<String> generated =
        infos.stream().filter(ColumnInfo::isGenerated).map(ColumnInfo::name).toList();
    return new TableShape(table, List.copyOf(columns), generated, rowid, order, unique);
  }

  private static SqliteValue defaultValue(ColumnInfo column, @Nullable ColumnDefaults defaults)
      throws SQLException {
    return defaults == null || column.defaultValue == null
        ? SqliteValue.Null.CELL
        : defaults.defaultValue(column.type, column.defaultValue);
  }

  /** The first of SQLite's names for the row's number that is not the name of a column. */
  private static @Nullable String nameOfRowid(List<ColumnInfo> columns) {
    Set<String> names =
        columns.stream()
            .map(column -> column.name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return Stream.of("rowid", "_rowid_", "oid")
        .filter(word -> !names.contains(word))
        .findFirst()
        .orElse(null);
  }

  private static List<ColumnInfo> readColumns(Connection database, String table)
      throws SQLException {
    List<ColumnInfo> columns = new ArrayList<>();
    try (PreparedStatement query =
        database.prepareStatement(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)"
                + " ORDER BY cid")) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String type = rows.getString(2) == null ? "" : rows.getString(2);
          columns.add(
              new ColumnInfo(
                  rows.getString(1),
                  type,
                  rows.getBoolean(3),
                  rows.getString(4),
                  rows.getInt(5),
                  rows.getInt(6) > 1));
        }
      }
    }
    return columns;
  }

  private static boolean isWithoutRowid(Connection database, String table) throws SQLException {
    try (PreparedStatement query =
        database.prepareStatement(
            "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND wr = 1")) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static Set<String> uniqueColumns(Connection database, String table) throws SQLException {
    Set<String> unique = new TreeSet<>();
    String sql =
        """
        SELECT min(lower(i.name)) FROM pragma_index_list(?) l, pragma_index_info(l.name) i
        WHERE l."unique" = 1 AND l.partial = 0 GROUP BY l.name HAVING count(*) = 1 AND count(i.name) = 1\
        """;
    try (PreparedStatement query = database.prepareStatement(sql)) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          unique.add(rows.getString(1));
        }
      }
    }
    return unique;
  }
}
