package org.thywill.legacy.source;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.TextDatabase;

/**
 * Maps ids of a source to the ids that the community has for the same rows.
 *
 * <p>They differ where an earlier import had to make an id, because its texts had none.
 */
public final class IdMapping implements AutoCloseable {
  private final @Nullable PreparedStatement query;

  private IdMapping(@Nullable PreparedStatement query) {
    this.query = query;
  }

  /**
   * The mapping in a database that was made from texts.
   *
   * @param texts null for an empty mapping
   */
  public static IdMapping of(@Nullable SourceDatabase texts) throws SQLException {
    if (texts == null) {
      return new IdMapping(null);
    }
    Connection connection = texts.connection();
    return new IdMapping(
        connection.prepareStatement(
            "SELECT made FROM main." + TextDatabase.SYNTHETIC_IDS + " WHERE tbl = ? AND id = ?"));
  }

  /**
   * The id that the community has for a row of one of the original's tables; empty if it is the
   * same.
   */
  Optional<String> of(String table, String id) {
    if (query == null) {
      return Optional.empty();
    }
    try {
      query.setString(1, table);
      query.setString(2, id);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new UncheckedIOException(
          new LegacyException("The import failed: " + e.getMessage() + ".", e));
    }
  }

  @Override
  public void close() throws SQLException {
    if (query != null) {
      query.close();
    }
  }
}
