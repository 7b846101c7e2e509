package org.thywill.operations.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
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
public sealed interface RowOverride {
  Table table();

  String key();

  /** In the operator's words. */
  String why();

  /**
   * Gives a column another value.
   *
   * @param value of the column's type
   */
  record Set(Table table, String key, Column<?> column, @Nullable Object value, String why)
      implements RowOverride {}

  /** Removes a row. */
  record Drop(Table table, String key, String why) implements RowOverride {}

  /** Keeps what would else be put aside to be on the safe side. */
  record Keep(Table table, String key, String why) implements RowOverride {}

  /**
   * Reads a line.
   *
   * @throws MalformedLineException if it is no decision: what was expected, and what was found
   */
  static RowOverride parse(String line) throws MalformedLineException {
    List<String> fields = fields(line);
    int expected =
        switch (fields.getFirst()) {
          case "set" -> 6;
          case "drop", "keep" -> 4;
          default ->
              throw new MalformedLineException(
                  "expected set, drop or keep, found " + SemanticRules.shown(fields.getFirst()));
        };
    if (fields.size() != expected) {
      throw new MalformedLineException(
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
                    new MalformedLineException(
                        "expected a table such as role_assignments, found "
                            + SemanticRules.shown(fields.get(1))));
    String key = text(fields.get(2));
    String why = text(fields.getLast());
    if (why.isBlank()) {
      throw new MalformedLineException("expected a reason at the end of the line");
    }
    return switch (fields.getFirst()) {
      case "set" -> set(table, key, fields.get(3), fields.get(4), why);
      case "drop" -> new Drop(table, key, why);
      default -> new Keep(table, key, why);
    };
  }

  private static RowOverride set(Table table, String key, String column, String value, String why)
      throws MalformedLineException {
    if (!table.has(column)) {
      throw new MalformedLineException(
          "expected a column of "
              + table
              + " such as "
              + table.columns().getLast().name()
              + ", found "
              + SemanticRules.shown(column));
    }
    Column<?> described = table.columns().get(table.position(column));
    if (described.equals(table.keyColumn())) {
      throw new MalformedLineException(
          "the key of a row does not change; expected another column than " + column);
    }
    if (value.equals(FieldEscaping.NULL) && described.required()) {
      throw new MalformedLineException(column + " needs a value; expected one, found nothing");
    }
    return new Set(
        table,
        key,
        described,
        value.equals(FieldEscaping.NULL) ? null : value(described, value),
        why);
  }

  private static Object value(Column<?> column, String spelled) throws MalformedLineException {
    try {
      return switch (column.type()) {
        case TEXT -> text(spelled);
        case TIME -> Timestamps.parse(spelled);
        case INTEGER, REAL, BOOLEAN -> column.type().parse(spelled);
      };
    } catch (IllegalArgumentException e) {
      throw (MalformedLineException)
          new MalformedLineException(column.name() + ": " + e.getMessage()).initCause(e);
    }
  }

  private static String text(String escaped) throws MalformedLineException {
    return FieldEscaping.unescape(escaped);
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
      return Optional.of("there is no row " + table() + "/" + SemanticRules.shown(table(), key()));
    }
    return switch (this) {
      case Set set ->
          Optional.ofNullable(set.value())
              .flatMap(value -> set.column().target())
              .filter(
                  target ->
                      !leadsSomewhere(view, target, (String) Objects.requireNonNull(set.value())))
              .map(
                  target ->
                      "there is no row "
                          + target
                          + "/"
                          + SemanticRules.shown(target, String.valueOf(set.value()))
                          + " that "
                          + set.column().name()
                          + " could name");
      case Drop drop -> whyItStays(view);
      case Keep keep -> Optional.empty();
    };
  }

  private static boolean leadsSomewhere(ViewReader view, Table target, String key) {
    try {
      return target == Catalog.MEMBERS && key.equals(HandleNormalizer.SYSTEM)
          || view.has(target, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> whyItStays(ViewReader view) throws IOException {
    if (table() == Catalog.PRAYERS) {
      return Optional.of("a prayer is hidden or archived, never removed");
    }
    for (Table other : Catalog.TABLES) {
      for (Column<?> column : other.columns()) {
        if (column.refersTo(table()) && !view.findBy(other, column.name(), key()).isEmpty()) {
          return Optional.of("a row of " + other + " names it in " + column.name());
        }
      }
    }
    return Optional.empty();
  }
}
