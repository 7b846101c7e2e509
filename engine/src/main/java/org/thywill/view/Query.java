package org.thywill.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Table;

/**
 * Which rows of a table to read: conditions, an order, and a limit. Immutable; each call returns a
 * new query. A query is one SQL statement.
 *
 * <p>The first condition should be one that few rows meet, on an indexed column: its index finds
 * the rows, and the other conditions only filter them. SQLite does not choose an index, because it
 * does not know how often a value occurs.
 */
public final class Query {
  /** Sorts after all other characters, and is no letter of any script. */
  private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Table table;
  private final List<Condition> conditions;
  private final Order order;

  /** The column of {@link Order#HIGHEST_FIRST}; in other orders that of the key. */
  private final String orderColumn;

  /** The key of the row before the first; null for all rows. */
  private final @Nullable String after;

  private final int limit;

  private enum Order {
    BY_KEY,
    HIGHEST_FIRST,
    NEWEST_FIRST
  }

  /** The value of a parameter. */
  record Value(ColumnType type, Object value) {}

  private sealed interface Condition {
    List<Value> values();

    /**
     * A comparison with values.
     *
     * @param picks whether an index can find the rows that meet it
     */
    record Compared(String column, String comparison, List<Value> values, boolean picks)
        implements Condition {}

    /** Whether a row of another query has the key in a column. */
    record NamedBy(Query other, String column, boolean isNamed) implements Condition {
      @Override
      public List<Value> values() {
        return other.values();
      }
    }
  }

  private Query(
      Table table,
      List<Condition> conditions,
      Order order,
      String orderColumn,
      @Nullable String after,
      int limit) {
    table.position(orderColumn);
    this.table = table;
    this.conditions = conditions;
    this.order = order;
    this.orderColumn = orderColumn;
    this.after = after;
    this.limit = limit;
  }

  /** All rows of a table, in the order of their keys. */
  public static Query of(Table table) {
    return new Query(
        table, List.of(), Order.BY_KEY, table.keyColumn().name(), null, Integer.MAX_VALUE);
  }

  /** Only rows whose column has a value. */
  public Query eq(String column, Object value) {
    return compared(column, " = ?", List.of(value), true);
  }

  /** Only rows whose column has a value. */
  public <T> Query eq(Column<T> column, T value) {
    return eq(own(column), value);
  }

  /** Only rows whose column has one of some values. */
  public Query in(String column, Collection<String> some) {
    return compared(
        column,
        " IN (" + String.join(", ", Collections.nCopies(some.size(), "?")) + ")",
        some,
        true);
  }

  /** Only rows whose column has one of some values. */
  public Query in(Column<String> column, Collection<String> some) {
    return in(own(column), some);
  }

  /** Only rows whose column has another value, or none. */
  public Query notEq(String column, Object value) {
    return compared(column, " IS NOT ?", List.of(value), false);
  }

  /** Only rows whose column has another value, or none. */
  public <T> Query notEq(Column<T> column, T value) {
    return notEq(own(column), value);
  }

  /** Only rows whose column has a greater number or a later time. */
  public Query greaterThan(String column, long value) {
    return compared(column, " > ?", List.of(value), true);
  }

  /** Only rows whose column has a greater number or a later time. */
  public Query greaterThan(Column<Long> column, long value) {
    return greaterThan(own(column), value);
  }

  /** Only rows whose column has a text that starts with a prefix. */
  public Query startsWith(String column, String prefix) {
    return compared(column, " BETWEEN ? AND ?", List.of(prefix, prefix + LAST_CHARACTER), true);
  }

  /** Only rows whose column has a text that starts with a prefix. */
  public Query startsWith(Column<String> column, String prefix) {
    return startsWith(own(column), prefix);
  }

  /** Only rows whose key a row of another query has in a column, which should be indexed. */
  public Query referencedBy(Query other, String column) {
    return named(other, column, true);
  }

  /** As {@link #referencedBy(Query, String)}. */
  public Query referencedBy(Query other, Column<String> column) {
    return referencedBy(other, other.own(column));
  }

  /** Only rows whose key no row of another query has in a column, which should be indexed. */
  public Query notReferencedBy(Query other, String column) {
    return named(other, column, false);
  }

  /** As {@link #notReferencedBy(Query, String)}. */
  public Query notReferencedBy(Query other, Column<String> column) {
    return notReferencedBy(other, other.own(column));
  }

  private Query named(Query other, String column, boolean isNamed) {
    other.table.position(column);
    return with(new Condition.NamedBy(other, column, isNamed));
  }

  private Query compared(String column, String comparison, Collection<?> some, boolean picks) {
    ColumnType type = table.columns().get(table.position(column)).type();
    return with(
        new Condition.Compared(
            column,
            comparison,
            some.stream().map(value -> new Value(type, value)).toList(),
            picks));
  }

  private Query with(Condition condition) {
    return new Query(
        table,
        Stream.concat(conditions.stream(), Stream.of(condition)).toList(),
        order,
        orderColumn,
        after,
        limit);
  }

