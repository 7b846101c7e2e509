package org.thywill.legacy;

import java.io.IOException;

/** Gives each row of one table of a source its key here, row after row. */
@FunctionalInterface
interface RowKeys {
  Given next(Cell key, long number) throws IOException;

  /**
   * The key of a row.
   *
   * @param isThere whether the community, or a source that comes before, has the row
   */
  record Given(String key, boolean isThere) {}
}
