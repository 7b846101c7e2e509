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
 * @param legacy what it is, if the original had it
 */
public record SourceTable(
    SourceDatabase database, String name, Optional<LegacyTable> legacy, TableShape shape) {
  /**
   * SQLite's own table of the highest numbers given out; carried, but no table that anybody made.
   */
  public static final String SEQUENCE = "sqlite_sequence";

  public String lowerName() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Where it stands, as a change of the archive names its source. */
  public String source() {
    return database.name() + ":" + name;
  }

  /** Whether the keys of its rows may be secrets, of which the hash is the key here. */
  public boolean holdsSecretKeys() {
    return legacy.isPresent()
        && (legacy.get().name().equals(LegacyLayout.SESSION)
            || legacy.get().name().equals(LegacyLayout.INVITE_TOKEN));
  }

  /**
   * For each column, which column of the original it is; null for one that the original never had.
   */
  public @Nullable LegacyColumn[] known() {
    return legacy.isPresent()
        ? legacy.get().bind(shape.columnNames(), database.membersHaveIds())
        : new @Nullable LegacyColumn[shape.columns().size()];
  }

  /** Where a column stands by any spelling of case, or -1. */
  public int position(String lowerColumn) {
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).name().toLowerCase(Locale.ROOT).equals(lowerColumn)) {
        return i;
      }
    }
    return -1;
  }
}
