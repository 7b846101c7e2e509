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
 * Rows that the community has under another id than a source tells: one that was made when the
 * community was taken over from texts that had none.
 */
public final class IdMapping implements AutoCloseable {
  private final @Nullable PreparedStatement ask;

  private IdMapping(@Nullable PreparedStatement ask) {
    this.ask = ask;
  }

  /** Those of a database that was made of texts; without one, there are none. */
  public static IdMapping of(Optional<SourceDatabase> texts) throws SQLException {
    if (texts.isEmpty()) {
      return new IdMapping(null);
    }
    Connection connection = texts.get().connection();
    return new IdMapping(
        connection.prepareStatement(
            "SELECT made FROM main." + TextDatabase.SYNTHETIC_IDS + " WHERE tbl = ? AND id = ?"));
  }

  /** The id under which the community has a row of one of the original's tables. */
  Optional<String> of(String table, String id) {
    if (ask == null) {
      return Optional.empty();
    }
    try {
      ask.setString(1, table);
      ask.setString(2, id);
      try (ResultSet rows = ask.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new UncheckedIOException(
          new LegacyException("The import failed: " + e.getMessage() + ".", e));
    }
  }

  @Override
  public void close() throws SQLException {
    if (ask != null) {
      ask.close();
    }
  }
}
