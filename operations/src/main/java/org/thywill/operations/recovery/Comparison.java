package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.RowCursor;
import org.thywill.view.SqliteReader;

/** Two communities row by row, cell by cell. */
public final class Comparison {
  private static final int DIFFERENCES_MAX = 100;
  private static final int SHOWN_MAX = 200;

  private final List<Difference> differences = new ArrayList<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  private Comparison() {}

  /**
   * A cell that differs, or a row that one side alone has.
   *
   * @param column empty for a whole row
   * @param a what the first side has; empty if it has nothing there
   */
  public record Difference(
      String table, String key, String column, Optional<String> a, Optional<String> b) {}

  /**
   * What was found.
   *
   * @param differences the first 100
   * @param counts all differences by table; tables without any are left out
   */
  public record Result(boolean equal, List<Difference> differences, Map<String, Long> counts) {}

  /** Compares all tables of the community. */
  public static Result of(SqliteReader a, SqliteReader b) throws IOException {
    Comparison comparison = new Comparison();
    for (Table table : Catalog.TABLES) {
      if (table.inDigest()) {
        comparison.compare(table, a, b);
      }
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
                Optional.of(a.exists(table) ? "a table" : "no table"),
                Optional.of(b.exists(table) ? "a table" : "no table")));
      }
      return;
    }
    try (RowCursor left = a.cursor(table);
        RowCursor right = b.cursor(table)) {
      Optional<Row> one = left.next();
      Optional<Row> two = right.next();
      while (one.isPresent() || two.isPresent()) {
        int order = order(one, two);
        if (order == 0) {
          compare(one.orElseThrow(), two.orElseThrow());
        } else {
          Row alone = (order < 0 ? one : two).orElseThrow();
          note(
              new Difference(
                  table.name(),
                  alone.key(),
                  "",
                  order < 0 ? Optional.of("a row") : Optional.empty(),
                  order < 0 ? Optional.empty() : Optional.of("a row")));
        }
        one = order <= 0 ? left.next() : one;
        two = order >= 0 ? right.next() : two;
      }
    }
  }

  /** In the order of the keys' UTF-8 bytes, as SQLite sorts them. */
  private static int order(Optional<Row> one, Optional<Row> two) {
    if (one.isEmpty() || two.isEmpty()) {
      return one.isPresent() ? -1 : 1;
    }
    return Arrays.compareUnsigned(
        one.get().key().getBytes(StandardCharsets.UTF_8),
        two.get().key().getBytes(StandardCharsets.UTF_8));
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

  private static Optional<String> shown(Column<?> column, @Nullable Object value) {
    return Optional.ofNullable(value)
        .map(column.type()::format)
        .map(text -> text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…");
  }

  private void note(Difference difference) {
    counts.merge(difference.table(), 1L, Long::sum);
    if (differences.size() < DIFFERENCES_MAX) {
      differences.add(difference);
    }
  }
}
