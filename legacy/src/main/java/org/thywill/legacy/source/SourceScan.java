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

/**
 * The rows of one table of a source, one after the other, in the order in which their facts
 * happened.
 */
public final class SourceScan implements AutoCloseable {
  private static final String TIME = "legacy_time";
  private static final int SQLITE_TEXT = 3;
  private static final int BEFORE_CELLS = 2;

  private final Statement statement;
  private final ResultSet rows;
  private final SqliteValue[] cells;
  private final boolean numbered;
  private long at;
  private long number;

  private SourceScan(SourceTable table, String sql, int columns) throws SQLException {
    this.numbered = table.shape().rowid().isPresent();
    this.cells = new SqliteValue[columns];
    this.statement = table.database().connection().createStatement();
    this.rows = statement.executeQuery(sql);
  }

  /**
   * Teaches a connection to read times as {@link LegacyTime} does; a fact without one, or of later
   * than now, is of now.
   */
  public static void teach(Connection connection, long now) throws SQLException {
    Function.create(
        connection,
        TIME,
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            for (int i = 0; i < args(); i++) {
              OptionalLong time =
                  value_type(i) == SQLITE_TEXT
                      ? LegacyTime.parse(value_text(i))
                      : OptionalLong.empty();
              if (time.isPresent()) {
                result(Math.min(now, time.getAsLong()));
                return;
              }
            }
            result(now);
          }
        });
  }

  /** All columns of all rows. */
  public static SourceScan of(SourceTable table, long now) throws SQLException {
    return of(table, table.shape().columnNames(), now);
  }

  /** Some columns of all rows, in the same order of rows. */
  static SourceScan of(SourceTable table, List<String> columns, long now) throws SQLException {
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
    StringBuilder sql = new StringBuilder("SELECT ").append(shape.rowid().orElse("0")).append(", ");
    sql.append(times.isEmpty() ? Long.toString(now) : TIME + "(" + String.join(", ", times) + ")");
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

  /** Steps to the next row, if there is one. */
  public boolean next() throws SQLException {
    if (!rows.next()) {
      return false;
    }
    number = numbered ? rows.getLong(1) : number + 1;
    at = rows.getLong(BEFORE_CELLS);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = SqliteValue.read(rows, i + BEFORE_CELLS + 1);
    }
    return true;
  }

  /** The present row's cells; the array is used again for the next. */
  public SqliteValue[] cells() {
    return cells;
  }

  /** When the fact happened, in microseconds since 1970. */
  public long at() {
    return at;
  }

  /** The row's number in its table; in a table that gives none, its place in the order. */
  public long number() {
    return number;
  }

  @Override
  public void close() throws SQLException {
    rows.close();
    statement.close();
  }
}
