package org.thywill.ledger;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.thywill.archive.derived.PageLocator;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;
import org.thywill.view.SqliteReader;

/** Locates pages by the view. If the view fails, the caller finds them in the logs. */
record ViewPageLocator(SqliteReader view) implements PageLocator {
  @Override
  public OptionalLong addedAt(String prayer) {
    try {
      return view.addedAt(Catalog.PRAYERS, prayer)
          .map(OptionalLong::of)
          .orElseGet(OptionalLong::empty);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public boolean isNamedBefore(String prayer, long seq) {
    try {
      for (Table table : Catalog.TABLES) {
        Optional<String> column = table.pageColumn();
        if (column.isPresent() && view.holds(table, column.get(), prayer, seq)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
