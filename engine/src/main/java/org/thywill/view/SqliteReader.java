package org.thywill.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sqlite.SQLiteConfig;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.TableDigest;
import org.thywill.view.btree.TableFileWriter;

/** Reads a view from an SQLite file, through a connection of its own. */
public class SqliteReader implements ViewReader {
  /** The last column of the table that says what the view holds. */
  private static final int REQUESTS = 6;

  static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  SqliteReader(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a view that exists, for reading only.
   *
   * @throws NoSuchFileException if there is no such file
   * @throws ViewException if it is not a database
   */
  public static SqliteReader open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no database there");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    try {
      return new SqliteReader(config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw ViewException.of("cannot open " + file, e);
    }
  }

  /** Fixes what this reader shows to the present state, whatever is written later. */
  public void pin() throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
    } catch (SQLException e) {
      throw ViewException.of("cannot read the view as it is", e);
    }
    state(); // a transaction shows what was there at its first read
  }

  Connection connection() {
    return connection;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  @Override
  public ViewState state() throws IOException {
    try (Statement statement = connection.createStatement()) {
      Map<String, Digest.Entry> digest = new LinkedHashMap<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT table_name, row_count, hex FROM thywill_digest")) {
        while (rows.next()) {
          digest.put(rows.getString(1), new Digest.Entry(rows.getLong(2), rows.getString(3)));
        }
      }
      try (ResultSet row = statement.executeQuery("SELECT * FROM thywill_view")) {
        if (!row.next()) {
          throw ViewException.damaged("the view does not say what it holds");
        }
        return new ViewState(
            row.getString(1),
            row.getInt(2),
            row.getLong(3),
            row.getLong(4),
            row.getInt(5) != 0,
            new Digest(digest),
            // A view of an earlier catalog, which is rebuilt, has no such column.
            row.getMetaData().getColumnCount() < REQUESTS
                ? RequestSum.EMPTY
                : row.getLong(REQUESTS));
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read what the view holds", e);
    }
  }

  @Override
  public Optional<PendingRecovery> recovery() throws IOException {
    if (!exists("table", Ddl.RECOVERY_TABLE)) {
      return Optional.empty(); // the ledger made the view, or an early version of the program
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT kind, first, last, text, who FROM "
                    + Ddl.RECOVERY_TABLE
                    + " ORDER BY position")) {
      return rows.next() ? Optional.of(readRecovery(rows)) : Optional.empty();
    } catch (SQLException e) {
      throw ViewException.of("cannot read what the last recovery left to be done", e);
    }
  }

  /** Reads the first row, at which the result is, and those that follow. */
  private static PendingRecovery readRecovery(ResultSet rows) throws SQLException {
    boolean isAccepted = rows.getString(1).equals(Ddl.ACCEPTED);
    long seq = rows.getLong(3);
    List<PendingRecovery.Lost> lost = new ArrayList<>();
    List<PendingRecovery.Decision> decisions = new ArrayList<>();
    while (rows.next()) {
      if (rows.getString(1).equals(Ddl.LOST)) {
        lost.add(
            new PendingRecovery.Lost(
                rows.getLong(2), rows.getLong(3), List.of(rows.getString(4).split(","))));
      } else {
        decisions.add(
            new PendingRecovery.Decision(rows.getString(4), rows.getString(5), rows.getLong(2)));
      }
    }
    return new PendingRecovery(seq, List.copyOf(lost), isAccepted, List.copyOf(decisions));
  }

  @Override
  public boolean has(Table table, String key) throws IOException {
    try {
      PreparedStatement select = prepare(Ddl.selectKey(table));
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  @Override
  public Optional<Row> find(Table table, String key) throws IOException {
    try {
      PreparedStatement select = prepare(Ddl.selectByKey(table));
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(RowBinding.read(table, row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  @Override
  public <T> List<Row> findBy(Column<T> column, T value) throws IOException {
    Table table = Catalog.find(column.table()).orElseThrow();
    return rows(Query.of(table).eq(column, value));
  }

  @Override
  public List<Row> rows(Query query) throws IOException {
    try {
      return found(query.table(), bound(query.select(), query.values()));
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + query.table(), e);
    }
  }

  @Override
  public long count(Query query) throws IOException {
    try (ResultSet row = bound(query.count(), query.values()).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + query.table(), e);
    }
  }

  @Override
  public SortedMap<LocalDate, Long> countPerDay(Query query, Column<Long> column)
      throws IOException {
    SortedMap<LocalDate, Long> days = new TreeMap<>();
    try (ResultSet row =
        bound(query.countPerDay(query.own(column)), query.values()).executeQuery()) {
      while (row.next()) {
        days.put(LocalDate.ofEpochDay(row.getLong(1)), row.getLong(2));
      }
      return days;
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + query.table(), e);
    }
  }

  @Override
  public List<Row> lastOfEach(Column<String> column, Collection<String> values) throws IOException {
    Table table = Catalog.find(column.table()).orElseThrow();
    if (values.isEmpty()) {
      return List.of();
    }
    ColumnType type = column.type();
    try {
      return found(
          table,
          bound(
              Query.lastOfEach(table, column.name(), values.size()),
              values.stream().map(value -> new Query.Value(type, value)).toList()));
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  private PreparedStatement bound(String sql, List<Query.Value> values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    for (int i = 0; i < values.size(); i++) {
      RowBinding.bind(statement, i + 1, values.get(i).type(), values.get(i).value());
    }
    return statement;
  }

  private static List<Row> found(Table table, PreparedStatement select) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(RowBinding.read(table, rows));
      }
    }
    return found;
  }

  @Override
  public void forEach(Table table, RowSink sink) throws IOException {
    each(table, Ddl.select(table) + " ORDER BY " + Ddl.quote(table.keyColumn().name()), sink);
  }

  private void each(Table table, String sql, RowSink sink) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        sink.accept(RowBinding.read(table, rows));
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  /**
   * Makes SQLite check every page of the file.
   *
   * @throws ViewException if a page is damaged
   */
  public void requireSound() throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      String found = row.next() ? row.getString(1) : "nothing";
      if (!"ok".equals(found)) {
        throw ViewException.damaged("SQLite's check of the file says: " + found);
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot check the file", e);
    }
  }

  /**
   * Requires that every table of the catalog is there with all its columns; an operator may have
   * changed them. SQLite would read the quoted name of a missing column as a text.
   *
   * @throws ViewException if one is missing
   */
  public void requireTables() throws IOException {
    for (Table table : Catalog.TABLES) {
      List<String> missing = new ArrayList<>(Ddl.expectedColumns(table));
      missing.removeAll(columnsOf(table));
      if (!missing.isEmpty()) {
        throw ViewException.damaged(
            "the table " + table.name() + " is missing, or lacks " + String.join(", ", missing));
      }
    }
  }

  /** The names of the columns that a table has; none if there is no such table. */
  private List<String> columnsOf(Table table) throws IOException {
    List<String> columns = new ArrayList<>();
    try {
      PreparedStatement select = prepare("SELECT name FROM pragma_table_info(?)");
      select.setString(1, table.name());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
      return columns;
    } catch (SQLException e) {
      throw ViewException.of("cannot read the columns of " + table, e);
    }
  }

  /** Whether the table exists; an operator may have dropped it. */
  public boolean exists(Table table) throws IOException {
    return exists("table", table.name());
  }

  private boolean exists(String type, String name) throws IOException {
    try {
      PreparedStatement select =
          prepare("SELECT count(*) FROM sqlite_master WHERE type = ? AND name = ?");
      select.setString(1, type);
      select.setString(2, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getInt(1) == 1;
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read the names of tables", e);
    }
  }

  /** The page where the b-tree of a table or index begins. */
  int root(String name) throws IOException {
    try {
      PreparedStatement select = prepare("SELECT rootpage FROM sqlite_master WHERE name = ?");
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw ViewException.damaged(name + " is missing");
        }
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read where " + name + " begins", e);
    }
  }

  /** Where the rows of each table begin in the file; tables that are missing are left out. */
  public List<TableFileWriter.Roots> tableRoots() throws IOException {
    List<TableFileWriter.Roots> roots = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      if (exists(table)) {
        roots.add(
            new TableFileWriter.Roots(table, Ddl.hasAddedAt(table), root(table.name()), List.of()));
      }
    }
    return roots;
  }

  /**
   * What another program has added to the schema or changed in it: triggers, views, tables and
   * indexes. A trigger changes rows while the ledger writes others.
   */
  public List<String> foreignObjects() throws IOException {
    Map<String, String> own = Ddl.statements();
    List<String> foreign = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT type, name, sql FROM sqlite_master")) {
      while (rows.next()) {
        String name = rows.getString(2);
        if (!name.startsWith("sqlite_") && !Objects.equals(own.get(name), rows.getString(3))) {
          foreign.add(rows.getString(1) + " " + name);
        }
      }
      return foreign;
    } catch (SQLException e) {
      throw ViewException.of("cannot read the names of what the database has", e);
    }
  }

  /**
   * Whether SQLite finds each row by each index, and nothing else.
   *
   * @throws ViewException if the file is damaged so that it cannot be read
   */
  public boolean hasSoundIndexes() throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
      return row.next() && "ok".equals(row.getString(1));
    } catch (SQLException e) {
      throw ViewException.of("cannot check the file", e);
    }
  }

  /** The names of the indexes that the program makes and the database lacks. */
  public List<String> missingIndexes() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      for (String index : Ddl.createIndexes(table).keySet()) {
        if (!exists("index", index)) {
          missing.add(index);
        }
      }
    }
    return missing;
  }

  /** A cursor over all rows, in the order of their keys. */
  public RowCursor cursor(Table table) throws IOException {
    try {
      return new RowCursor(
          table,
          connection.createStatement(),
          Ddl.select(table) + " ORDER BY " + Ddl.quote(table.keyColumn().name()));
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  /** Copies the database, including its side files, to a new file. */
  public void copyTo(Path target) throws IOException {
    try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, target.toString());
      vacuum.execute();
    } catch (SQLException e) {
      throw ViewException.of("cannot copy the database", e);
    }
  }

  @Override
  public long count(Table table) throws IOException {
    return count(Query.of(table));
  }

  @Override
  public Optional<Long> seqOf(Table table, String key) throws IOException {
    return bookkeeping(table, Ddl.SEQ, key);
  }

  /** Whether a row has a value in a column and was last changed at or before a seq. */
  public boolean holds(Table table, String column, String value, long seq) throws IOException {
    try {
      PreparedStatement select =
          prepare(
              "SELECT 1 FROM "
                  + Ddl.quote(table.name())
                  + " WHERE "
                  + Ddl.quote(column)
                  + " = ? AND "
                  + Ddl.SEQ
                  + " <= ? LIMIT 1");
      select.setString(1, value);
      select.setLong(2, seq);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  /** When a row that has a page was first written, in microseconds since 1970. */
  public Optional<Long> addedAt(Table table, String key) throws IOException {
    return bookkeeping(table, Ddl.ADDED_AT, key);
  }

  /** Receives the key of a row, and when it was first written, in microseconds since 1970. */
  @FunctionalInterface
  public interface AddedAtSink {
    void accept(String key, long addedAtMicros) throws IOException;
  }

  /** Passes the keys of a table whose rows have pages to a sink, one by one, in no order. */
  public void forEachAddedAt(Table table, AddedAtSink sink) throws IOException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT "
                    + Ddl.quote(table.keyColumn().name())
                    + ", "
                    + Ddl.ADDED_AT
                    + " FROM "
                    + Ddl.quote(table.name()));
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        sink.accept(rows.getString(1), rows.getLong(2));
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  private Optional<Long> bookkeeping(Table table, String column, String key) throws IOException {
    try {
      PreparedStatement select =
          prepare(
              "SELECT "
                  + column
                  + " FROM "
                  + Ddl.quote(table.name())
                  + " WHERE "
                  + Ddl.quote(table.keyColumn().name())
                  + " = ?");
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read " + table, e);
    }
  }

  @Override
  public Digest computeDigest() throws IOException {
    List<Table> present = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      if (exists(table)) {
        present.add(table);
      }
    }
    return computeDigest(present);
  }

  /** The digest of some tables, which must exist, computed from their rows. */
  public Digest computeDigest(Collection<Table> tables) throws IOException {
    Map<String, Digest.Entry> entries = new LinkedHashMap<>();
    for (Table table : tables) {
      TableDigest digest = new TableDigest();
      each(table, Ddl.select(table), digest::add);
      entries.put(table.name(), new Digest.Entry(digest.rows(), digest.hex()));
    }
    return new Digest(entries);
  }

  /** The sum of the requests as they are in the view ({@link ViewState#requests}). */
  public long computeRequests() throws IOException {
    long sum = RequestSum.EMPTY;
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT request, first, last FROM thywill_requests")) {
      while (rows.next()) {
        SeqRange seqs = new SeqRange(rows.getLong(2), rows.getLong(3));
        sum = RequestSum.plus(sum, RequestSum.of(rows.getString(1), seqs));
      }
      return sum;
    } catch (SQLException e) {
      throw ViewException.of("cannot read the requests", e);
    }
  }

  @Override
  public Optional<SeqRange> request(String idempotencyKey) throws IOException {
    try {
      PreparedStatement select =
          prepare("SELECT first, last FROM thywill_requests WHERE request = ?");
      select.setString(1, idempotencyKey);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(new SeqRange(row.getLong(1), row.getLong(2)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw ViewException.of("cannot read the requests", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      throw ViewException.of("cannot close the view", e);
    }
  }
}
