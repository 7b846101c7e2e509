package org.thywill.view;

import java.io.IOException;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.thywill.archive.disk.DiskFull;

/** Thrown when the view cannot be read or written. The archive is not affected. */
public final class ViewException extends IOException {
  private static final long serialVersionUID = 1L;

  /** How SQLite names a table, column or index that the program expects and does not find. */
  private static final Pattern SCHEMA =
      Pattern.compile("no such (table|column|index)|has no column named|has \\d+ columns but");

  private final boolean damaged;
  private final boolean needsRebuild;

  private ViewException(String message, boolean damaged, boolean needsRebuild, Throwable cause) {
    super(message, cause);
    this.damaged = damaged;
    this.needsRebuild = needsRebuild;
  }

  static ViewException of(String what, SQLException cause) {
    boolean damaged =
        cause instanceof SQLiteException sqlite
            && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT
                || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                || sqlite.getResultCode().name().startsWith("SQLITE_CORRUPT"));
    return new ViewException(
        what + ": " + DiskFull.orMessage(cause), damaged, damaged || isOutOfShape(cause), cause);
  }

  /**
   * Whether SQLite misses a part of the file or of the schema, or a row contradicts an index. The
   * program checks its own rows first, so only a changed file has such a row.
   */
  private static boolean isOutOfShape(SQLException cause) {
    return cause instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ
            || sqlite.getResultCode().name().startsWith("SQLITE_CONSTRAINT")
            || SCHEMA.matcher(String.valueOf(sqlite.getMessage())).find());
  }

  static ViewException damaged(String what) {
    return new ViewException(what, true, true, new IllegalStateException(what));
  }

  /** Whether SQLite says that the file is damaged, or is no database. */
  public boolean isDamaged() {
    return damaged;
  }

  /**
   * Whether the view must be rebuilt before it can be used: it is damaged, or lacks a table, a
   * column or a part of the file.
   */
  public boolean needsRebuild() {
    return needsRebuild;
  }
}
