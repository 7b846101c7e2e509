package org.thywill.legacy;

import java.sql.SQLException;
import java.util.Objects;

/** Carries an {@link SQLException} out of a callback that may throw none. */
final class UncheckedSqlException extends RuntimeException {
  UncheckedSqlException(SQLException cause) {
    super(cause);
  }

  SQLException sqlException() {
    return (SQLException) Objects.requireNonNull(getCause());
  }
}
