package org.thywill.legacy.source;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.legacy.schema.TextDatabase;

/** Reads file, line and exactness of each row of a table that was made from texts. */
public final class RowSources implements AutoCloseable {
  private final PreparedStatement query;

  /** The sources of the rows of a table that was made from texts. */
  public RowSources(SourceTable table) throws SQLException {
    query =
        table
            .database()
            .connection()
            .prepareStatement(
                "SELECT source, reason FROM main."
                    + TextDatabase.SOURCES
                    + " WHERE tbl = ? AND number = ?");
    query.setString(1, table.name());
  }

  /**
   * The cause of the change that adds a row.
   *
   * @throws SQLException if the row has no source, or the database cannot be read
   */
  public Change.Cause of(long rowNumber) throws SQLException {
    query.setLong(2, rowNumber);
    try (ResultSet rows = query.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("row " + rowNumber + " of a database made of texts has no source");
      }
      return Change.Cause.by(HandleNormalizer.SYSTEM)
          .because(rows.getString(2))
          .from(rows.getString(1));
    }
  }

  @Override
  public void close() throws SQLException {
    query.close();
  }
}
