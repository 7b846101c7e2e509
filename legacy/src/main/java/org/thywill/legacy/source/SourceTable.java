package org.thywill.legacy.source;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.TableShape;

/**
 * One table of a source.
 *
 * @param name as the source spells it
 * @param original the original's table that it is; null if the original had none of this name
 */
public record SourceTable(
    SourceDatabase database, String name, @Nullable LegacyTable original, TableShape shape) {
  /** SQLite's own table of the highest numbers assigned; carried, but created by SQLite itself. */
  public static final String SEQUENCE = "sqlite_sequence";

  /** The original's table that it is; empty if the original had none of this name. */
  public Optional<LegacyTable> legacy() {
    return Optional.ofNullable(original);
  }

  /** The name in lower case. */
  public String lowerName() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** File and table, as a change of the archive names its source. */
  public String source() {
    return database.name() + ":" + name;
  }

  /** Whether the keys of its rows may be secrets; our key is then their hash. */
  public boolean holdsSecretKeys() {
    return original != null
        && (original.name().equals(LegacyLayout.SESSION)
            || original.name().equals(LegacyLayout.INVITE_TOKEN));
  }

  /**
   * For each column, the original's column that it is; null for one that the original never had.
   */
  public @Nullable LegacyColumn[] known() {
    return original != null
        ? original.bind(shape.columnNames(), database.membersHaveIds())
        : new @Nullable LegacyColumn[shape.columns().size()];
  }

  /** The position of a column, in any case, or -1. */
  public int position(String lowerColumn) {
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).name().toLowerCase(Locale.ROOT).equals(lowerColumn)) {
        return i;
      }
    }
    return -1;
  }
}
