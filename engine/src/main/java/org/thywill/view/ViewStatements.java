package org.thywill.view;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/** The SQL statements that write a view, whether it is served or still being built. */
final class ViewStatements {
  private static final int SQL_SHOWN_MAX = 40;

  private final SqliteReader view;

  /** What the requests that were recorded since the state was written add to its sum. */
  private long requests = RequestSum.EMPTY;

  ViewStatements(SqliteReader view) {
    this.view = view;
  }

  /** Executes a statement that is needed once. */
  void execute(String sql) throws IOException {
    try (Statement statement = view.connection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      String shown = sql.substring(0, Math.min(SQL_SHOWN_MAX, sql.length()));
      throw ViewException.of("the view refused " + shown, e);
    }
  }

  void createBookkeeping() throws IOException {
    for (String sql : Ddl.BOOKKEEPING) {
      execute(sql);
    }
  }

  /** Creates an empty table and its indexes. */
  void createTable(Table table) throws IOException {
    execute(Ddl.createTable(table));
    for (String sql : Ddl.createIndexes(table).values()) {
      execute(sql);
    }
  }

  /**
   * Applies a change.
   *
   * @throws ViewException if a row is added twice, or changed or removed where there is none
   */
  void apply(Change change) throws IOException {
    int rows;
    try {
      rows =
          switch (change.operation()) {
            case ADDED -> insert(change);
            case CHANGED -> update(change);
            case REMOVED -> delete(change.row());
          };
    } catch (SQLException e) {
      throw ViewException.of("change " + change.seq() + " does not fit the view", e);
    }
    if (rows != 1) {
      throw noSuchRow(change);
    }
  }

  private int insert(Change change) throws SQLException {
    PreparedStatement insert = view.prepare(Ddl.insert(change.table()));
    int next = RowBinding.bind(insert, change.row());
    insert.setLong(next, change.seq());
    if (Ddl.hasAddedAt(change.table())) {
      insert.setLong(next + 1, change.at());
    }
    return insert.executeUpdate();
  }

  private int update(Change change) throws SQLException {
    PreparedStatement update = view.prepare(Ddl.update(change.table()));
    int next = RowBinding.bind(update, change.row());
    update.setLong(next, change.seq());
    update.setString(next + 1, change.row().key());
    return update.executeUpdate();
  }

  private int delete(Row row) throws SQLException {
    PreparedStatement delete = view.prepare(Ddl.delete(row.table()));
    delete.setString(1, row.key());
    return delete.executeUpdate();
  }

  /** The failure of a change or removal of a row that is not there. */
  static ViewException noSuchRow(Change change) {
    return ViewException.damaged(
        "change " + change.seq() + " is of " + change.row() + ", which the view does not have");
  }

  /** Writes what a view says of itself, in place of what it said before. */
  void writeState(ViewState state) throws IOException {
    execute("DELETE FROM thywill_view");
    execute("DELETE FROM thywill_digest");
    try {
      PreparedStatement insert = view.prepare("INSERT INTO thywill_view VALUES (?, ?, ?, ?, ?, ?)");
      insert.setString(1, state.community());
      insert.setInt(2, state.catalog());
      insert.setLong(3, state.seq());
      insert.setLong(4, state.atMicros());
      insert.setInt(5, state.asOf() ? 1 : 0);
      insert.setLong(6, RequestSum.plus(state.requests(), requests));
      insert.executeUpdate();
      requests = RequestSum.EMPTY;
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
    writeDigest(state.digest());
  }

  /**
   * Writes up to which change the view goes.
   *
   * @param digest of the tables that were touched
   */
  void updateState(long seq, long atMicros, Digest digest) throws IOException {
    try {
      PreparedStatement update =
          view.prepare(
              "UPDATE thywill_view SET seq = ?, at = ?, requests = (requests + ?) & "
                  + RequestSum.MASK);
      update.setLong(1, seq);
      update.setLong(2, atMicros);
      update.setLong(3, requests);
      update.executeUpdate();
      requests = RequestSum.EMPTY;
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
    writeDigest(digest);
  }

  private void writeDigest(Digest digest) throws IOException {
    try {
      PreparedStatement replace =
          view.prepare("INSERT OR REPLACE INTO thywill_digest VALUES (?, ?, ?)");
      for (Map.Entry<String, Digest.Entry> table : digest.tables().entrySet()) {
        replace.setString(1, table.getKey());
        replace.setLong(2, table.getValue().rows());
        replace.setString(3, table.getValue().hex());
        replace.executeUpdate();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot write what the view holds", e);
    }
  }

  /**
   * Records the transaction that a call with an idempotency key led to, in place of an earlier one.
   */
  void recordRequest(String idempotencyKey, SeqRange seqs) throws IOException {
    try {
      if (insertRequest("INSERT OR IGNORE", idempotencyKey, seqs) == 0) {
        SeqRange earlier = view.request(idempotencyKey).orElseThrow();
        requests = RequestSum.minus(requests, RequestSum.of(idempotencyKey, earlier));
        insertRequest("INSERT OR REPLACE", idempotencyKey, seqs);
      }
      requests = RequestSum.plus(requests, RequestSum.of(idempotencyKey, seqs));
    } catch (SQLException e) {
      throw ViewException.of("cannot record a request", e);
    }
  }

  private int insertRequest(String verb, String idempotencyKey, SeqRange seqs) throws SQLException {
    PreparedStatement insert = view.prepare(verb + " INTO thywill_requests VALUES (?, ?, ?)");
    insert.setString(1, idempotencyKey);
    insert.setLong(2, seqs.first());
    insert.setLong(3, seqs.last());
    return insert.executeUpdate();
  }

  /** What the requests that were recorded since the state was written add to its sum. */
  long requests() {
    return requests;
  }

  /** Takes back what was recorded since {@link #requests} was this. */
  void undoRequests(long before) {
    requests = before;
  }

  /** Writes the work that a recovery left, in place of that of an earlier one. */
  void writePendingRecovery(PendingRecovery recovery) throws IOException {
    execute(Ddl.RECOVERY);
    deletePendingRecovery();
    insertRecovery(recovery.accepted() ? Ddl.ACCEPTED : Ddl.LACKING, 0, recovery.seq(), "", "");
    for (PendingRecovery.Lost lost : recovery.lost()) {
      insertRecovery(Ddl.LOST, lost.first(), lost.last(), String.join(",", lost.tables()), "");
    }
    for (PendingRecovery.Decision decision : recovery.decisions()) {
      insertRecovery(Ddl.DECISION, decision.instead(), 0, decision.line(), decision.who());
    }
  }

  void deletePendingRecovery() throws IOException {
    execute("DELETE FROM " + Ddl.RECOVERY_TABLE);
  }

  private void insertRecovery(String kind, long first, long last, String text, String who)
      throws IOException {
    try {
      PreparedStatement insert =
          view.prepare(
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
}
