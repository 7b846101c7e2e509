package org.thywill.legacy.source;

import java.io.IOException;
import org.thywill.legacy.schema.SqliteValue;

/** Gives each row of one table of a source its key here, row after row. */
@FunctionalInterface
public interface RowKeys {
  Given next(SqliteValue key, long number) throws IOException;

  /**
   * The key of a row.
   *
   * @param isThere whether the community, or a source that comes before, has the row
   */
  record Given(String key, boolean isThere) {}
}
