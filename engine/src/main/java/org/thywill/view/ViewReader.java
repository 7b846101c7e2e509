package org.thywill.view;

import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** Reads a view. Each call sees what was committed when it began. Not safe for several threads. */
public interface ViewReader extends RowLookup, Closeable {
  /** What the view says of itself. */
  ViewState state() throws IOException;

  /** The work that a recovery left; empty if all is done, or no recovery made the view. */
  Optional<PendingRecovery> recovery() throws IOException;

  /** Whether there is a row with a key. */
  boolean has(Table table, String key) throws IOException;

  /** The rows of a query, read by one statement. */
  List<Row> rows(Query query) throws IOException;

  /** How many rows a query has, regardless of its limit. */
  long count(Query query) throws IOException;

  /**
   * How many rows a query has on each day in UTC, regardless of its limit; days without rows are
   * left out. It reads every row that the query cannot find by an index.
   *
   * @param column that holds times
   */
  SortedMap<LocalDate, Long> countPerDay(Query query, Column<Long> column) throws IOException;

  /**
   * For each of some values, the row with that value in a column that was written last; in no
   * order.
   *
   * @param column which is indexed
   */
  List<Row> lastOfEach(Column<String> column, Collection<String> values) throws IOException;

  /** All rows in the order of their keys, by UTF-8 bytes. */
  void forEach(Table table, RowSink sink) throws IOException;

  /** The number of rows. */
  long count(Table table) throws IOException;

  /** The seq of the change that made the row what it is. */
  Optional<Long> seqOf(Table table, String key) throws IOException;

  /** The digest, computed from the rows. A table that was dropped is left out. */
  Digest computeDigest() throws IOException;

  /** The transaction that a call with an idempotency key led to; empty if there was none. */
  Optional<SeqRange> request(String idempotencyKey) throws IOException;

  /** Receives rows. */
  @FunctionalInterface
  interface RowSink {
    void accept(Row row) throws IOException;
  }
}
