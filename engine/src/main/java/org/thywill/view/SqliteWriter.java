package org.thywill.view;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
 * The one connection that writes a view: for the ledger and the rebuild alone. What it reads
 * includes what it has not committed yet.
 *
 * <p>The file is in WAL mode with {@code synchronous=NORMAL}: a power cut may take the last commits
 * from the view, never from the archive, and the view's seq tells how far it got.
 */
public final class SqliteWriter extends SqliteReader {
  /**
   * How long the side file grows before it is copied to the database; in one go that is cheaper
   * than in many.
   */
  private static final int WAL_PAGES = 8_000;

  private final Digest.Running digest;
  private final List<Effect> effects = new ArrayList<>();
  private int marked;

  /** What a change within the open transaction did to the digest. */
  private record Effect(Row row, boolean added) {}

  private SqliteWriter(Connection connection, Digest digest) {
    super(connection);
    this.digest = new Digest.Running(digest);
  }

  /** Makes an empty view of an archive. The file must not exist. */
  public static SqliteWriter create(Path file, String community, long at) throws IOException {
    SqliteWriter writer = new SqliteWriter(connect(file), Digest.empty());
    try {
      writer.begin();
      for (String sql : Ddl.BOOKKEEPING) {
        writer.execute(sql);
      }
      for (Table table : Catalog.TABLES) {
        writer.execute(Ddl.createTable(table));
        for (String sql : Ddl.createIndexes(table).values()) {
          writer.execute(sql);
        }
      }
      writer.initialise(new ViewState(community, Catalog.VERSION, 0, at, false, Digest.empty()));
      writer.commit();
      return writer;
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** Opens a view that exists; gives it the indexes that it lacks. */
  public static SqliteWriter open(Path file) throws IOException {
    Connection connection = connect(file);
    SqliteReader reader = new SqliteReader(connection);
    try {
      SqliteWriter writer = new SqliteWriter(connection, reader.state().digest());
      writer.createMissingIndexes();
      return writer;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** A view that an earlier version made may lack some. */
  private void createMissingIndexes() throws IOException {
    Set<String> there = names();
    for (Table table : Catalog.TABLES) {
      if (there.contains(table.name())) {
        for (Map.Entry<String, String> index : Ddl.createIndexes(table).entrySet()) {
          if (!there.contains(index.getKey())) {
            execute(index.getValue());
          }
        }
      }
    }
  }

  /** Of all tables and indexes. */
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
    config.setBusyTimeout(10_000);
    config.setGetGeneratedKeys(false);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES);
      }
      return connection;
    } catch (SQLException e) {
      throw ViewException.of("cannot open " + file, e);
    }
  }

