package org.thywill.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** New values for some columns of a row; immutable, built as {@code Values.of(A, 1).and(B, 2)}. */
public final class Values {
  private final Map<Column<?>, @Nullable Object> byColumn;

  private Values(Map<Column<?>, @Nullable Object> byColumn) {
    this.byColumn = byColumn;
  }

  /** A new value for one column; null removes its value. */
  public static <T> Values of(Column<T> column, @Nullable T value) {
    return new Values(Map.of()).and(column, value);
  }

  /**
   * These values and one more; null removes the value of its column.
   *
   * @throws IllegalArgumentException if the column is of another table, or has a value already
   */
  public <T> Values and(Column<T> column, @Nullable T value) {
    Map<Column<?>, @Nullable Object> all = new LinkedHashMap<>(byColumn);
    for (Column<?> other : byColumn.keySet()) {
      if (!other.table().equals(column.table()) || other.equals(column)) {
        throw new IllegalArgumentException(column + " does not go with " + other);
      }
    }
    all.put(column, value);
    return new Values(Collections.unmodifiableMap(all));
  }

  /** The values by the names of their columns, in the order in which they were given. */
  public Map<String, @Nullable Object> byName() {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    byColumn.forEach((column, value) -> named.put(column.name(), value));
    return named;
  }

  /** The name of the table whose columns these are. */
  public String table() {
    return byColumn.keySet().iterator().next().table();
  }
}
