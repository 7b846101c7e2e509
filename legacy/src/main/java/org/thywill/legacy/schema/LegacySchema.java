package org.thywill.legacy.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/**
 * The statements that create a database of the original, each tried, and the shapes of its tables.
 */
public final class LegacySchema {
  public static final String TABLE = "table";
  public static final String PRAGMA = "pragma";

  /** The kinds in the order in which an export creates them; rows come after the tables. */
  public static final List<String> KINDS = List.of(PRAGMA, TABLE, "index", "view", "trigger");

  private final List<Entry> entries = new ArrayList<>();
  private final List<SkippedItem> refused = new ArrayList<>();
  private final Map<String, TableShape> shapes = new LinkedHashMap<>();

  /**
   * One statement.
   *
   * @param kind table, index, view, trigger, or pragma for a property of the whole database
   * @param table the table that it belongs to
   */
  public record Entry(String kind, String name, String table, String sql) {
    /** Kind and name, with a colon between them. */
    public String id() {
      return kind + ":" + name;
    }

    /** Reads a row of table {@code legacy_schema}. */
    public static Entry of(Row row) {
      String id = row.key();
      return new Entry(
          row.get(Catalog.LegacySchema.KIND).orElse(""),
          id.substring(id.indexOf(':') + 1),
          row.get(Catalog.LegacySchema.LEGACY_TABLE).orElse(""),
          row.get(Catalog.LegacySchema.SQL).orElse(""));
    }

    /** The row of table {@code legacy_schema} at a position of the order. */
    public Row row(long position) {
      return Row.in(Catalog.LEGACY_SCHEMA)
          .set(Catalog.LegacySchema.LEGACY_TABLE, table)
          .set(Catalog.LegacySchema.KIND, kind)
          .set(Catalog.LegacySchema.POSITION, position)
          .set(Catalog.LegacySchema.SQL, sql)
          .set(Catalog.LegacySchema.ID, id())
          .build();
    }
  }

  private LegacySchema() {}

  /**
   * Runs the statements in a scratch database; of several with one name, the first is taken.
   *
   * @param plain name of a table → a simple definition, in case its own cannot be run here
   */
  public static LegacySchema of(List<Entry> wanted, Map<String, String> plain) throws SQLException {
    LegacySchema schema = new LegacySchema();
    Set<String> seen = new HashSet<>();
    try (Connection scratch = SchemaDatabase.connect("jdbc:sqlite::memory:")) {
      SchemaDatabase database = new SchemaDatabase(scratch);
      wanted.stream()
          .filter(entry -> !KINDS.contains(entry.kind()))
          .forEach(entry -> schema.keep(entry, database, plain));
      for (String kind : KINDS) {
        for (Entry entry : wanted) {
          if (entry.kind().equals(kind) && seen.add(entry.id().toLowerCase(Locale.ROOT))) {
            schema.keep(entry, database, plain);
          }
        }
      }
      ColumnDefaults defaults = new ColumnDefaults(scratch);
      for (Entry entry : schema.entries) {
        if (entry.kind().equals(TABLE)) {
          schema.shapes.put(
              entry.name().toLowerCase(Locale.ROOT),
              TableShape.of(scratch, entry.name(), defaults));
        }
      }
    }
    return schema;
  }

  /** The statements of the original's last version. */
  public static List<Entry> newest() {
    List<Entry> newest = new ArrayList<>();
    for (String sql : LegacyLayout.newestDdl()) {
      String[] words = sql.split("[\\s(]+", 6);
      String kind = words[1].toLowerCase(Locale.ROOT);
      newest.add(new Entry(kind, words[2], kind.equals(TABLE) ? words[2] : words[4], sql));
    }
    return newest;
  }

  /** The statements that could be run, in the order of their kinds. */
  public List<Entry> entries() {
    return entries;
  }

  /** The statements of one kind that could be run. */
  public List<Entry> entries(String kind) {
    return entries.stream().filter(entry -> entry.kind().equals(kind)).toList();
  }

  /** The statements that could not be run, each with its reason. */
  public List<SkippedItem> refused() {
    return refused;
  }

  /** The shape of a table, by its name in any case; empty if there is no such table. */
  public Optional<TableShape> shape(String table) {
    return Optional.ofNullable(shapes.get(table.toLowerCase(Locale.ROOT)));
  }

  /** One of the original's tables as an export writes it; empty if the schema lacks it. */
  public Optional<ExportTable> table(LegacyTable legacy) {
    return shape(legacy.name()).map(shape -> new ExportTable(legacy, shape, membersHaveIds()));
  }

  /**
   * Whether references to members hold {@code user.id} instead of the name.
   *
   * <p>They did until 30 June 2025.
   */
  public boolean membersHaveIds() {
    return membersHaveIds(columns(LegacyLayout.USER), columns(LegacyLayout.PRAYER));
  }

  /** As {@link #membersHaveIds()}, by the columns of two tables, in lower case. */
  public static boolean membersHaveIds(Set<String> userColumns, Set<String> prayerColumns) {
    return userColumns.contains("id")
        && !userColumns.contains("invited_by_username")
        && !prayerColumns.contains("author_username");
  }

  private Set<String> columns(String table) {
    Set<String> names = new HashSet<>();
    shape(table)
        .ifPresent(
            shape ->
                shape
                    .columns()
                    .forEach(column -> names.add(column.name().toLowerCase(Locale.ROOT))));
    return names;
  }

  /** Tries a statement; keeps it, or the simple definition of its table, if that succeeds. */
  private void keep(Entry entry, SchemaDatabase scratch, Map<String, String> plain) {
    String failure = failure(scratch, entry);
    if (failure.isEmpty()) {
      entries.add(entry);
      return;
    }
    refused.add(
        new SkippedItem(
            LegacyFinding.shown(entry.kind() + " " + entry.name()),
            "its definition cannot be run here: " + LegacyFinding.shown(failure)));
    String simple = plain.get(entry.name());
    if (entry.kind().equals(TABLE) && simple != null) {
      Entry other = new Entry(TABLE, entry.name(), entry.name(), simple);
      if (failure(scratch, other).isEmpty()) {
        entries.add(other);
      }
    }
  }

  /** Tries a statement; returns why it failed, or an empty text. */
  private static String failure(SchemaDatabase scratch, Entry entry) {
    try {
      scratch.prove(entry);
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
