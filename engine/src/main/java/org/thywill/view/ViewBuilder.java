package org.thywill.view;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.view.btree.TableFileWriter;

/**
 * Builds a view in a scratch file, without a journal and without forces.
 *
 * <p>It creates the tables, {@link TableFileWriter} fills them, and single changes may follow. The
 * file cannot be used until {@link #finish} has returned; after a crash it is deleted.
 */
public final class ViewBuilder implements Closeable {
  private static final int PAGE_BYTES = 16_384;

  /** Negative: in KiB, not in pages. */
  private static final int CACHE_SIZE = -4_000;

  private final SqliteReader reader;
  private final ViewStatements statements;

  private ViewBuilder(Connection connection) {
    this.reader = new SqliteReader(connection);
    this.statements = new ViewStatements(reader);
  }

  /** Opens a scratch file, new or a copy of a view. */
  public static ViewBuilder open(Path file) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setTempStore(SQLiteConfig.TempStore.FILE);
    config.setCacheSize(CACHE_SIZE);
    try {
      return new ViewBuilder(config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw ViewException.of("cannot make " + file, e);
    }
  }

  /** Begins a transaction. */
  public void begin() throws IOException {
    statements.execute("BEGIN EXCLUSIVE");
  }

  /** Commits the transaction. */
  public void commit() throws IOException {
    statements.execute("COMMIT");
  }

  /** Creates the bookkeeping tables of a new view. */
  public void createBookkeeping() throws IOException {
    statements.createBookkeeping();
  }

  /** Creates an empty table with its indexes, in place of one of that name. */
  public void createTable(Table table) throws IOException {
    statements.execute("DROP TABLE IF EXISTS " + Ddl.quote(table.name()));
    statements.createTable(table);
  }

  /** The root pages of a table, which is empty. */
  public TableFileWriter.Roots roots(Table table) throws IOException {
    List<TableFileWriter.Index> indexes = new ArrayList<>();
    indexes.add(
        new TableFileWriter.Index(reader.root(Ddl.keyIndex(table)), table.keyPosition(), true));
    for (Column<?> column : table.columns()) {
      if (column.isIndexed()) {
        indexes.add(
            new TableFileWriter.Index(
                reader.root(Ddl.index(table, column)), column.position(), false));
      }
    }
    return new TableFileWriter.Roots(
        table, Ddl.hasAddedAt(table), reader.root(table.name()), indexes);
  }

  /**
   * Applies a change that does more than add a row of a new key.
   *
   * @throws ViewException if a row is added twice, or changed or removed where there is none
   */
  public void apply(Change change) throws IOException {
    statements.apply(change);
  }

  /** Records the transactions that calls with idempotency keys led to. */
  public void recordRequests(Map<String, SeqRange> requests) throws IOException {
    for (Map.Entry<String, SeqRange> request : requests.entrySet()) {
      statements.recordRequest(request.getKey(), request.getValue());
    }
  }

  /** The digest of some tables, computed from the rows in the file. */
  public Digest digest(Collection<Table> tables) throws IOException {
    return reader.computeDigest(tables);
  }

  /** Writes what the view says of itself, within the open transaction. Nothing is forced. */
  public void finish(ViewState state) throws IOException {
    statements.writeState(state);
  }

  /** What a copied view says of itself. */
  public ViewState state() throws IOException {
    return reader.state();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
