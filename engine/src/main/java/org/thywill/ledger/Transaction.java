package org.thywill.ledger;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.view.RowLookup;

/**
 * Changes that stand or fall together, while they are being made. What it reads includes everything
 * that was changed before, also by itself. Usable only within the {@link TransactionBody} that it
 * was given to.
 */
public interface Transaction extends RowLookup {
  /** The time of all changes of this transaction, in microseconds since 1970. */
  long atMicros();

  /**
   * Adds a row.
   *
   * @throws ConstraintViolationException if there is one of that key, a required value is missing,
   *     or a reference leads nowhere
   */
  void add(Row row) throws IOException;

  /**
   * Gives some columns of a row other values; null takes a value away. Changing nothing leaves no
   * trace.
   *
   * @throws ConstraintViolationException if there is no such row, or the values may not stand there
   */
  void change(Table table, String key, Map<String, ? extends @Nullable Object> values)
      throws IOException;

  /** As {@link #change(Table, String, Map)}. */
  default void change(Table table, String key, Values values) throws IOException {
    if (!values.table().equals(table.name())) {
      throw new IllegalArgumentException("values of " + values.table() + " for " + table);
    }
    change(table, key, values.byName());
  }

  /**
   * Removes a row.
   *
   * @throws ConstraintViolationException if there is no such row
   */
  void remove(Table table, String key) throws IOException;

  /** Adds a row as an import found it: values may be missing. */
  void addImported(Row row) throws IOException;
}
