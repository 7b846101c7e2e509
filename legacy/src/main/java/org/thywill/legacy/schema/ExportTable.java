package org.thywill.legacy.schema;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Row;

/**
 * A table of the original as an export writes it.
 *
 * <p>An import uses it too: it compares what an export would write with the cells of the source,
 * and keeps the cells that differ beside the row.
 */
public final class ExportTable {
  private final LegacyTable legacy;
  private final TableShape shape;
  private final @Nullable LegacyColumn[] known;

  ExportTable(LegacyTable legacy, TableShape shape, boolean membersHaveIds) {
    this.legacy = legacy;
    this.shape = shape;
    this.known = legacy.bind(shape.columnNames(), membersHaveIds);
  }

  /** The original's table. */
  public LegacyTable legacy() {
    return legacy;
  }

  /** The shape of the table in the database that is written. */
  public TableShape shape() {
    return shape;
  }

  /** The position of a column, in any case, or -1. */
  public int position(String column) {
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape
          .columns()
          .get(i)
          .name()
          .toLowerCase(Locale.ROOT)
          .equals(column.toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The cell that is written for a row without legacy values.
   *
   * <p>A column that the original never had gets its default.
   */
  public SqliteValue cell(int position, Row row, ReferenceMapping references) {
    LegacyColumn column = known[position];
    TableShape.Column target = shape.columns().get(position);
    return target.fit(column == null ? target.defaultValue() : column.write(row, references));
  }
}
