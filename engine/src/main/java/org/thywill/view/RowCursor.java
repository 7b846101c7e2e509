package org.thywill.view;

import java.io.Closeable;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** Reads the rows of a table one by one. */
public final class RowCursor implements Closeable {
  private final Table table;
  private final Statement statement;
  private final ResultSet rows;

  RowCursor(Table table, Statement statement, String sql) throws SQLException {
    this.table = table;
    this.statement = statement;
    this.rows = statement.executeQuery(sql);
  }

  /** The next row, or empty after the last one. */
  public Optional<Row> next() throws IOException {
    try {
      return rows.next() ? Optional.of(RowBinding.read(table, rows)) : Optional.empty();
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      statement.close();
    } catch (SQLException e) {
      throw ViewException.of("cannot close the view", e);
    }
  }
}
