package org.thywill.legacy.schema;

import java.sql.SQLException;

/** Carries an {@link SQLException} out of a callback that may throw none. */
public final class UncheckedSqlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient SQLException sqlException;

  /** Wraps an exception. */
  public UncheckedSqlException(SQLException cause) {
    super(cause);
    this.sqlException = cause;
  }

  /** The exception that is carried. */
  public SQLException sqlException() {
    return sqlException;
  }
}
