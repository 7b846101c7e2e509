package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.List;
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
 * An operator's decision about one row, to be carried out after a recovery.
 *
 * <p>It is written as a line with pipes between its parts and values escaped as in the archive.
 *
 * <pre>
 *   set|TABLE|KEY|COLUMN|VALUE|WHY      gives a column another value; \N is no value
 *   drop|TABLE|KEY|WHY                  removes a row to which nothing refers
 *   keep|TABLE|KEY|WHY                  keeps a row that would be made ineffective
 *   keep|TABLE|*|WHY                    keeps all such rows of the table
 * </pre>
 */
public sealed interface RowOverride {
  /** The first words of a line. */
  String SET = "set";

  String DROP = "drop";

  String KEEP = "keep";

  /** In place of a key: all rows of the table that would be made ineffective; only to keep them. */
  String ALL = "*";

  Table table();

  String key();

  /** The reason, in the operator's words. */
  String why();

  /**
   * Gives a column another value.
   *
   * @param value of the column's type; null for no value
   */
  record Set(Table table, String key, Column<?> column, @Nullable Object value, String why)
      implements RowOverride {}

  /** Removes a row. */
  record Drop(Table table, String key, String why) implements RowOverride {}

  /** Keeps a row that would otherwise be made ineffective for safety. */
  record Keep(Table table, String key, String why) implements RowOverride {}

  /**
   * Reads a line.
   *
   * @throws MalformedLineException if it is no override, with what was expected and what was found
   */
  static RowOverride parse(String line) throws MalformedLineException {
    List<String> fields = DecisionLines.fields(line);
    int expected =
        switch (fields.getFirst()) {
          case SET -> 6;
          case DROP, KEEP -> 4;
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
      case SET -> set(table, key, fields.get(3), fields.get(4), why);
      case DROP -> new Drop(table, key, why);
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

  /** Why it cannot be carried out on a view; empty if it can. */
  default Optional<String> obstacle(ViewReader view) throws IOException {
    if (this instanceof Keep && key().equals(ALL)) {
      return Optional.empty();
    }
    Optional<Row> row = view.find(table(), key());
    if (row.isEmpty()) {
      return Optional.of("there is no row " + table() + "/" + SemanticRules.shown(table(), key()));
    }
    return switch (this) {
      case Set set -> danglingReference(view, set);
      case Drop _ -> reasonToStay(view);
      case Keep _ -> Optional.empty();
    };
  }

  private static Optional<String> danglingReference(ViewReader view, Set set) throws IOException {
    Optional<Table> target = set.column().target();
    if (target.isEmpty() || !(set.value() instanceof String key)) {
      return Optional.empty();
    }
    boolean isPresent =
        target.get() == Catalog.MEMBERS && key.equals(HandleNormalizer.SYSTEM)
            || view.has(target.get(), key);
    return isPresent
        ? Optional.empty()
        : Optional.of(
            "there is no row "
                + target.get()
                + "/"
                + SemanticRules.shown(target.get(), key)
                + " that "
                + set.column().name()
                + " could name");
  }

  private Optional<String> reasonToStay(ViewReader view) throws IOException {
    if (table() == Catalog.PRAYERS) {
      return Optional.of("a prayer is hidden or archived, never removed");
    }
    for (Table other : Catalog.TABLES) {
      for (Column<?> column : other.columns()) {
        if (column.refersTo(table()) && !view.findBy(column.asText(), key()).isEmpty()) {
          return Optional.of("a row of " + other + " names it in " + column.name());
        }
      }
    }
    return Optional.empty();
  }
}
