package org.thywill.archive.repair;

import java.io.IOException;
import java.util.Optional;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * The present rows of the community in a database, which may have the values of a damaged line.
 *
 * <p>The database need not be right: a line is restored from it only if its check matches.
 */
@FunctionalInterface
public interface LiveRowSource {
  /** The name of this source for people. */
  String NAME = "the database";

  /** No database. */
  LiveRowSource NONE = (table, key) -> Optional.empty();

  /** The row of a key; empty if there is none. */
  Optional<Row> find(Table table, String key) throws IOException;
}
