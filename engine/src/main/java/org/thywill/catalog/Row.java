package org.thywill.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table; immutable. Its values are in the order of the columns, and a missing one is
 * null.
 *
 * <p>A text is held as a string, or as the UTF-8 bytes from which it was read until the string is
 * needed.
 */
public final class Row {
  private final Table table;
  private final @Nullable Object[] values;

  private Row(Table table, @Nullable Object[] values) {
    this.table = table;
    this.values = values;
  }

  /**
   * A row of values in the order of the columns. The array is not copied.
   *
   * @throws IllegalArgumentException if the number or a type of the values is not the table's, or
   *     the key is null
   */
  public static Row of(Table table, @Nullable Object... values) {
    return checked(table, values, false);
  }

  /**
   * As {@link #of}; a text may also be given as an array of its bytes in UTF-8, well formed and not
   * changed afterwards.
   */
  public static Row ofUtf8(Table table, @Nullable Object... values) {
    return checked(table, values, true);
  }

  private static Row checked(Table table, @Nullable Object[] values, boolean utf8) {
    if (values.length != table.columns().size()) {
      throw new IllegalArgumentException(
          table + " has " + table.columns().size() + " columns, not " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      ColumnType type = table.columns().get(i).type();
      if (value != null
          && !type.holds(value)
          && !(utf8 && type == ColumnType.TEXT && value instanceof byte[])) {
        throw new IllegalArgumentException(
            table
                + "."
                + table.columns().get(i).name()
                + " is "
                + type
                + " and cannot hold "
                + value.getClass().getSimpleName());
      }
    }
    if (values[table.keyPosition()] == null) {
      throw new IllegalArgumentException(
          "a row of " + table + " needs its key " + table.keyColumn().name());
    }
    return new Row(table, values);
  }

  /** Builds a row of named values; the others are null. */
  public static Builder in(Table table) {
    return new Builder(table);
  }

  public Table table() {
    return table;
  }

  public String key() {
    return (String) Objects.requireNonNull(value(table.keyPosition()));
  }

  /** Whether there is a value at a position. */
  public boolean has(int position) {
    return values[position] != null;
  }

  /** The value at a position, or null. */
  public @Nullable Object value(int position) {
    Object value = values[position];
    if (value instanceof byte[] utf8) {
      value = new String(utf8, StandardCharsets.UTF_8);
      values[position] = value; // several threads may do this; they write the same text
    }
    return value;
  }

  /** A text in UTF-8, or null; not to be changed. */
  public byte @Nullable [] utf8(int position) {
    Object value = values[position];
    return switch (value) {
      case null -> null;
      case byte[] utf8 -> utf8;
      default -> ((String) value).getBytes(StandardCharsets.UTF_8);
    };
  }

  /** The value of a column, or null. */
  public @Nullable Object value(String column) {
    return value(table.position(column));
  }

  /**
   * The value of a column, or empty where there is none.
   *
   * @throws IllegalArgumentException if the column is another table's
   */
  @SuppressWarnings("unchecked") // a row holds what the types of its columns allow
  public <T> Optional<T> get(Column<T> column) {
    return Optional.ofNullable((T) value(requireOwn(column)));
  }

  /**
   * The value of a column that must have one.
   *
   * @throws IllegalArgumentException if the column is another table's
   * @throws IllegalStateException if the row has no value there, as an imported one may
   */
  public <T> T require(Column<T> column) {
    return get(column).orElseThrow(() -> new IllegalStateException(this + " has no " + column));
  }

  /** Whether a column has this value. */
  public <T> boolean has(Column<T> column, T value) {
    return value.equals(value(requireOwn(column)));
  }

  /** Whether a column has any value. */
  public boolean has(Column<?> column) {
    return has(requireOwn(column));
  }

  /** Whether the column holds {@code yes}; {@code no} and null are false. */
  public boolean is(Column<Boolean> column) {
    return Boolean.TRUE.equals(value(requireOwn(column)));
  }

  private int requireOwn(Column<?> column) {
    int position = column.position();
    if (!column.table().equals(table.name())) {
      throw new IllegalArgumentException("a row of " + table + " has no column " + column);
    }
    return position;
  }

  public Optional<String> text(String column) {
    return Optional.ofNullable((String) value(column));
  }

  /** A number, or a time in microseconds since 1970. */
  public Optional<Long> number(String column) {
    return Optional.ofNullable((Long) value(column));
  }

  public Optional<Double> real(String column) {
    return Optional.ofNullable((Double) value(column));
  }

  /** Whether the column holds {@code yes}; {@code no} and null are false. */
  public boolean is(String column) {
    return Boolean.TRUE.equals(value(column));
  }

  /** This row with other values in some columns; null removes a value. */
  public Row with(Map<String, ? extends @Nullable Object> changed) {
    @Nullable Object[] copy = values.clone();
    changed.forEach((column, value) -> copy[table.position(column)] = value);
    return ofUtf8(table, copy);
  }

  /**
   * This row with other values in some columns.
   *
   * @throws IllegalArgumentException if a column is another table's
   */
  public Row with(Values changed) {
    if (!changed.table().equals(table.name())) {
      throw new IllegalArgumentException("values of " + changed.table() + " for " + this);
    }
    return with(changed.byName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row
        && row.table == table
        && Arrays.equals(row.decoded(), decoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(decoded());
  }

  private @Nullable Object[] decoded() {
    for (int i = 0; i < values.length; i++) {
      value(i);
    }
    return values;
  }

  /** Only table and key: a row may hold what must not be logged. */
  @Override
  public String toString() {
    return table + "/" + key();
  }

  /** Builds a row from named values. */
  public static final class Builder {
    private final Table table;
    private final @Nullable Object[] values;

    private Builder(Table table) {
      this.table = table;
      this.values = new @Nullable Object[table.columns().size()];
    }

    /**
     * Sets the value of a column; null for none.
     *
     * @throws IllegalArgumentException if the column is another table's
     */
    public <T> Builder set(Column<T> column, @Nullable T value) {
      if (!column.table().equals(table.name())) {
        throw new IllegalArgumentException("table " + table + " has no column " + column);
      }
      values[column.position()] = value;
      return this;
    }

    public Builder set(String column, @Nullable Object value) {
      values[table.position(column)] = value;
      return this;
    }

    /**
     * The row.
     *
     * @throws IllegalArgumentException as {@link Row#of}
     */
    public Row build() {
      return of(table, values.clone());
    }
  }
}
