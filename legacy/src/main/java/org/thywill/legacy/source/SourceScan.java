package org.thywill.legacy.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.sqlite.Function;
import org.thywill.legacy.schema.LegacyTime;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.schema.TableShape;

/** Reads the rows of one table of a source in the order of their times. */
public final class SourceScan implements AutoCloseable {
  private static final String TIME_FUNCTION = "legacy_time";
  private static final int SQLITE_TEXT = 3;

  /** The number of the row and its time come first. */
  private static final int BEFORE_CELLS = 2;

  private final Statement statement;
  private final ResultSet rows;
  private final SqliteValue[] cells;
  private final boolean hasRowNumbers;
  private long atMicros;
  private long rowNumber;

  private SourceScan(SourceTable table, String sql, int columns) throws SQLException {
    this.hasRowNumbers = table.shape().rowid() != null;
    this.cells = new SqliteValue[columns];
    this.statement = table.database().connection().createStatement();
    this.rows = statement.executeQuery(sql);
  }

  /**
   * Adds an SQL function to a connection that reads times as {@link LegacyTime} does.
   *
   * <p>It returns the first of its arguments that is a time; the present time if none is, or if the
   * time is in the future.
   */
  public static void registerTimeFunction(Connection connection, long nowMicros)
      throws SQLException {
    Function.create(
        connection,
        TIME_FUNCTION,
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            for (int i = 0; i < args(); i++) {
              OptionalLong time =
                  value_type(i) == SQLITE_TEXT
                      ? LegacyTime.parse(value_text(i))
                      : OptionalLong.empty();
              if (time.isPresent()) {
                result(Math.min(nowMicros, time.getAsLong()));
                return;
              }
            }
            result(nowMicros);
          }
        });
  }

  /** Reads all columns of all rows. */
  public static SourceScan of(SourceTable table, long nowMicros) throws SQLException {
    return of(table, table.shape().columnNames(), nowMicros);
  }

  /** Reads some columns of all rows, in the same order of rows. */
  static SourceScan of(SourceTable table, List<String> columns, long nowMicros)
      throws SQLException {
    TableShape shape = table.shape();
    List<String> times = new ArrayList<>();
    table
        .legacy()
        .ifPresent(
            legacy ->
                legacy.times().stream()
                    .map(table::position)
                    .filter(position -> position >= 0)
                    .forEach(
                        position ->
                            times.add(TableShape.quoted(shape.columns().get(position).name()))));
    StringBuilder sql =
        new StringBuilder("SELECT ")
            .append(shape.rowid() == null ? "0" : shape.rowid())
            .append(", ");
    sql.append(
        times.isEmpty()
            ? Long.toString(nowMicros)
            : TIME_FUNCTION + "(" + String.join(", ", times) + ")");
    columns.forEach(column -> sql.append(", ").append(TableShape.quoted(column)));
    sql.append(" FROM main.").append(TableShape.quoted(table.name()));
    List<String> order = new ArrayList<>(shape.order());
    if (!times.isEmpty()) {
      order.addFirst("2");
    }
    if (!order.isEmpty()) {
      sql.append(" ORDER BY ").append(String.join(", ", order));
    }
    return new SourceScan(table, sql.toString(), columns.size());
  }

  /** Advances to the next row; false after the last. */
  public boolean next() throws SQLException {
    if (!rows.next()) {
      return false;
    }
    rowNumber = hasRowNumbers ? rows.getLong(1) : rowNumber + 1;
    atMicros = rows.getLong(BEFORE_CELLS);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = SqliteValue.read(rows, i + BEFORE_CELLS + 1);
    }
    return true;
  }

  /** The cells of the present row; the array is used again for the next row. */
  public SqliteValue[] cells() {
    return cells;
  }

  /** The time of the present row, in microseconds since 1970. */
  public long atMicros() {
    return atMicros;
  }

  /** The row's number in its table; its position in the order, in a table without row numbers. */
  public long rowNumber() {
    return rowNumber;
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    statement.close();
  }
}
