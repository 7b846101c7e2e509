package org.thywill.legacy.source;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.thywill.archive.format.LineReader;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.TableShape;

/**
 * Finds values of a database that no line of an archive has room for, before any is read.
 *
 * <p>SQLite knows the length of a value without reading it, so that the largest needs no memory.
 */
public final class CellLimit {
  private CellLimit() {}

  /**
   * Requires that every value of a database is short enough.
   *
   * @throws LegacyException if one is not; the message names table, row and column
   */
  public static void require(SourceDatabase database) throws LegacyException, SQLException {
    for (SourceTable table : database.tables()) {
      require(database, table);
    }
  }

  private static void require(SourceDatabase database, SourceTable table)
      throws LegacyException, SQLException {
    TableShape shape = table.shape();
    String longest =
        shape.columnNames().stream()
            .map(column -> "ifnull(octet_length(" + TableShape.quoted(column) + "), 0)")
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT "
            + (shape.rowid() == null ? "0" : shape.rowid())
            + ", "
            + longest
            + " FROM main."
            + TableShape.quoted(table.name())
            + " WHERE max(0, 0, "
            + longest
            + ") > "
            + LineReader.LINE_BYTES_MAX
            + " LIMIT 1";
    try (Statement query = database.connection().createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      if (rows.next()) {
        throw tooLong(database, table, rows);
      }
    }
  }

  private static LegacyException tooLong(SourceDatabase database, SourceTable table, ResultSet row)
      throws SQLException {
    String column = "";
    long bytes = 0;
    for (int i = 0; i < table.shape().columnNames().size(); i++) {
      long each = row.getLong(i + 2);
      column = each > bytes ? table.shape().columnNames().get(i) : column;
      bytes = Math.max(bytes, each);
    }
    return new LegacyException(
        "%s: table %s, row %d, column %s: %,d bytes, and a line of an archive has room for %,d. Shorten the value in a copy of the database, and import that."
            .formatted(
                database.name(),
                LegacyFinding.shown(table.name()),
                row.getLong(1),
                LegacyFinding.shown(column),
                bytes,
                LineReader.LINE_BYTES_MAX));
  }
}
