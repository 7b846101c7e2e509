package org.thywill.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * The only connection that writes a view; for the ledger and the rebuild. Its reads include what it
 * has not committed yet.
 *
 * <p>The file is in WAL mode with {@code synchronous=NORMAL}: a power cut may take the last commits
 * from the view, never from the archive. The seq in the view says how far it got.
 */
public final class SqliteWriter extends SqliteReader {
  /**
   * How many pages the side file holds before it is copied to the database. Few large copies are
   * cheaper than many small ones.
   */
  private static final int WAL_PAGES = 8_000;

  /** Beyond this, a commit waits for readers so that the log can begin again. */
  static final long LOG_BYTES_MAX = 64_000_000;

  /** How long a commit waits for readers that keep the log. */
  private static final int READERS_WAIT_MILLIS = 500;

  private final ViewStatements statements = new ViewStatements(this);
  private final Path log;

  /** The size at which the log is cut next; larger after a reader could not be waited for. */
  private long logBytesMax = LOG_BYTES_MAX;

  private final Digest.Running digest;

  /** What the open transaction has done to the digest, in order. */
  private final List<Effect> effects = new ArrayList<>();

  private int effectsAtSavepoint;
  private long requestsAtSavepoint;

  /** The indexes that the view lacked when it was opened. */
  private final List<String> madeIndexes = new ArrayList<>();

  /** SQLite's count of the commits of other connections, as it was when the view was opened. */
  private long dataVersionAtOpening;

  private record Effect(Row row, boolean isAdded) {}

  private SqliteWriter(Path file, Connection connection, Digest digest) {
    super(connection);
    this.log = file.resolveSibling(file.getFileName() + "-wal");
    this.digest = new Digest.Running(digest);
  }

