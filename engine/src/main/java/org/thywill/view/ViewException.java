package org.thywill.view;

import java.io.IOException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Thrown when the view cannot be read or written. The archive is not affected. */
public final class ViewException extends IOException {
  private static final long serialVersionUID = 1L;
  private final boolean damaged;

  private ViewException(String message, boolean damaged, Throwable cause) {
    super(message, cause);
    this.damaged = damaged;
  }

  static ViewException of(String what, SQLException cause) {
    boolean damaged =
        cause instanceof SQLiteException sqlite
            && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT
                || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                || sqlite.getResultCode().name().startsWith("SQLITE_CORRUPT"));
    return new ViewException(what + ": " + cause.getMessage(), damaged, cause);
  }

  static ViewException damaged(String what) {
    return new ViewException(what, true, new IllegalStateException(what));
  }

  /** Whether the file is damaged, so that the view must be rebuilt. */
  public boolean isDamaged() {
    return damaged;
  }
}
