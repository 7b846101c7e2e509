package org.thywill.legacy.schema;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Row;

/**
 * A table of the original as an export writes it. An import asks it too: what it would write for a
 * row is compared with what was there, and only the difference is kept beside the row.
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

  public LegacyTable legacy() {
    return legacy;
  }

  public TableShape shape() {
    return shape;
  }

  /** Where a column stands by any spelling of case, or -1. */
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
   * What is written for a row when nothing else is known of it; a column that the original never
   * had gets its default.
   */
  public SqliteValue cell(int position, Row row, ReferenceMapping identities) {
    LegacyColumn column = known[position];
    TableShape.Column there = shape.columns().get(position);
    return there.fit(column == null ? there.standard() : column.write(row, identities));
  }
}
