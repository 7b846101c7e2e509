package org.thywill.catalog;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table, and how it is read from and put into a {@link Row}.
 *
 * @param <T> what a value is in Java: {@link String}, {@link Long} (a number, or microseconds since
 *     1970), {@link Double} or {@link Boolean}
 * @param table the name of its table
 * @param position among the columns of its table, from 0
 * @param name in lower case with underscores; unique within its table
 * @param required whether new rows must have a value; imported rows may lack it
 * @param references the name of the table whose key this column names, or null
 * @param isIndexed whether the view keeps an index on it
 * @param description one phrase for FORMAT.md
 */
@SuppressWarnings("UnusedTypeParameter") // the type of its values in a row
public record Column<T>(
    String table,
    int position,
    String name,
    ColumnType type,
    boolean required,
    @Nullable String references,
    boolean isIndexed,
    String description) {

  /** Whether this column names a row of a table. */
  public boolean isReference() {
    return references != null;
  }

  /** Whether this column names a row of that table. */
  public boolean refersTo(Table other) {
    return other.name().equals(references);
  }

  /** The table whose rows this column names, or empty where it names none. */
  public Optional<Table> target() {
    return Optional.ofNullable(references).flatMap(Catalog::find);
  }

  /** Table and column, as {@code prayers.author}. */
  @Override
  public String toString() {
    return table + "." + name;
  }
}
