package org.thywill.legacy.importer;

import java.io.IOException;
import java.util.List;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;

/** Takes the rows of an import: a new archive, or the ledger of a community that exists. */
@FunctionalInterface
public interface RowSink {
  /**
   * Adds rows that are kept together or not at all.
   *
   * @param atMicros when it happened, in microseconds since 1970; never less than in the call
   *     before
   * @throws IOException if the rows cannot be written
   */
  void add(List<Row> rows, long atMicros, Change.Cause cause) throws IOException;
}
