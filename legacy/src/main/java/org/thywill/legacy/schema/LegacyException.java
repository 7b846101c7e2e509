package org.thywill.legacy.schema;

import java.io.IOException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Thrown if a database of the original cannot be imported or written.
 *
 * <p>The message is one sentence for the operator.
 */
public final class LegacyException extends IOException {
  private static final Set<SQLiteErrorCode> ENVIRONMENT =
      Set.of(
          SQLiteErrorCode.SQLITE_FULL,
          SQLiteErrorCode.SQLITE_CANTOPEN,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_IOERR,
          SQLiteErrorCode.SQLITE_PERM,
          SQLiteErrorCode.SQLITE_BUSY);

  /** An exception without a cause. */
  public LegacyException(String sentence) {
    super(sentence);
  }

  /** An exception with a cause. */
  public LegacyException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** Whether the disk or its permissions are the cause, and not the content of a file. */
  public boolean isOfTheEnvironment() {
    return getCause() instanceof SQLiteException sqlite
            && ENVIRONMENT.contains(sqlite.getResultCode())
        || getCause() instanceof IOException;
  }
}
