package org.thywill.legacy.exporter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.schema.TableShape;

/** Inserts rows into one table of the original, each value in its storage class. */
final class TableWriter implements AutoCloseable {
  private static final int STATEMENTS_MAX = 64;

  private final Connection database;
  private final TableShape shape;
  private final Map<BitSet, PreparedStatement> statements = new HashMap<>();

  TableWriter(Connection database, TableShape shape) {
    this.database = database;
    this.shape = shape;
  }

  int columns() {
    return shape.columns().size();
  }

  void insert(List<SqliteValue> cells) throws SQLException {
    BitSet invalidText = new BitSet();
    for (int i = 0; i < cells.size(); i++) {
      invalidText.set(i, cells.get(i) instanceof SqliteValue.BrokenText);
    }
    PreparedStatement statement = statement(invalidText);
    for (int i = 0; i < cells.size(); i++) {
      cells.get(i).bind(statement, i + 1);
    }
    statement.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  /**
   * The statement for rows whose text in these columns is not valid UTF-8.
   *
   * <p>Such text is cast from a blob, because there is no other way to write it.
   */
  private PreparedStatement statement(BitSet invalidText) throws SQLException {
    PreparedStatement known = statements.get(invalidText);
    if (known != null) {
      return known;
    }
    if (statements.size() == STATEMENTS_MAX) {
      close();
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns(); i++) {
      values.add(invalidText.get(i) ? "CAST(? AS TEXT)" : "?");
    }
    String columns =
        shape.columnNames().stream().map(TableShape::quoted).collect(Collectors.joining(", "));
    PreparedStatement statement =
        database.prepareStatement(
            "INSERT INTO main."
                + TableShape.quoted(shape.name())
                + " ("
                + columns
                + ") VALUES ("
                + String.join(", ", values)
                + ")");
    statements.put(invalidText, statement);
    return statement;
  }
}
