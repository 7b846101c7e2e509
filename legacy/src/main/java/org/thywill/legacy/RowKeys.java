package org.thywill.legacy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives each row of one table of a source its key here, row after row. */
@FunctionalInterface
interface RowKeys {
  /** The key, or null if the row is there already. */
  @Nullable String next(Cell key, long number) throws IOException;
}
