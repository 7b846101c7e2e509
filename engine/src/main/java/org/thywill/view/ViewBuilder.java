package org.thywill.view;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.btree.TableFileWriter;

/**
 * A view on its way, in a scratch file: no journal, no forces. Its tables are made here and filled
 * by {@link TableFileWriter}; single changes may follow. The file is good for nothing until {@link
 * #finish} has returned; after a crash it is thrown away.
 */
public final class ViewBuilder implements Closeable {
  private final SqliteReader reader;
  private final Connection connection;

  private ViewBuilder(Connection connection) {
    this.connection = connection;
    this.reader = new SqliteReader(connection);
  }

  /** Opens a scratch file, new or a copy of a view. */
  public static ViewBuilder open(Path file) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(16_384);
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setTempStore(SQLiteConfig.TempStore.FILE);
    config.setCacheSize(-4_000);
    try {
      return new ViewBuilder(config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw ViewException.of("cannot make " + file, e);
    }
  }

  public void begin() throws IOException {
    execute("BEGIN EXCLUSIVE");
  }

  public void commit() throws IOException {
    execute("COMMIT");
  }

  /** Makes the bookkeeping tables of a new view. */
  public void createBookkeeping() throws IOException {
    for (String sql : Ddl.BOOKKEEPING) {
      execute(sql);
    }
  }

  /** Makes an empty table with its indexes, in the place of one of that name. */
  public void createTable(Table table) throws IOException {
    execute("DROP TABLE IF EXISTS " + Ddl.quote(table.name()));
    execute(Ddl.createTable(table));
    for (String sql : Ddl.createIndexes(table).values()) {
      execute(sql);
    }
  }

  /** Where the empty b-trees of a table begin. */
  public TableFileWriter.Roots roots(Table table) throws IOException {
    List<TableFileWriter.Index> indexes = new ArrayList<>();
    indexes.add(new TableFileWriter.Index(root(Ddl.keyIndex(table)), table.keyPosition(), true));
    for (Column<?> column : table.columns()) {
      if (column.isIndexed()) {
        indexes.add(
            new TableFileWriter.Index(
                root(Ddl.index(table, column)), table.position(column.name()), false));
      }
    }
    return new TableFileWriter.Roots(table, Ddl.hasAddedAt(table), root(table.name()), indexes);
  }

  private int root(String name) throws IOException {
    try {
      PreparedStatement select =
          reader.prepare("SELECT rootpage FROM sqlite_master WHERE name = ?");
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException(name + " was not made");
        }
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read where " + name + " begins", e);
    }
  }

  /** Applies a change that does more than add a row of a new key. */
  public void apply(Change change) throws IOException {
    Row row = change.row();
    Table table = row.table();
    try {
      switch (change.operation()) {
        case REMOVED -> {
          PreparedStatement delete = reader.prepare(Ddl.delete(table));
          delete.setString(1, row.key());
          require(delete.executeUpdate() == 1, change);
        }
        case CHANGED -> {
          PreparedStatement update = reader.prepare(Ddl.update(table));
          int next = RowBinding.bind(update, row);
          update.setLong(next, change.seq());
          update.setString(next + 1, row.key());
          require(update.executeUpdate() == 1, change);
        }
        case ADDED -> {
          PreparedStatement insert = reader.prepare(Ddl.insert(table));
          SqliteWriter.bindNew(insert, change);
          insert.executeUpdate();
        }
      }
    } catch (SQLException e) {
      throw ViewException.of("change " + change.seq() + " does not fit", e);
    }
  }

  private static void require(boolean fits, Change change) throws ViewException {
    if (!fits) {
      throw ViewException.damaged(
          "change " + change.seq() + " is of " + change.row() + ", which was never added");
    }
  }

  /** Remembers which transactions clients' requests led to. */
  public void remember(Map<String, long[]> requests) throws IOException {
    try {
      PreparedStatement insert =
          reader.prepare("INSERT OR REPLACE INTO thywill_requests VALUES (?, ?, ?)");
      for (Map.Entry<String, long[]> request : requests.entrySet()) {
        insert.setString(1, request.getKey());
        insert.setLong(2, request.getValue()[0]);
        insert.setLong(3, request.getValue()[1]);
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot remember requests", e);
    }
  }

  /** The digest of some tables, computed from the rows as they stand in the file. */
  public Digest digest(Collection<Table> tables) throws IOException {
    return reader.computeDigest(tables);
  }

  /** Writes what the view holds and makes it an ordinary WAL file again. Not forced yet. */
  public void finish(ViewState state) throws IOException {
    execute("DELETE FROM thywill_view");
    execute("DELETE FROM thywill_digest");
    try {
      PreparedStatement insert = reader.prepare("INSERT INTO thywill_view VALUES (?, ?, ?, ?, ?)");
      insert.setString(1, state.community());
      insert.setInt(2, state.catalog());
      insert.setLong(3, state.seq());
      insert.setLong(4, state.at());
      insert.setInt(5, state.asOf() ? 1 : 0);
      insert.executeUpdate();
      PreparedStatement digest = reader.prepare("INSERT INTO thywill_digest VALUES (?, ?, ?)");
      for (var entry : state.digest().tables().entrySet()) {
        digest.setString(1, entry.getKey());
        digest.setLong(2, entry.getValue().rows());
        digest.setString(3, entry.getValue().hex());
        digest.executeUpdate();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
  }

  /** What a copied view says of itself. */
  public ViewState state() throws IOException {
    return reader.state();
  }

  private void execute(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw ViewException.of("the view refused " + sql.substring(0, Math.min(40, sql.length())), e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
