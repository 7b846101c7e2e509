package org.thywill.legacy.source;

import java.io.IOException;
import org.thywill.legacy.schema.SqliteValue;

/** Assigns our keys to the rows of one table of a source, row after row. */
@FunctionalInterface
public interface RowKeys {
  /**
   * The key of the next row.
   *
   * @param cell the cell of the original's key column
   * @param rowNumber the number of the row in its table
   */
  Key next(SqliteValue cell, long rowNumber) throws IOException;

  /**
   * The key of a row.
   *
   * @param isPresent whether the community, or an earlier source, has the row
   */
  record Key(String text, boolean isPresent) {}
}
