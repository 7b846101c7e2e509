package org.thywill.view;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;

/**
 * The SQL of the view, made from the catalog.
 *
 * <p>Beside the columns of the catalog every table has {@value #SEQ}, and the table of rows that
 * have a page has {@value #ADDED_AT}. Tables whose names start with {@code thywill_} are
 * bookkeeping.
 */
public final class Ddl {
  /** The seq of the change that made the row what it is. */
  public static final String SEQ = "_seq";

  /** When the row was first written, in microseconds since 1970. */
  public static final String ADDED_AT = "_added_at";

  static final List<String> BOOKKEEPING =
      List.of(
          "CREATE TABLE thywill_view (community TEXT NOT NULL, catalog INTEGER NOT NULL, seq"
              + " INTEGER NOT NULL, at INTEGER NOT NULL, as_of INTEGER NOT NULL, requests INTEGER"
              + " NOT NULL)",
          "CREATE TABLE thywill_digest (table_name TEXT NOT NULL PRIMARY KEY, row_count INTEGER NOT"
              + " NULL, hex TEXT NOT NULL) WITHOUT ROWID",
          "CREATE TABLE thywill_requests (request TEXT NOT NULL PRIMARY KEY, first INTEGER NOT"
              + " NULL, last INTEGER NOT NULL) WITHOUT ROWID");

  /**
   * The work that a recovery left. The first row has the last change, and whether losses are
   * accepted; then comes a row for each loss and each decision.
   */
  static final String RECOVERY_TABLE = "thywill_recovery";

  static final String RECOVERY =
      "CREATE TABLE IF NOT EXISTS "
          + RECOVERY_TABLE
          + " (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, first INTEGER NOT NULL, last"
          + " INTEGER NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL)";

  static final String ACCEPTED = "accepted";
  static final String LACKING = "lacking";
  static final String LOST = "lost";
  static final String DECISION = "decision";

  private static final Map<Table, String> SELECT_KEY =
      of(table -> "SELECT 1 FROM " + quote(table.name()) + whereKey(table));
  private static final Map<Table, String> SELECT_BY_KEY =
      of(table -> select(table) + whereKey(table));
  private static final Map<Table, String> INSERT = of(Ddl::makeInsert);

  private Ddl() {}

  /** Statements that every change needs, made once for each table. */
  private static Map<Table, String> of(Function<Table, String> sql) {
    return Catalog.TABLES.stream().collect(Collectors.toMap(Function.identity(), sql));
  }

  private static String whereKey(Table table) {
    return " WHERE " + quote(table.keyColumn().name()) + " = ?";
  }

  /** Selects 1 if there is a row with a key. */
  static String selectKey(Table table) {
    return Objects.requireNonNull(SELECT_KEY.get(table));
  }

  static String selectByKey(Table table) {
    return Objects.requireNonNull(SELECT_BY_KEY.get(table));
  }

  static String insert(Table table) {
    return Objects.requireNonNull(INSERT.get(table));
  }

  /** Whether the rows of a table have pages, and so the column {@value #ADDED_AT}. */
  static boolean hasAddedAt(Table table) {
    return table.pageColumn().filter(table.keyColumn().name()::equals).isPresent();
  }

  /** The statement that creates a table, without its indexes. */
  public static String createTable(Table table) {
    return "CREATE TABLE "
        + quote(table.name())
        + " ("
        + table.columns().stream().map(Ddl::column).collect(Collectors.joining(", "))
        + ", "
        + SEQ
        + " INTEGER NOT NULL"
        + (hasAddedAt(table) ? ", " + ADDED_AT + " INTEGER NOT NULL" : "")
        + ")";
  }

  /**
   * The statements that create the indexes of a table, by name; the index of the key is the first.
   */
  public static SequencedMap<String, String> createIndexes(Table table) {
    SequencedMap<String, String> indexes = new LinkedHashMap<>();
    indexes.put(
        keyIndex(table),
        "CREATE UNIQUE INDEX "
            + quote(keyIndex(table))
            + " ON "
            + quote(table.name())
            + " ("
            + quote(table.keyColumn().name())
            + ")");
    table.columns().stream()
        .filter(Column::isIndexed)
        .forEach(
            column ->
                indexes.put(
                    index(table, column),
                    "CREATE INDEX "
                        + quote(index(table, column))
                        + " ON "
                        + quote(table.name())
                        + " ("
                        + quote(column.name())
                        + ")"));
    return indexes;
  }

  /**
   * The statements of all tables and indexes that the program makes, by name, as SQLite keeps them.
   */
  static Map<String, String> statements() {
    Map<String, String> statements = new HashMap<>();
    for (Table table : Catalog.TABLES) {
      statements.put(table.name(), createTable(table));
      statements.putAll(createIndexes(table));
    }
    statements.put(RECOVERY_TABLE, RECOVERY.replace("IF NOT EXISTS ", ""));
    for (String statement : BOOKKEEPING) {
      statements.put(statement.split(" ", 4)[2], statement);
    }
    return statements;
  }

  static String keyIndex(Table table) {
    return table.name() + "_key";
  }

  static String index(Table table, Column<?> column) {
    return table.name() + "_by_" + column.name();
  }

  /**
   * Declares a column. A real number has no type, because SQLite would store -0.0 as 0 with one.
   */
  private static String column(Column<?> column) {
    return quote(column.name())
        + switch (column.type()) {
          case TEXT -> " TEXT";
          case INTEGER, BOOLEAN, TIME -> " INTEGER";
          case REAL -> "";
        };
  }

  static String columns(Table table) {
    return table.columns().stream()
        .map(column -> quote(column.name()))
        .collect(Collectors.joining(", "));
  }

  private static String makeInsert(Table table) {
    int count = table.columns().size() + (hasAddedAt(table) ? 2 : 1);
    return "INSERT INTO "
        + quote(table.name())
        + " ("
        + columns(table)
        + ", "
        + SEQ
        + (hasAddedAt(table) ? ", " + ADDED_AT : "")
        + ") VALUES ("
        + String.join(", ", Collections.nCopies(count, "?"))
        + ")";
  }

  static String update(Table table) {
    return "UPDATE "
        + quote(table.name())
        + " SET "
        + Stream.concat(table.columns().stream().map(Column::name).map(Ddl::quote), Stream.of(SEQ))
            .map(name -> name + " = ?")
            .collect(Collectors.joining(", "))
        + " WHERE "
        + quote(table.keyColumn().name())
        + " = ?";
  }

  static String delete(Table table) {
    return "DELETE FROM "
        + quote(table.name())
        + " WHERE "
        + quote(table.keyColumn().name())
        + " = ?";
  }

  static String select(Table table) {
    return "SELECT " + columns(table) + " FROM " + quote(table.name());
  }

  /** All columns of a table in a view, including the bookkeeping columns. */
  public static List<String> expectedColumns(Table table) {
    List<String> names = new ArrayList<>(table.columns().stream().map(Column::name).toList());
    names.add(SEQ);
    if (hasAddedAt(table)) {
      names.add(ADDED_AT);
    }
    return names;
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
