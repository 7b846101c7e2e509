package org.thywill.operations.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.repair.LiveRowSource;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;

/**
 * The rows of the live database as a source for a repair.
 *
 * <p>A table is used only if its rows are those that the program wrote: their digest must be the
 * one that the database keeps with every change. A database that cannot be read, or belongs to
 * another community, has no rows.
 */
final class ViewRowSource implements LiveRowSource, Closeable {
  private final @Nullable SqliteReader view;
  private final Map<Table, Boolean> proven = new HashMap<>();

  private ViewRowSource(@Nullable SqliteReader view) {
    this.view = view;
  }

  /**
   * The rows of a database; none if it is not a database of this community.
   *
   * @param community the id of the archive's community; null if that is lost
   */
  static ViewRowSource of(Path database, @Nullable String community) throws IOException {
    if (community == null || !Files.isRegularFile(database)) {
      return new ViewRowSource(null);
    }
    SqliteReader view = SqliteReader.open(database);
    try {
      ViewState state = view.state();
      if (state.community().equals(community) && state.catalog() == Catalog.VERSION) {
        return new ViewRowSource(view);
      }
    } catch (ViewException e) {
      // What cannot be read has no rows; the repair does without.
    }
    view.close();
    return new ViewRowSource(null);
  }

  @Override
  public Optional<Row> find(Table table, String key) throws IOException {
    if (view == null) {
      return Optional.empty();
    }
    try {
      Boolean known = proven.get(table);
      if (known == null) {
        known = isProven(view, table);
        proven.put(table, known);
      }
      return known ? view.find(table, key) : Optional.empty();
    } catch (ViewException e) {
      proven.put(table, false); // A damaged database proves nothing.
      return Optional.empty();
    }
  }

  private static boolean isProven(SqliteReader view, Table table) throws IOException {
    return view.exists(table)
        && Objects.equals(
            view.computeDigest(List.of(table)).tables().get(table.name()),
            view.state().digest().tables().get(table.name()));
  }

  @Override
  public void close() throws IOException {
    if (view != null) {
      view.close();
    }
  }
}