  void initialise(ViewState state) throws IOException {
    execute("DELETE FROM thywill_view");
    try {
      PreparedStatement insert = prepare("INSERT INTO thywill_view VALUES (?, ?, ?, ?, ?)");
      insert.setString(1, state.community());
      insert.setInt(2, state.catalog());
      insert.setLong(3, state.seq());
      insert.setLong(4, state.at());
      insert.setInt(5, state.asOf() ? 1 : 0);
      insert.executeUpdate();
      for (var entry : state.digest().tables().entrySet()) {
        writeDigest(entry.getKey(), entry.getValue().rows(), entry.getValue().hex());
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
  }

  private void writeDigest(String table, long rows, String hex) throws SQLException {
    PreparedStatement replace = prepare("INSERT OR REPLACE INTO thywill_digest VALUES (?, ?, ?)");
    replace.setString(1, table);
    replace.setLong(2, rows);
    replace.setString(3, hex);
    replace.executeUpdate();
  }

  /** The digest with all that was applied, committed or not. */
  public Digest digest() {
    return digest.digest();
  }

  public void begin() throws IOException {
    step("BEGIN IMMEDIATE");
    effects.clear();
    marked = 0;
  }

  /** Marks a place to which {@link #rollbackToSavepoint} goes back. */
  public void savepoint() throws IOException {
    step("SAVEPOINT mark");
    marked = effects.size();
  }

  public void releaseSavepoint() throws IOException {
    step("RELEASE mark");
  }

  /** Takes back what was applied since the mark. */
  public void rollbackToSavepoint() throws IOException {
    undoTo(marked);
    step("ROLLBACK TO mark");
    step("RELEASE mark");
  }

  /** Takes back all that was applied since {@link #begin}. */
  public void rollback() throws IOException {
    undoTo(0);
    step("ROLLBACK");
  }

  private void undoTo(int count) {
    while (effects.size() > count) {
      Effect effect = effects.removeLast();
      if (effect.added()) {
        digest.remove(effect.row());
      } else {
        digest.add(effect.row());
      }
    }
  }

  /**
   * Applies a change within the open transaction.
   *
   * @throws IOException if the change does not fit what is there: a row added twice, or changed or
   *     removed where there is none
   */
  public void apply(Change change) throws IOException {
    Table table = change.table();
    Optional<Row> old =
        change.operation() == Operation.ADDED ? Optional.empty() : find(table, change.row().key());
    if (change.operation() != Operation.ADDED && old.isEmpty()) {
      throw ViewException.damaged(
          "change " + change.seq() + " is of " + change.row() + ", which the view does not have");
    }
    try {
      switch (change.operation()) {
        case ADDED -> {
          PreparedStatement insert = prepare(Ddl.insert(table));
          bindNew(insert, change);
          insert.executeUpdate();
        }
        case CHANGED -> {
          PreparedStatement update = prepare(Ddl.update(table));
          int next = RowBinding.bind(update, change.row());
          update.setLong(next, change.seq());
          update.setString(next + 1, change.row().key());
          update.executeUpdate();
        }
        case REMOVED -> {
          PreparedStatement delete = prepare(Ddl.delete(table));
          delete.setString(1, change.row().key());
          delete.executeUpdate();
        }
      }
    } catch (SQLException e) {
      throw ViewException.of("change " + change.seq() + " does not fit the view", e);
    }
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
   * Leaves a note of a recovery in the view, in the place of an earlier one. A transaction of its
   * own.
   */
  public void writePendingRecovery(PendingRecovery note) throws IOException {
    begin();
    execute(Ddl.RECOVERY);
    execute("DELETE FROM " + Ddl.RECOVERY_TABLE);
    writePendingRecovery(note.accepted() ? Ddl.ACCEPTED : Ddl.LACKING, 0, note.seq(), "", "");
    for (PendingRecovery.Lost lost : note.lost()) {
      writePendingRecovery(
          Ddl.LOST, lost.first(), lost.last(), String.join(",", lost.tables()), "");
    }
    for (PendingRecovery.Decision decision : note.decisions()) {
      writePendingRecovery(Ddl.DECISION, decision.instead(), 0, decision.line(), decision.who());
    }
    commit();
  }

  private void writePendingRecovery(String kind, long first, long last, String text, String who)
      throws IOException {
    try {
      PreparedStatement insert =
          prepare(
              "INSERT INTO "
                  + Ddl.RECOVERY_TABLE
                  + " (kind, first, last, text, who) VALUES (?, ?, ?, ?, ?)");
      insert.setString(1, kind);
      insert.setLong(2, first);
      insert.setLong(3, last);
      insert.setString(4, text);
      insert.setString(5, who);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw ViewException.of("cannot note the recovery", e);
    }
  }

  /** Takes the note of a recovery away, within the open transaction. */
  public void forgetRecovery() throws IOException {
    if (recovery().isPresent()) {
      execute("DELETE FROM " + Ddl.RECOVERY_TABLE);
    }
  }

  static void bindNew(PreparedStatement insert, Change change) throws SQLException {
    int next = RowBinding.bind(insert, change.row());
    insert.setLong(next, change.seq());
    if (Ddl.hasAddedAt(change.table())) {
      insert.setLong(next + 1, change.at());
    }
  }

  /** Remembers which transaction a client's request led to. */
  public void recordRequest(String request, long first, long last) throws IOException {
    try {
      PreparedStatement insert =
          prepare("INSERT OR REPLACE INTO thywill_requests VALUES (?, ?, ?)");
      insert.setString(1, request);
      insert.setLong(2, first);
      insert.setLong(3, last);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw ViewException.of("cannot remember a request", e);
    }
  }

  /**
   * Writes up to which change the view goes, and the digest of the tables that were touched; still
   * within the transaction.
   */
  public void writeViewState(long seq, long at, Set<Table> touched) throws IOException {
    try {
      PreparedStatement update = prepare("UPDATE thywill_view SET seq = ?, at = ?");
      update.setLong(1, seq);
      update.setLong(2, at);
      update.executeUpdate();
      Digest now = digest.digest(touched);
      for (var entry : now.tables().entrySet()) {
        writeDigest(entry.getKey(), entry.getValue().rows(), entry.getValue().hex());
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
  }

  public void commit() throws IOException {
    step("COMMIT");
  }

  /**
   * Brings the view up to date with changes that follow the last one it holds, in one transaction.
   */
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
        String request = change.stamp().cause().idempotencyKey();
        if (!request.isEmpty()) {
          recordRequest(request, change.stamp().first(), change.stamp().last());
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

  /** Executes one of the few statements that come with every transaction. */
  private void step(String sql) throws IOException {
    try {
      prepare(sql).execute();
    } catch (SQLException e) {
      throw ViewException.of("the view refused " + sql, e);
    }
  }

  void execute(String sql) throws IOException {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw ViewException.of("the view refused " + sql.substring(0, Math.min(40, sql.length())), e);
    }
  }
}
