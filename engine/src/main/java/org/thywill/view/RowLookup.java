package org.thywill.view;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** Finds rows, in the view or within a transaction. A rule that only reads works with both. */
public interface RowLookup {
  /** The row of a key, or empty. */
  Optional<Row> find(Table table, String key) throws IOException;

  /** The rows whose column holds a value, in the order of their keys. */
  List<Row> findBy(Table table, String column, Object value) throws IOException;

  /** The rows whose column holds a value, in the order of their keys. */
  default <T> List<Row> findBy(Column<T> column, T value) throws IOException {
    return findBy(Catalog.find(column.table()).orElseThrow(), column.name(), value);
  }
}
