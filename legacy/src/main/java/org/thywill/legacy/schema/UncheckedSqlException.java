package org.thywill.legacy.schema;

import java.sql.SQLException;
import java.util.Objects;

/** Carries an {@link SQLException} out of a callback that may throw none. */
public final class UncheckedSqlException extends RuntimeException {
  public UncheckedSqlException(SQLException cause) {
    super(cause);
  }

  public SQLException sqlException() {
    return (SQLException) Objects.requireNonNull(getCause());
  }
}
