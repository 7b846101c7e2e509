package org.thywill.ledger;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.view.RowLookup;

/**
 * Changes that are made together or not at all. Its reads include its own changes. Usable only
 * within the body that it was passed to.
 */
public interface Transaction extends RowLookup {
  /** The time of all its changes, in microseconds since 1970. */
  long atMicros();

  /**
   * Adds a row.
   *
   * @throws ConstraintViolationException if there is a row with that key, a required value is
   *     missing, or a reference leads to no row
   */
  void add(Row row) throws IOException;

  /**
   * Changes some columns of a row; null removes a value. If all values are as they were, no change
   * is written.
   *
   * @throws ConstraintViolationException if there is no such row, or a value breaks a rule
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
   * @throws ConstraintViolationException if there is no such row, or it is a prayer: prayers are
   *     never removed
   */
  void remove(Table table, String key) throws IOException;

  /**
   * Adds a row as an import found it: required values may be missing, and references lead to no
   * row.
   *
   * @throws ConstraintViolationException if there is a row with that key, or a value cannot be
   *     written
   */
  void addImported(Row row) throws IOException;
}
