package org.thywill.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.SqliteWriter;

/** Applies changes to the view, uncommitted, and collects them for the journal. */
final class LedgerTransaction implements Transaction {
  private final SqliteWriter view;
  private final long first;
  private final long durableSeq;
  private final long atMicros;
  private final Change.Cause cause;
  private final List<Change> changes = new ArrayList<>();

  LedgerTransaction(
      SqliteWriter view, long first, long durableSeq, long atMicros, Change.Cause cause) {
    this.view = view;
    this.first = first;
    this.durableSeq = durableSeq;
    this.atMicros = atMicros;
    this.cause = cause;
  }

  @Override
  public long atMicros() {
    return atMicros;
  }

  @Override
  public Optional<Row> find(Table table, String key) throws IOException {
    return view.find(table, key);
  }

  @Override
  public <T> List<Row> findBy(Column<T> column, T value) throws IOException {
    return view.findBy(column, value);
  }

  @Override
  public void add(Row row) throws IOException {
    RowConstraints.requireValid(row, view);
    insert(row);
  }

  @Override
  public void addImported(Row row) throws IOException {
    RowConstraints.requireImportable(row);
    insert(row);
  }

  private void insert(Row row) throws IOException {
    if (view.has(row.table(), row.key())) {
      throw new ConstraintViolationException("there is a row " + row + " already");
    }
    apply(Operation.ADDED, row);
  }

  @Override
  public void change(Table table, String key, Map<String, ? extends @Nullable Object> values)
      throws IOException {
    Row before = present(table, key);
    if (values.containsKey(table.keyColumn().name())) {
      throw new ConstraintViolationException("the key of " + before + " does not change");
    }
    Row after = before.with(values);
    if (!after.equals(before)) {
      RowConstraints.requireValidChange(before, after, view);
      apply(Operation.CHANGED, after);
    }
  }

  @Override
  public void remove(Table table, String key) throws IOException {
    Row row = present(table, key);
    if (table == Catalog.PRAYERS) {
      throw new ConstraintViolationException("a prayer is hidden or archived, never removed");
    }
    apply(Operation.REMOVED, row);
  }

  private Row present(Table table, String key) throws IOException {
    return view.find(table, key)
        .orElseThrow(
            () ->
                new ConstraintViolationException("there is no row of " + table + " with that key"));
  }

  private void apply(Operation operation, Row row) throws IOException {
    RowConstraints.requireFits(row, cause);
    long seq = first + changes.size();
    Change change =
        new Change(
            operation,
            row,
            seq,
            new Change.TransactionInfo(first, seq, durableSeq, atMicros, cause));
    view.apply(change);
    changes.add(change);
  }

  /** The changes, each with the first and last seq of the transaction. */
  List<Change> finish() {
    Change.TransactionInfo stamp =
        new Change.TransactionInfo(first, first + changes.size() - 1, durableSeq, atMicros, cause);
    return changes.stream()
        .map(change -> new Change(change.operation(), change.row(), change.seq(), stamp))
        .toList();
  }
}