  /**
   * Creates an empty view of an archive. The file must not exist.
   *
   * @param community the id of the archive
   */
  public static SqliteWriter create(Path file, String community, long atMicros) throws IOException {
    SqliteWriter writer = new SqliteWriter(file, connect(file), Digest.empty());
    try {
      writer.begin();
      writer.statements.createBookkeeping();
      for (Table table : Catalog.TABLES) {
        writer.statements.createTable(table);
      }
      writer.statements.writeState(
          new ViewState(
              community, Catalog.VERSION, 0, atMicros, false, Digest.empty(), RequestSum.EMPTY));
      writer.commit();
      writer.dataVersionAtOpening = writer.dataVersion();
      return writer;
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** Opens a view that exists, and creates the indexes that it lacks. */
  public static SqliteWriter open(Path file) throws IOException {
    Connection connection = connect(file);
    SqliteReader reader = new SqliteReader(connection);
    try {
      SqliteWriter writer = new SqliteWriter(file, connection, reader.state().digest());
      writer.dataVersionAtOpening = writer.dataVersion();
      writer.createMissingIndexes();
      return writer;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** A view that an earlier version made may lack some. */
  private void createMissingIndexes() throws IOException {
    Set<String> present = names();
    for (Table table : Catalog.TABLES) {
      if (present.contains(table.name())) {
        for (Map.Entry<String, String> index : Ddl.createIndexes(table).entrySet()) {
          if (!present.contains(index.getKey())) {
            statements.execute(index.getValue());
            madeIndexes.add(index.getKey());
          }
        }
      }
    }
  }

  /**
   * Whether another connection has committed a change since this one was opened. Within a
   * transaction the answer holds until its end, because no other connection can commit meanwhile.
   */
  public boolean isChangedByOthers() throws IOException {
    return dataVersion() != dataVersionAtOpening;
  }

  /** The names of the indexes that the view lacked when it was opened, and that were made again. */
  public List<String> madeIndexes() {
    return List.copyOf(madeIndexes);
  }

  /**
   * Copies the write-ahead log to the database file.
   *
   * @return whether all of it was copied; otherwise another connection kept some from it
   */
  public boolean copyLog() throws IOException {
    try (ResultSet row = prepare("PRAGMA wal_checkpoint(PASSIVE)").executeQuery()) {
      return row.next() && row.getInt(1) == 0 && row.getInt(2) == row.getInt(3);
    } catch (SQLException e) {
      throw ViewException.of("cannot copy the log of the view", e);
    }
  }

  /**
   * Copies the log that a crash has left beside a database to the database, and removes it. It
   * remains if another process has the database open.
   */
  public static void removeLog(Path file) throws IOException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (SQLException e) {
      throw ViewException.of("cannot copy the log of the view", e);
    }
  }

  private long dataVersion() throws IOException {
    try (ResultSet row = prepare("PRAGMA data_version").executeQuery()) {
      if (!row.next()) {
        throw new IllegalStateException("SQLite has no data_version");
      }
      return row.getLong(1);
    } catch (SQLException e) {
      throw ViewException.of("cannot read the version of the view", e);
    }
  }

  /** The names of all tables and indexes. */
  private Set<String> names() throws IOException {
    Set<String> names = new HashSet<>();
    try (ResultSet rows = prepare("SELECT name FROM sqlite_master").executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw ViewException.of("cannot read the names of tables", e);
    }
  }

  private static Connection connect(Path file) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setGetGeneratedKeys(false);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES);
        // A log that a reader had kept gives its room back when it begins again.
        statement.execute("PRAGMA journal_size_limit = " + LOG_BYTES_MAX / 2);
      }
      return connection;
    } catch (SQLException e) {
      throw ViewException.of("cannot open " + file, e);
    }
  }

  /** The digest of all rows, including changes that are not committed. */
  public Digest digest() {
    return digest.digest();
  }

  /** Begins a transaction. */
  public void begin() throws IOException {
    step("BEGIN IMMEDIATE");
    effects.clear();
    effectsAtSavepoint = 0;
    statements.undoRequests(RequestSum.EMPTY);
  }

  /** Sets the point to which {@link #rollbackToSavepoint} returns. */
  public void savepoint() throws IOException {
    step("SAVEPOINT mark");
    effectsAtSavepoint = effects.size();
    requestsAtSavepoint = statements.requests();
  }

  /** Keeps what was applied since the savepoint. */
  public void releaseSavepoint() throws IOException {
    step("RELEASE mark");
  }

  /** Undoes what was applied since the savepoint. */
  public void rollbackToSavepoint() throws IOException {
    undoEffects(effectsAtSavepoint);
    statements.undoRequests(requestsAtSavepoint);
    step("ROLLBACK TO mark");
    step("RELEASE mark");
  }

  /** Undoes the transaction. */
  public void rollback() throws IOException {
    undoEffects(0);
    step("ROLLBACK");
  }

  private void undoEffects(int remaining) {
    while (effects.size() > remaining) {
      Effect effect = effects.removeLast();
      if (effect.isAdded()) {
        digest.remove(effect.row());
      } else {
        digest.add(effect.row());
      }
    }
  }

  /**
   * Applies a change within the open transaction.
   *
   * @throws ViewException if the change does not fit what is there: a row is added twice, or is
   *     changed or removed where there is none
   */
  public void apply(Change change) throws IOException {
    Optional<Row> old =
        change.operation() == Operation.ADDED
            ? Optional.empty()
            : find(change.table(), change.row().key());
    if (change.operation() != Operation.ADDED && old.isEmpty()) {
      throw ViewStatements.noSuchRow(change);
    }
    statements.apply(change);
    old.ifPresent(
        row -> {
          digest.remove(row);
          effects.add(new Effect(row, false));
        });
    if (change.operation() != Operation.REMOVED) {
      digest.add(change.row());
      effects.add(new Effect(change.row(), true));
    }
  }

  /**
   * Writes into the view the work that a recovery left, in place of that of an earlier one. This is
   * a transaction of its own.
   */
  public void writePendingRecovery(PendingRecovery recovery) throws IOException {
    begin();
    statements.writePendingRecovery(recovery);
    commit();
  }

  /** Removes the work that a recovery left, within the open transaction. */
  public void forgetRecovery() throws IOException {
    if (recovery().isPresent()) {
      statements.deletePendingRecovery();
    }
  }

  /** Records the transaction that a call with an idempotency key led to. */
  public void recordRequest(String idempotencyKey, SeqRange seqs) throws IOException {
    statements.recordRequest(idempotencyKey, seqs);
  }

  /**
   * Writes up to which change the view goes, within the open transaction.
   *
   * @param touched the tables whose digests may have changed
   */
  public void writeViewState(long seq, long atMicros, Set<Table> touched) throws IOException {
    statements.updateState(seq, atMicros, digest.digest(touched));
  }

  /**
   * Commits the transaction, and cuts the write-ahead log if it has become large.
   *
   * @throws ViewException if the commit fails, or the log cannot be copied; in the second case the
   *     transaction was made
   */
  public void commit() throws IOException {
    step("COMMIT");
    if (Files.size(log) > logBytesMax) {
      cutLog();
    }
  }

  /**
   * Copies the log to the database and empties it.
   *
   * <p>SQLite begins a log again only at a moment at which no one reads it. Where readers overlap
   * there is none, and the log would grow as long as they do. So this waits for those that read an
   * older state; new ones read the latest, which by then is in the database. A reader that stays
   * longer keeps the log, and this is tried again when it has grown by as much as it may.
   */
  private void cutLog() throws IOException {
    try {
      setBusyTimeout(READERS_WAIT_MILLIS);
      try (ResultSet row = prepare("PRAGMA wal_checkpoint(TRUNCATE)").executeQuery()) {
        boolean isCut = row.next() && row.getInt(1) == 0;
        logBytesMax = isCut ? LOG_BYTES_MAX : Files.size(log) + LOG_BYTES_MAX;
      } finally {
        setBusyTimeout(BUSY_TIMEOUT_MILLIS);
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot copy the log of the view", e);
    }
  }

  private void setBusyTimeout(int millis) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + millis);
    }
  }

  /** Applies the changes that follow the last one that the view holds, in one transaction. */
  public void catchUp(Iterable<Change> changes) throws IOException {
    long held = state().seq();
    begin();
    try {
      Change last = null;
      Set<Table> touched = new HashSet<>();
      for (Change change : changes) {
        if (change.seq() <= held) {
          continue;
        }
        apply(change);
        touched.add(change.table());
        String key = change.stamp().cause().idempotencyKey();
        if (!key.isEmpty()) {
          recordRequest(key, new SeqRange(change.stamp().first(), change.stamp().last()));
        }
        last = change;
      }
      if (last != null) {
        writeViewState(last.seq(), last.at(), touched);
      }
      commit();
    } catch (IOException | RuntimeException e) {
      rollback();
      throw e;
    }
  }

  /** Executes one of the few statements that every transaction needs. */
  private void step(String sql) throws IOException {
    try {
      prepare(sql).execute();
    } catch (SQLException e) {
      throw ViewException.of("the view refused " + sql, e);
    }
  }
}
