package org.thywill.legacy.source;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.legacy.schema.TextDatabase;

/**
 * Where each row of a table that was made of texts stood, by file and line, and how exact it is.
 */
public final class RowSources implements AutoCloseable {
  private final PreparedStatement ask;

  public RowSources(SourceTable table) throws SQLException {
    ask =
        table
            .database()
            .connection()
            .prepareStatement(
                "SELECT source, reason FROM main."
                    + TextDatabase.SOURCES
                    + " WHERE tbl = ? AND number = ?");
    ask.setString(1, table.name());
  }

  public Change.Cause of(long number) throws SQLException {
    ask.setLong(2, number);
    try (ResultSet rows = ask.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("row " + number + " of a database made of texts has no source");
      }
      return Change.Cause.by(HandleNormalizer.SYSTEM)
          .because(rows.getString(2))
          .from(rows.getString(1));
    }
  }

  @Override
  public void close() throws SQLException {
    ask.close();
  }
}
