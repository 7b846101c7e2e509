package org.thywill.archive.repair;

import java.io.IOException;
import java.util.Optional;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * The present rows of the community, as a database has them: what a damaged line said of a row may
 * be there still. Nothing is believed for that: a line is whole again only if its check matches.
 */
@FunctionalInterface
public interface LiveRowSource {
  /** How people are told where such a line is from. */
  String NAME = "the database";

  /** No database. */
  LiveRowSource NONE = (table, key) -> Optional.empty();

  Optional<Row> find(Table table, String key) throws IOException;
}
