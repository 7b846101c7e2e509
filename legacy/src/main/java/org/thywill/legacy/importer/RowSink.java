package org.thywill.legacy.importer;

import java.io.IOException;
import java.util.List;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;

/**
 * Where an import puts the facts that it finds: the history of a new archive, or the ledger of one
 * that is there.
 */
@FunctionalInterface
public interface RowSink {
  /**
   * Takes the rows of one fact, which stand or fall together.
   *
   * @param at when it happened, in microseconds since 1970; never smaller than in the call before
   */
  void add(List<Row> rows, long at, Change.Cause cause) throws IOException;
}
