package org.thywill.view.btree;

import java.io.IOException;
import org.thywill.catalog.Table;

/** Two rows with the same key were added to one table. */
public final class DuplicateKeyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Table table;

  DuplicateKeyException(Table table) {
    super("two rows of " + table + " were added with one key");
    this.table = table;
  }

  /** The table of the two rows. */
  public Table table() {
    return table;
  }
}
