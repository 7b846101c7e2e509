package org.thywill.legacy.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** The present rows of a community: by key, by value, or all rows of a table. */
public interface CommunityRows {
  /** The row of a key, or empty. */
  Optional<Row> find(Table table, String key) throws IOException;

  /** Visits every row of a table, in an order that is always the same. */
  void forEach(Table table, Consumer<Row> visitor) throws IOException;

  /** The rows in which a column holds a value. */
  <T> List<Row> findBy(Column<T> column, T value) throws IOException;
}
