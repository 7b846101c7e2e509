package org.thywill.legacy.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What SQLite says of a table: its columns that hold something of their own, and in which order its
 * rows lie.
 *
 * @param generated columns that SQLite computes from others
 * @param rowid a name by which the row's number can be asked for, if the table has one
 * @param order what to sort by so that rows always come in one order
 * @param unique columns, in lower case, of which each value stands in one row only
 */
public record TableShape(
    String name,
    List<Column> columns,
    List<String> generated,
    Optional<String> rowid,
    List<String> order,
    Set<String> unique) {
  /**
   * One column.
   *
   * @param isRowid whether it is another name of the row's number, and holds nothing but whole
   *     numbers
   * @param standard what a row has there when nothing is said: the default of the table's
   *     definition
   * @param zero what a row has there when it must have something and nothing is known
   */
  public record Column(
      String name, boolean required, boolean isRowid, SqliteValue standard, SqliteValue zero) {
    /** The cell, or the nearest one that the column takes. */
    public SqliteValue fit(SqliteValue cell) {
      if (isRowid) {
        return cell instanceof SqliteValue.Whole ? cell : SqliteValue.Null.CELL;
      }
      return cell.isNull() && required ? zero : cell;
    }
  }

  /**
   * The shape of a table of a database, without the defaults of its columns: finding them would
   * need to write.
   */
  public static TableShape of(Connection database, String table) throws SQLException {
    return read(database, table, Optional.empty());
  }

  /** The shape of a table of a scratch database, with the defaults of its columns. */
  static TableShape of(Connection scratch, String table, ColumnDefaults defaults)
      throws SQLException {
    return read(scratch, table, Optional.of(defaults));
  }

  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** A name as SQL has it between quotes. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** What SQLite says of one column. */
  private record Told(
      String name,
      String type,
      boolean notNull,
      Optional<String> standard,
      int key,
      boolean generated) {}

  private static TableShape read(
      Connection database, String table, Optional<ColumnDefaults> defaults) throws SQLException {
    boolean withoutRowid = isWithoutRowid(database, table);
    List<Told> told = told(database, table);
    long keyColumns = told.stream().filter(column -> column.key > 0).count();
    List<Column> columns = new ArrayList<>();
    TreeMap<Integer, String> keyed = new TreeMap<>();
    Set<String> unique = uniqueColumns(database, table);
    for (Told column : told) {
      if (column.key > 0) {
        keyed.put(column.key, quoted(column.name));
      }
      if (!column.generated) {
        boolean isRowid =
            column.key == 1
                && keyColumns == 1
                && !withoutRowid
                && column.type.equalsIgnoreCase("INTEGER");
        if (isRowid) {
          unique.add(column.name.toLowerCase(Locale.ROOT));
        }
        boolean isRequired = column.notNull || column.key > 0 && withoutRowid;
        SqliteValue standard =
            defaults.isEmpty() || column.standard.isEmpty()
                ? SqliteValue.Null.CELL
                : defaults.get().standard(column.type, column.standard.get());
        SqliteValue zero =
            defaults.isEmpty() ? SqliteValue.Null.CELL : defaults.get().zero(column.type);
        columns.add(new Column(column.name, isRequired, isRowid, standard, zero));
      }
    }
    Set<String> names =
        told.stream()
            .map(column -> column.name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Optional<String> rowid =
        withoutRowid
            ? Optional.empty()
            : Stream.of("rowid", "_rowid_", "oid")
                .filter(word -> !names.contains(word))
                .findFirst();
    List<String> order = rowid.map(List::of).orElseGet(() -> List.copyOf(keyed.values()));
    List<String> generated = told.stream().filter(Told::generated).map(Told::name).toList();
    return new TableShape(table, List.copyOf(columns), generated, rowid, order, unique);
  }

  private static List<Told> told(Connection database, String table) throws SQLException {
    List<Told> told = new ArrayList<>();
    try (PreparedStatement ask =
        database.prepareStatement(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)"
                + " ORDER BY cid")) {
      ask.setString(1, table);
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          String type = rows.getString(2) == null ? "" : rows.getString(2);
          told.add(
              new Told(
                  rows.getString(1),
                  type,
                  rows.getBoolean(3),
                  Optional.ofNullable(rows.getString(4)),
                  rows.getInt(5),
                  rows.getInt(6) > 1));
        }
      }
    }
    return told;
  }

  private static boolean isWithoutRowid(Connection database, String table) throws SQLException {
    try (PreparedStatement ask =
        database.prepareStatement(
            "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ? AND wr = 1")) {
      ask.setString(1, table);
      try (ResultSet rows = ask.executeQuery()) {
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
    try (PreparedStatement ask = database.prepareStatement(sql)) {
      ask.setString(1, table);
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          unique.add(rows.getString(1));
        }
      }
    }
    return unique;
  }
}
