package org.thywill.operations.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.BadLine;
import org.thywill.archive.format.Escape;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Handles;
import org.thywill.catalog.Meaning;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.view.ViewReader;

/**
 * What the operator decides about one row: one line of a file of decisions, with pipes between its
 * parts and values spelled as in the archive.
 *
 * <pre>
 *   set|TABLE|KEY|COLUMN|VALUE|WHY      gives a column another value; \N is nothing
 *   drop|TABLE|KEY|WHY                  removes a row to which nothing refers
 *   keep|TABLE|KEY|WHY                  keeps a row, and a right, that is in doubt
 * </pre>
 */
public sealed interface Decision {
  Table table();

  String key();

  /** In the operator's words. */
  String why();

  /**
   * Gives a column another value.
   *
   * @param value of the column's type
   */
  record Set(Table table, String key, Column column, @Nullable Object value, String why)
      implements Decision {}

  /** Removes a row. */
  record Drop(Table table, String key, String why) implements Decision {}

  /** Keeps what would else be put aside to be on the safe side. */
  record Keep(Table table, String key, String why) implements Decision {}

  /**
   * Reads a line.
   *
   * @throws BadLine if it is no decision: what was expected, and what was found
   */
  static Decision parse(String line) throws BadLine {
    List<String> fields = fields(line);
    int expected =
        switch (fields.getFirst()) {
          case "set" -> 6;
          case "drop", "keep" -> 4;
          default ->
              throw new BadLine(
                  "expected set, drop or keep, found " + Meaning.shown(fields.getFirst()));
        };
    if (fields.size() != expected) {
      throw new BadLine(
          "expected "
              + (expected == 6
                  ? "set|TABLE|KEY|COLUMN|VALUE|WHY"
                  : fields.getFirst() + "|TABLE|KEY|WHY")
              + ", found "
              + fields.size()
              + " fields");
    }
    Table table =
        Catalog.find(fields.get(1))
            .orElseThrow(
                () ->
                    new BadLine(
                        "expected a table such as role_assignments, found "
                            + Meaning.shown(fields.get(1))));
    String key = text(fields.get(2));
    String why = text(fields.getLast());
    if (why.isBlank()) {
      throw new BadLine("expected a reason at the end of the line");
    }
    return switch (fields.getFirst()) {
      case "set" -> set(table, key, fields.get(3), fields.get(4), why);
      case "drop" -> new Drop(table, key, why);
      default -> new Keep(table, key, why);
    };
  }

  private static Decision set(Table table, String key, String column, String value, String why)
      throws BadLine {
    if (!table.has(column)) {
      throw new BadLine(
          "expected a column of "
              + table
              + " such as "
              + table.columns().getLast().name()
              + ", found "
              + Meaning.shown(column));
    }
    Column described = table.columns().get(table.position(column));
    if (described.equals(table.keyColumn())) {
      throw new BadLine("the key of a row does not change; expected another column than " + column);
    }
    if (value.equals(Escape.NULL) && described.required()) {
      throw new BadLine(column + " needs a value; expected one, found nothing");
    }
    return new Set(
        table, key, described, value.equals(Escape.NULL) ? null : value(described, value), why);
  }

  private static Object value(Column column, String spelled) throws BadLine {
    try {
      return switch (column.type()) {
        case TEXT -> text(spelled);
        case TIME -> Timestamps.parse(spelled);
        case INTEGER, REAL, BOOLEAN -> column.type().read(spelled);
      };
    } catch (IllegalArgumentException e) {
      throw (BadLine) new BadLine(column.name() + ": " + e.getMessage()).initCause(e);
    }
  }

  private static String text(String escaped) throws BadLine {
    return Escape.unescape(escaped);
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int pipe = line.indexOf('|'); pipe >= 0; pipe = line.indexOf('|', from)) {
      fields.add(line.substring(from, pipe));
      from = pipe + 1;
    }
    fields.add(line.substring(from));
    return fields;
  }

  /** Why it cannot be carried out on a view, if so. */
  default Optional<String> obstacle(ViewReader view) throws IOException {
    Optional<Row> row = view.find(table(), key());
    if (row.isEmpty()) {
      return Optional.of("there is no row " + table() + "/" + Meaning.shown(table(), key()));
    }
    return switch (this) {
      case Set set ->
          Optional.ofNullable(set.value())
              .flatMap(value -> set.column().references())
              .flatMap(Catalog::find)
              .filter(
                  target ->
                      !leadsSomewhere(view, target, (String) Objects.requireNonNull(set.value())))
              .map(
                  target ->
                      "there is no row "
                          + target
                          + "/"
                          + Meaning.shown(target, String.valueOf(set.value()))
                          + " that "
                          + set.column().name()
                          + " could name");
      case Drop drop -> whyItStays(view);
      case Keep keep -> Optional.empty();
    };
  }

  private static boolean leadsSomewhere(ViewReader view, Table target, String key) {
    try {
      return target == Catalog.MEMBERS && key.equals(Handles.SYSTEM) || view.has(target, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> whyItStays(ViewReader view) throws IOException {
    if (table() == Catalog.PRAYERS) {
      return Optional.of("a prayer is hidden or archived, never removed");
    }
    for (Table other : Catalog.TABLES) {
      for (Column column : other.columns()) {
        if (column.references().filter(table().name()::equals).isPresent()
            && !view.where(other, column.name(), key()).isEmpty()) {
          return Optional.of("a row of " + other + " names it in " + column.name());
        }
      }
    }
    return Optional.empty();
  }
}
