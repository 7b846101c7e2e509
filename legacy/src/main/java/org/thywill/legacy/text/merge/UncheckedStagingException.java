package org.thywill.legacy.text.merge;

import java.sql.SQLException;
import java.util.Objects;

/** The scratch database failed, inside a call that cannot say so: the disk is full, most likely. */
public final class UncheckedStagingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UncheckedStagingException(SQLException cause) {
    super(cause);
  }

  public SQLException sql() {
    return (SQLException) Objects.requireNonNull(getCause());
  }
}
