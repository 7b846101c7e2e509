package org.thywill.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** Compares two communities row by row and cell by cell. */
public final class Comparison {
  private static final int DIFFERENCES_MAX = 100;
  private static final int SHOWN_MAX = 200;

  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  private Comparison() {}

  /**
   * A cell that differs, or a row or table that only one side has.
   *
   * @param key empty for a whole table
   * @param column empty for a whole row or table
   * @param a what the first side has; null if it has nothing there
   * @param b what the second side has; null if it has nothing there
   */
  public record Difference(
      String table, String key, String column, @Nullable String a, @Nullable String b) {}

  /**
   * The result of a comparison.
   *
   * @param differences the first 100
   * @param counts all differences by table; tables without any are left out
   */
  public record Result(boolean equal, List<Difference> differences, Map<String, Long> counts) {}

  /** Compares all tables of the community. */
  public static Result of(SqliteReader a, SqliteReader b) throws IOException {
    return of(a, b, Catalog.TABLES.stream().filter(Table::inDigest).toList());
  }

  /** Compares some tables. */
  public static Result of(SqliteReader a, SqliteReader b, Collection<Table> tables)
      throws IOException {
    Comparison comparison = new Comparison();
    for (Table table : tables) {
      comparison.compare(table, a, b);
    }
    return new Result(comparison.counts.isEmpty(), comparison.differences, comparison.counts);
  }

  private void compare(Table table, SqliteReader a, SqliteReader b) throws IOException {
    if (!a.exists(table) || !b.exists(table)) {
      if (a.exists(table) != b.exists(table)) {
        note(
            new Difference(
                table.name(),
                "",
                "",
                a.exists(table) ? "a table" : "no table",
                b.exists(table) ? "a table" : "no table"));
      }
      return;
    }
    try (RowCursor left = a.cursor(table);
        RowCursor right = b.cursor(table)) {
      Row one = left.next().orElse(null);
      Row two = right.next().orElse(null);
      while (one != null || two != null) {
        int order = order(one, two);
        if (one != null && two != null && order == 0) {
          compare(one, two);
        } else {
          Row only = Objects.requireNonNull(order < 0 ? one : two);
          note(
              new Difference(
                  table.name(),
                  only.key(),
                  "",
                  order < 0 ? "a row" : null,
                  order < 0 ? null : "a row"));
        }
        one = order <= 0 ? left.next().orElse(null) : one;
        two = order >= 0 ? right.next().orElse(null) : two;
      }
    }
  }

  /** Compares the UTF-8 bytes of the keys, as SQLite sorts them; no row is after every row. */
  private static int order(@Nullable Row one, @Nullable Row two) {
    if (one == null || two == null) {
      return one != null ? -1 : 1;
    }
    return Arrays.compareUnsigned(
        one.key().getBytes(StandardCharsets.UTF_8), two.key().getBytes(StandardCharsets.UTF_8));
  }

  private void compare(Row one, Row two) {
    List<Column<?>> columns = one.table().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (!Objects.equals(one.value(i), two.value(i))) {
        note(
            new Difference(
                one.table().name(),
                one.key(),
                columns.get(i).name(),
                shown(columns.get(i), one.value(i)),
                shown(columns.get(i), two.value(i))));
      }
    }
  }

  private static @Nullable String shown(Column<?> column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    String text = column.type().format(value);
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }

  private void note(Difference difference) {
    counts.merge(difference.table(), 1L, Long::sum);
    if (differences.size() < DIFFERENCES_MAX) {
      differences.add(difference);
    }
  }
}