  /**
   * Orders rows by a column, highest first; rows of one value in the reverse order of their keys.
   */
  public Query highestFirst(String column) {
    return new Query(table, conditions, Order.HIGHEST_FIRST, column, after, limit);
  }

  /** As {@link #highestFirst(String)}. */
  public Query highestFirst(Column<?> column) {
    return highestFirst(own(column));
  }

  /**
   * The name of a column of this table.
   *
   * @throws IllegalArgumentException if it is another table's
   */
  String own(Column<?> column) {
    if (!column.table().equals(table.name())) {
      throw new IllegalArgumentException("a query of " + table + " has no column " + column);
    }
    return column.name();
  }

  /**
   * Orders rows by when they were first written, newest first. Tables and indexes have this order
   * already, so it costs nothing.
   */
  public Query newestFirst() {
    return new Query(table, conditions, Order.NEWEST_FIRST, orderColumn, after, limit);
  }

  /** Only the rows after the one with a key; none if there is no such row. */
  public Query after(String key) {
    return new Query(table, conditions, order, orderColumn, key, limit);
  }

  /** At most so many rows. */
  public Query limit(int rows) {
    return new Query(table, conditions, order, orderColumn, after, rows);
  }

  Table table() {
    return table;
  }

  /** The values of the parameters, in order. */
  List<Value> values() {
    return Stream.concat(
            conditions.stream().flatMap(condition -> condition.values().stream()),
            Stream.ofNullable(after).map(key -> new Value(ColumnType.TEXT, key)))
        .toList();
  }

  String select() {
    return Ddl.select(table)
        + where()
        + " ORDER BY "
        + switch (order) {
          case BY_KEY -> key();
          case HIGHEST_FIRST -> sorted() + " DESC, " + key() + " DESC";
          case NEWEST_FIRST -> "rowid DESC";
        }
        + (limit == Integer.MAX_VALUE ? "" : " LIMIT " + limit);
  }

  /** Counts the rows, regardless of order and limit. */
  String count() {
    return "SELECT count(*) FROM " + Ddl.quote(table.name()) + where();
  }

  /**
   * Counts the rows of each day in UTC, by the number of the day since 1970. Days before that are
   * rounded down like all others.
   */
  String countPerDay(String time) {
    table.position(time);
    String at = column(time, true);
    return "SELECT "
        + at
        + " / "
        + MICROS_PER_DAY
        + " - ("
        + at
        + " % "
        + MICROS_PER_DAY
        + " < 0) AS day, count(*) FROM "
        + Ddl.quote(table.name())
        + where()
        + " GROUP BY day";
  }

  /** For each of so many values of a column, finds the row that was written last. */
  static String lastOfEach(Table table, String column, int values) {
    String name = Ddl.quote(table.name());
    return Ddl.select(table)
        + " WHERE rowid IN (SELECT (SELECT rowid FROM "
        + name
        + " WHERE "
        + Ddl.quote(column)
        + " = column1 ORDER BY rowid DESC LIMIT 1) FROM (VALUES "
        + String.join(", ", Collections.nCopies(values, "(?)"))
        + "))";
  }

  private String where() {
    List<String> parts = new ArrayList<>();
    for (Condition condition : conditions) {
      parts.add(text(condition, parts.isEmpty()));
    }
    if (after != null) {
      parts.add(afterText());
    }
    return parts.isEmpty() ? "" : " WHERE " + String.join(" AND ", parts);
  }

  private String text(Condition condition, boolean finds) {
    return switch (condition) {
      case Condition.Compared compared -> column(compared.column(), finds) + compared.comparison();
      case Condition.NamedBy(Query other, String column, boolean isNamed) ->
          (isNamed ? "" : "NOT ")
              + "EXISTS (SELECT 1 FROM "
              + Ddl.quote(other.table.name())
              + " WHERE "
              + other.column(column, true)
              + " = "
              + key()
              + other.conditions.stream()
                  .map(each -> " AND " + other.text(each, false))
                  .collect(Collectors.joining())
              + ")";
    };
  }

  private String afterText() {
    String row = " FROM " + Ddl.quote(table.name()) + " WHERE " + key() + " = ?)";
    return switch (order) {
      case BY_KEY -> key() + " > (SELECT " + key() + row;
      case HIGHEST_FIRST ->
          "("
              + sorted()
              + ", "
              + key()
              + ") < (SELECT "
              + column(orderColumn, true)
              + ", "
              + key()
              + row;
      case NEWEST_FIRST -> "rowid < (SELECT rowid" + row;
    };
  }

  private String key() {
    return column(table.keyColumn().name(), true);
  }

  /**
   * The column by which rows are sorted. If a condition finds the rows by its index, they are
   * sorted afterwards; otherwise the index of this column gives them in order.
   */
  private String sorted() {
    boolean isPicked =
        !conditions.isEmpty()
            && conditions.getFirst() instanceof Condition.Compared first
            && first.picks();
    return column(orderColumn, !isPicked);
  }

  /** A column; with a plus before it, SQLite does not look for it in an index. */
  private String column(String column, boolean byIndex) {
    return (byIndex ? "" : "+") + Ddl.quote(table.name()) + "." + Ddl.quote(column);
  }
}
