package org.thywill.view.btree;

import java.io.IOException;
import org.thywill.catalog.Table;

/** A row was added to a table that had one of its key. */
public final class TwoRowsOfOneKey extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Table table;

  TwoRowsOfOneKey(Table table) {
    super("two rows of " + table + " were added with one key");
    this.table = table;
  }

  public Table table() {
    return table;
  }
}
