package org.thywill.view;

import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Reads a view. A reader sees what was committed when its call began. Not safe for several threads:
 * each has its own.
 */
public interface ViewReader extends RowLookup, Closeable {
  ViewState state() throws IOException;

  /**
   * What the recovery that made the view left to be done; empty if it was not made by one, or all
   * is done.
   */
  Optional<PendingRecovery> recovery() throws IOException;

  /** Whether there is a row with a key. */
  boolean has(Table table, String key) throws IOException;

  /** The rows that a query describes, read by one statement. */
  List<Row> rows(Query query) throws IOException;

  /** How many rows a query describes, its bound aside. */
  long count(Query query) throws IOException;

  /**
   * How many rows a query describes, its bound aside, for each day in UTC on which there is one by
   * a column that holds times. It looks at every row of the table that the query does not find by
   * an index.
   */
  SortedMap<LocalDate, Long> countPerDay(Query query, String column) throws IOException;

  /** As {@link #countPerDay(Query, String)}. */
  default SortedMap<LocalDate, Long> countPerDay(Query query, Column<Long> column)
      throws IOException {
    return countPerDay(query, column.name());
  }

  /**
   * Of the rows that hold one of some values in a column, which is indexed, the one that was
   * written down last for each of them; in no order.
   */
  List<Row> lastOfEach(Table table, String column, Collection<String> values) throws IOException;

  /** As {@link #lastOfEach(Table, String, Collection)}. */
  default List<Row> lastOfEach(Column<String> column, Collection<String> values)
      throws IOException {
    return lastOfEach(Catalog.find(column.table()).orElseThrow(), column.name(), values);
  }

  /** All rows in the order of their keys, by UTF-8 bytes. */
  void forEach(Table table, RowSink sink) throws IOException;

  /** The number of rows. */
  long count(Table table) throws IOException;

  /** The seq of the change that made the row what it is. */
  Optional<Long> seqOf(Table table, String key) throws IOException;

  /** The digest, computed from the rows themselves. */
  Digest computeDigest() throws IOException;

  /** The transaction that a client's request led to, as its first and last seq. */
  Optional<long[]> request(String id) throws IOException;

  /** Takes rows in. */
  @FunctionalInterface
  interface RowSink {
    void accept(Row row) throws IOException;
  }
}
