package org.thywill.legacy.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** The rows of a community as they stand. */
public interface CommunityRows {
  Optional<Row> find(Table table, String key) throws IOException;

  /** Hands over every row of a table, in an order that is always the same. */
  void forEach(Table table, Consumer<Row> each) throws IOException;

  /** The rows in which a column holds a value. */
  List<Row> where(Table table, String column, Object value) throws IOException;
}
