package org.thywill.legacy.text;

import java.sql.SQLException;
import java.util.Objects;

/** The scratch database failed, inside a call that cannot say so: the disk is full, most likely. */
final class UncheckedScratch extends RuntimeException {
  private static final long serialVersionUID = 1;

  UncheckedScratch(SQLException cause) {
    super(cause);
  }

  SQLException sql() {
    return (SQLException) Objects.requireNonNull(getCause());
  }
}
