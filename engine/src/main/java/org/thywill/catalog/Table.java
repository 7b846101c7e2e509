package org.thywill.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One table: what a kind of row is called, what it holds, where its changes live. Tables are made
 * in {@link Catalog} only.
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
  private final int key;
  private final Optional<String> pageColumn;
  private final Optional<Snapshot> snapshot;
  private final boolean community;

  /**
   * The present rows of a small table, kept in one file besides the log.
   *
   * @param file below the archive
   * @param rows which rows stand in it
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
    this.key = from.key;
    this.pageColumn = from.pageColumn;
    this.snapshot = from.snapshot;
    this.community = from.community;
    if (key < 0) {
      throw new IllegalStateException(name + " has no key");
    }
  }

  /** The name in the view, in journal lines and in reports, such as {@code auth_requests}. */
  public String name() {
    return name;
  }

  /** What a row is, in a sentence for FORMAT.md. */
  public String description() {
    return description;
  }

  public RecoveryGroup group() {
    return group;
  }

  public LogLocation logLocation() {
    return logLocation;
  }

  public List<Column<?>> columns() {
    return columns;
  }

  public Column<?> keyColumn() {
    return columns.get(key);
  }

  /** The position of the key among {@link #columns()}. */
  public int keyPosition() {
    return key;
  }

  /**
   * The column that names the prayer on whose page a row stands; empty for rows that stand on no
   * page.
   */
  public Optional<String> pageColumn() {
    return pageColumn;
  }

  public Optional<Snapshot> snapshot() {
    return snapshot;
  }

  /**
   * Whether the table is part of the community's digest; what operators did to the archive is not.
   */
  public boolean inDigest() {
    return community;
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
   * The column of a name.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public Column<?> column(String name) {
    return columns.get(position(name));
  }

  public boolean has(String column) {
    return positions.containsKey(column);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Collects what {@link Catalog} says of a table. */
  static final class Builder {
    private final String name;
    private final RecoveryGroup group;
    private final LogLocation logLocation;
    private final String description;
    private final List<Column<?>> columns = new ArrayList<>();
    private int key = -1;
    private boolean isNextIndexed;
    private Optional<String> pageColumn = Optional.empty();
    private Optional<Snapshot> snapshot = Optional.empty();
    private boolean community = true;

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
      key = columns.size();
      return add(column, ColumnType.TEXT, true, null, description);
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
      pageColumn = Optional.of(column);
      return this;
    }

    Builder snapshot(String file, Predicate<Row> rows) {
      snapshot = Optional.of(new Snapshot(file, rows));
      return this;
    }

    Builder notInDigest() {
      community = false;
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
