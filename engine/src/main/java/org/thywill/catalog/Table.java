package org.thywill.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One table of the catalog: its name, its columns, and where its changes are. Only {@link Catalog}
 * makes tables.
 *
 * <p>The order of the columns is the order in a line of the archive. Every table has one key
 * column, of type text.
 */
public final class Table {
  private final String name;
  private final String description;
  private final RecoveryGroup group;
  private final LogLocation logLocation;
  private final List<Column<?>> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Column<String> keyColumn;
  private final @Nullable String pageColumn;
  private final @Nullable Snapshot snapshot;
  private final boolean isInDigest;
  private final int sinceCatalog;

  /**
   * The file with the present rows of a small table.
   *
   * @param file its path in the archive
   * @param rows selects the rows that it has
   */
  public record Snapshot(String file, Predicate<Row> rows) {}

  private Table(Builder from) {
    this.name = from.name;
    this.description = from.description;
    this.group = from.group;
    this.logLocation = from.logLocation;
    this.columns = List.copyOf(from.columns);
    for (int i = 0; i < columns.size(); i++) {
      if (positions.put(columns.get(i).name(), i) != null) {
        throw new IllegalStateException(name + " has two columns " + columns.get(i).name());
      }
    }
    if (from.key == null) {
      throw new IllegalStateException(name + " has no key");
    }
    this.keyColumn = from.key;
    this.pageColumn = from.pageColumn;
    this.snapshot = from.snapshot;
    this.isInDigest = from.isInDigest;
    this.sinceCatalog = from.sinceCatalog;
  }

  /** The name in the view, in journal lines and in reports, such as {@code auth_requests}. */
  public String name() {
    return name;
  }

  /** What a row is, as a sentence for FORMAT.md. */
  public String description() {
    return description;
  }

  /** The group with which the table can be recovered. */
  public RecoveryGroup group() {
    return group;
  }

  /** Where its logs are. */
  public LogLocation logLocation() {
    return logLocation;
  }

  /** The columns, in the order of a line. */
  public List<Column<?>> columns() {
    return columns;
  }

  /** The column of the key. */
  public Column<String> keyColumn() {
    return keyColumn;
  }

  /** The position of the key among {@link #columns()}. */
  public int keyPosition() {
    return keyColumn.position();
  }

  /**
   * The column with the id of the prayer on whose page a row is shown; empty if rows are on no
   * page.
   */
  public Optional<String> pageColumn() {
    return Optional.ofNullable(pageColumn);
  }

  /** The file of its present rows; empty if there is none. */
  public Optional<Snapshot> snapshot() {
    return Optional.ofNullable(snapshot);
  }

  /** Whether the table is part of the community's digest; what operators do is not. */
  public boolean inDigest() {
    return isInDigest;
  }

  /**
   * The {@link Catalog#VERSION} that brought the table. A digest leaves out a table that came after
   * the first while it has no row, so an archive from before has the same digest as ever.
   */
  public int sinceCatalog() {
    return sinceCatalog;
  }

  /**
   * The position of a column.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("table " + name + " has no column " + column);
    }
    return position;
  }

  /**
   * The column with a name.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public Column<?> column(String name) {
    return columns.get(position(name));
  }

  /** Whether there is a column with a name. */
  public boolean has(String column) {
    return positions.containsKey(column);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Builds a table for {@link Catalog}. */
  static final class Builder {
    private final String name;
    private final RecoveryGroup group;
    private final LogLocation logLocation;
    private final String description;
    private final List<Column<?>> columns = new ArrayList<>();
    private @Nullable Column<String> key;
    private boolean isNextIndexed;
    private @Nullable String pageColumn;
    private @Nullable Snapshot snapshot;
    private boolean isInDigest = true;
    private int sinceCatalog = 1;

    Builder(String name, RecoveryGroup group, String location, String description) {
      this.name = name;
      this.group = group;
      this.logLocation = new LogLocation(location);
      this.description = description;
    }

    /** Gives the next column an index in the view. */
    Builder indexed() {
      isNextIndexed = true;
      return this;
    }

    Column<String> key(String column, String description) {
      Column<String> added = add(column, ColumnType.TEXT, true, null, description);
      key = added;
      return added;
    }

    Column<String> requiredText(String column, String description) {
      return add(column, ColumnType.TEXT, true, null, description);
    }

    Column<String> optionalText(String column, String description) {
      return add(column, ColumnType.TEXT, false, null, description);
    }

    Column<Long> requiredNumber(String column, String description) {
      return add(column, ColumnType.INTEGER, true, null, description);
    }

    Column<Long> optionalNumber(String column, String description) {
      return add(column, ColumnType.INTEGER, false, null, description);
    }

    Column<Double> optionalReal(String column, String description) {
      return add(column, ColumnType.REAL, false, null, description);
    }

    Column<Boolean> requiredFlag(String column, String description) {
      return add(column, ColumnType.BOOLEAN, true, null, description);
    }

    Column<Long> requiredTime(String column, String description) {
      return add(column, ColumnType.TIME, true, null, description);
    }

    Column<Long> optionalTime(String column, String description) {
      return add(column, ColumnType.TIME, false, null, description);
    }

    Column<String> requiredReference(String column, String table, String description) {
      return add(column, ColumnType.TEXT, true, table, description);
    }

    Column<String> optionalReference(String column, String table, String description) {
      return add(column, ColumnType.TEXT, false, table, description);
    }

    Builder onPageOf(String column) {
      pageColumn = column;
      return this;
    }

    Builder snapshot(String file, Predicate<Row> rows) {
      snapshot = new Snapshot(file, rows);
      return this;
    }

    Builder notInDigest() {
      isInDigest = false;
      return this;
    }

    /** Names the version of the catalog that brought the table. */
    Builder sinceCatalog(int version) {
      sinceCatalog = version;
      return this;
    }

    Table build() {
      return new Table(this);
    }

    private <T> Column<T> add(
        String column,
        ColumnType type,
        boolean required,
        @Nullable String references,
        String description) {
      Column<T> added =
          new Column<>(
              name, columns.size(), column, type, required, references, isNextIndexed, description);
      columns.add(added);
      isNextIndexed = false;
      return added;
    }
  }
}
