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
import org.thywill.archive.repair.LiveRowSource;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;

/**
 * The rows of the live database, for a repair. A table is used only if its rows are those that the
 * program wrote, which the digest tells that it keeps with every change; one that cannot be read,
 * or belongs to another community, has no rows.
 */
final class ViewRowSource implements LiveRowSource, Closeable {
  private final Optional<SqliteReader> view;
  private final Map<Table, Boolean> proven = new HashMap<>();

  private ViewRowSource(Optional<SqliteReader> view) {
    this.view = view;
  }

  /** The rows of a database, or none where there is no such database of this community. */
  static ViewRowSource of(Path database, Optional<String> community) throws IOException {
    if (community.isEmpty() || !Files.isRegularFile(database)) {
      return new ViewRowSource(Optional.empty());
    }
    SqliteReader view = SqliteReader.open(database);
    try {
      ViewState state = view.state();
      if (state.community().equals(community.get()) && state.catalog() == Catalog.VERSION) {
        return new ViewRowSource(Optional.of(view));
      }
    } catch (ViewException e) {
      // What cannot be read has no rows; the repair does without.
    }
    view.close();
    return new ViewRowSource(Optional.empty());
  }

  @Override
  public Optional<Row> find(Table table, String key) throws IOException {
    if (view.isEmpty()) {
      return Optional.empty();
    }
    try {
      Boolean known = proven.get(table);
      if (known == null) {
        known = isProven(view.get(), table);
        proven.put(table, known);
      }
      return known ? view.get().find(table, key) : Optional.empty();
    } catch (ViewException e) {
      proven.put(table, false); // a damaged database proves nothing
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
    if (view.isPresent()) {
      view.get().close();
    }
  }
}
