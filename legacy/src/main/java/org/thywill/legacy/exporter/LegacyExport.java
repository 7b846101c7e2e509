package org.thywill.legacy.exporter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.ExportTable;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.schema.ReferenceMapping;
import org.thywill.legacy.schema.SchemaDatabase;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.schema.TableShape;
import org.thywill.legacy.schema.UncheckedSqlException;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.legacy.source.SourceDatabase;
import org.thywill.legacy.source.SourceTable;
import org.thywill.progress.ProgressListener;

/**
 * Writes a community as a database of the Python original.
 *
 * <p>A community that was imported gets back the tables that it had, each value as it was. Rows
 * that are newer than the import, and communities that were not imported, get what the original
 * would have written.
 *
 * <p>The database is written beside the target, forced to disk, and then renamed to the target.
 */
public final class LegacyExport {
  private final CommunityRows rows;
  private ProgressListener progress = ProgressListener.NONE;
  private boolean replacing;
  private PowerfulNames names = new PowerfulNames(false);

  private final Map<String, Long> tables = new LinkedHashMap<>();
  private final List<SkippedItem> notCarried = new ArrayList<>();
  private final List<LegacyFinding> findings = new ArrayList<>();
  private final ReferenceMapping references = new ReferenceMapping();
  private long done;

  /** An export of a community. */
  public LegacyExport(CommunityRows rows) {
    this.rows = rows;
  }

  /** Reports rows to a listener; the total is 0, because it is not known in advance. */
  public LegacyExport reporting(ProgressListener to) {
    progress = to;
    return this;
  }

  /** Allows the export to replace a file that exists. */
  public LegacyExport replacing() {
    replacing = true;
    return this;
  }

  /** Writes names that give rights in the original as they are, instead of other names. */
  public LegacyExport allowingPowerfulNames() {
    names = new PowerfulNames(true);
    return this;
  }

  /**
   * Runs the export; to be called once.
   *
   * @throws LegacyException if the target exists, or a row cannot be written; the target is as it
   *     was
   * @throws IOException if a file cannot be written, forced or renamed
   */
  public ExportReport to(Path target) throws IOException {
    if (Files.exists(target) && !replacing) {
      throw new LegacyException(target + " is there already.");
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try {
      write(unfinished);
      force(unfinished);
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    } catch (UncheckedSqlException e) {
      throw failed(target, e.sqlException());
    } catch (SQLException e) {
      throw failed(target, e);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    progress.report("rows", done, done);
    findings.addAll(names.findings());
    findHashes();
    return new ExportReport(
        tables.values().stream().mapToLong(Long::longValue).sum(), tables, notCarried, findings);
  }

  /**
   * Warns of hashes in the place of tokens. The original compares a token as it is, so a reader of
   * the archive could use the hash there.
   */
  private void findHashes() throws IOException {
    AtomicLong links = new AtomicLong();
    AtomicLong sessions = new AtomicLong();
    rows.forEach(Catalog.INVITES, row -> links.addAndGet(ContentHash.isHashed(row.key()) ? 1 : 0));
    rows.forEach(
        Catalog.SESSIONS, row -> sessions.addAndGet(ContentHash.isHashed(row.key()) ? 1 : 0));
    if (links.get() + sessions.get() > 0) {
      findings.add(
          new LegacyFinding(
              "hash-for-token",
              "warning",
              LegacyLayout.INVITE_TOKEN,
              0,
              links
                  + " links and "
                  + sessions
                  + " sessions are written with hashes in place of their tokens. No one holds such"
                  + " a link, but the original would take the hash itself for a token, and the"
                  + " archive has it. Before the original serves this database, end them: DELETE"
                  + " FROM session WHERE id LIKE 'sha256:%'; UPDATE invitetoken SET expires_at ="
                  + " '2000-01-01 00:00:00.000000' WHERE token LIKE 'sha256:%'"));
    }
  }

  private static LegacyException failed(Path target, SQLException cause) {
    return new LegacyException(
        target + " could not be written: " + cause.getMessage() + ".", cause);
  }

  private void write(Path file) throws SQLException, IOException {
    LegacySchema schema = schema();
    for (SkippedItem refused : schema.refused()) {
      notCarried.add(refused);
      findings.add(
          new LegacyFinding(
              "schema-line-refused",
              "warning",
              Catalog.LEGACY_SCHEMA.name(),
              0,
              refused.what() + ": " + refused.reason()));
    }
    try (Connection database =
            SchemaDatabase.connect("jdbc:sqlite:" + SourceDatabase.uri(file) + "?mode=rwc");
        Statement statement = database.createStatement()) {
      for (String setting :
          List.of(
              "journal_mode = MEMORY", // an index that cannot be made is undone
              "synchronous = OFF",
              "ignore_check_constraints = ON",
              "cache_size = -64000")) {
        statement.execute("PRAGMA " + setting);
      }
      SchemaDatabase target = new SchemaDatabase(database);
      for (LegacySchema.Entry entry : schema.entries(LegacySchema.PRAGMA)) {
        target.run(entry);
      }
      database.setAutoCommit(false);
      try (LegacyValues values = new LegacyValues(database, rows)) {
        create(schema, LegacySchema.TABLE, target);
        indexReferences(schema, values);
        for (LegacyTable legacy : LegacyLayout.tables()) {
          writeTable(database, schema, legacy, values);
        }
        writeUnknownTables(database, schema);
      }
      for (String kind : LegacySchema.KINDS.subList(2, LegacySchema.KINDS.size())) {
        create(schema, kind, target);
      }
      database.commit();
    }
  }

  /**
   * The schema of the imported community, or else the original's last layout.
   *
   * <p>A table for which there are rows is always part of it. One of the original's tables whose
   * definition is refused gets the definition of the last layout.
   */
  private LegacySchema schema() throws IOException, SQLException {
    List<Row> imported = new ArrayList<>();
    rows.forEach(Catalog.LEGACY_SCHEMA, imported::add);
    imported.sort(Comparator.comparing(row -> row.get(Catalog.LegacySchema.POSITION).orElse(0L)));
    List<LegacySchema.Entry> entries =
        new ArrayList<>(imported.stream().map(LegacySchema.Entry::of).toList());
    Set<String> present = new HashSet<>();
    entries.stream()
        .filter(entry -> entry.kind().equals(LegacySchema.TABLE))
        .forEach(entry -> present.add(entry.name().toLowerCase(Locale.ROOT)));
    Set<String> needed = new HashSet<>();
    for (LegacyTable legacy : LegacyLayout.tables()) {
      boolean isUsual = imported.isEmpty() && !legacy.name().equals(LegacyLayout.USER_EMAIL);
      if (!present.contains(legacy.name()) && (isUsual || hasRows(legacy.ours()))) {
        needed.add(legacy.name());
      }
    }
    Map<String, String> newestTables = new HashMap<>();
    for (LegacySchema.Entry entry : LegacySchema.newest()) {
      if (needed.contains(entry.table())) {
        entries.add(entry);
      }
      if (entry.kind().equals(LegacySchema.TABLE)) {
        newestTables.put(entry.name(), entry.sql().substring(entry.sql().indexOf('(')));
      }
    }
    Map<String, String> plain = new HashMap<>();
    for (LegacySchema.Entry entry : entries) {
      String columns = newestTables.get(entry.name().toLowerCase(Locale.ROOT));
      if (columns != null) {
        plain.put(entry.name(), "CREATE TABLE " + TableShape.quoted(entry.name()) + " " + columns);
      }
    }
    return LegacySchema.of(entries, plain);
  }

  private boolean hasRows(Table table) throws IOException {
    AtomicBoolean hasRows = new AtomicBoolean();
    rows.forEach(table, _ -> hasRows.set(true));
    return hasRows.get();
  }

  /** Creates what the schema has of one kind; only a failed table ends the export. */
  private void create(LegacySchema schema, String kind, SchemaDatabase target) throws SQLException {
    for (LegacySchema.Entry entry : schema.entries(kind)) {
      try {
        target.run(entry);
        if (kind.equals(LegacySchema.TABLE)) {
          tables.put(entry.name(), 0L);
        }
      } catch (SQLException e) {
        if (kind.equals(LegacySchema.TABLE)) {
          throw e;
        }
        // An index over values that are no longer unique, for example. The rows are complete.
        notCarried.add(
            new SkippedItem(kind + " " + entry.name(), "it cannot be made: " + e.getMessage()));
      }
    }
  }

  /**
   * Finds what references to members, roles, and rows with unusual keys have to hold.
   *
   * <p>Of two members with one name, which the original could not have, one gets another name.
   */
  private void indexReferences(LegacySchema schema, LegacyValues values) throws IOException {
    for (LegacyTable legacy : LegacyLayout.tables()) {
      Optional<ExportTable> table = schema.table(legacy);
      int position =
          table.isEmpty()
              ? -1
              : table.get().position(legacy.identityColumn(schema.membersHaveIds()));
      boolean isNamed = legacy.ours() == Catalog.MEMBERS || legacy.ours() == Catalog.ROLES;
      boolean isReferred =
          isNamed
              || legacy.ours() == Catalog.PRAYERS
              || legacy.ours() == Catalog.AUTH_REQUESTS
              || legacy.ours() == Catalog.INVITES;
      if (position < 0 || !isReferred) {
        continue;
      }
      String column = table.get().shape().columns().get(position).name();
      boolean isUnique = table.get().shape().unique().contains(column.toLowerCase(Locale.ROOT));
      Set<SqliteValue> taken = new HashSet<>();
      each(
          legacy.ours(),
          row -> {
            if (!isNamed && !values.has(legacy.name(), row.key())) {
              return;
            }
            SqliteValue cell = cells(table.get(), row, values).get(position);
            SqliteValue own = cell;
            if (legacy.ours() == Catalog.MEMBERS) {
              own = schema.membersHaveIds() ? names.writtenId(row, cell) : names.written(row, cell);
            }
            boolean isTaken = isNamed && isUnique && !own.isNull() && !taken.add(own);
            if (isTaken) {
              own =
                  new SqliteValue.Text(
                      row.get(Catalog.Members.DISPLAY_NAME).orElse("") + " (" + row.key() + ")");
            }
            if (isNamed || !own.equals(new SqliteValue.Text(row.key()))) {
              references.put(legacy.ours(), row.key(), own);
            }
          });
    }
  }

  private void writeTable(
      Connection database, LegacySchema schema, LegacyTable legacy, LegacyValues values)
      throws IOException, SQLException {
    Optional<ExportTable> found = schema.table(legacy);
    if (found.isEmpty()) {
      return;
    }
    ExportTable table = found.get();
    int identity =
        legacy.ours() == Catalog.MEMBERS
            ? table.position(legacy.identityColumn(schema.membersHaveIds()))
            : -1;
    int name =
        legacy.ours() == Catalog.MEMBERS && schema.membersHaveIds()
            ? table.position("display_name")
            : -1;
    try (TableWriter writer = new TableWriter(database, table.shape())) {
      each(
          legacy.ours(),
          row -> {
            List<SqliteValue> cells = cells(table, row, values);
            if (identity >= 0) {
              cells.set(identity, references.of(Catalog.MEMBERS, row.key()));
            }
            if (name >= 0) {
              cells.set(name, names.written(row, cells.get(name)));
            }
            try {
              writer.insert(cells);
            } catch (SQLException e) {
              throw new SQLException(
                  legacy.name() + " " + LegacyFinding.shown(row.key()) + ": " + e.getMessage(), e);
            }
            count(table.shape().name());
          });
    }
  }

  /** The cells of a row: what we would write, or the legacy value where one is still valid. */
  private List<SqliteValue> cells(ExportTable table, Row row, LegacyValues values)
      throws SQLException {
    List<SqliteValue> cells = new ArrayList<>(table.shape().columns().size());
    for (int i = 0; i < table.shape().columns().size(); i++) {
      cells.add(table.cell(i, row, references));
    }
    for (LegacyValue value : values.of(table.legacy().name(), row.key())) {
      int position = table.position(value.column());
      if (position >= 0 && cells.get(position).spell().equals(value.insteadOf())) {
        cells.set(
            position, table.shape().columns().get(position).fit(SqliteValue.parse(value.was())));
      }
    }
    return cells;
  }

  private void writeUnknownTables(Connection database, LegacySchema schema)
      throws IOException, SQLException {
    Map<String, TableWriter> writers = new HashMap<>();
    Map<String, Long> lost = new LinkedHashMap<>();
    List<List<SqliteValue>> sequence = new ArrayList<>();
    each(
        Catalog.LEGACY_ROWS,
        row -> {
          String name = row.get(Catalog.LegacyRows.LEGACY_TABLE).orElse("");
          List<SqliteValue> cells =
              SqliteValue.parseAll(row.get(Catalog.LegacyRows.ROW_VALUES).orElse(""));
          if (name.equals(SourceTable.SEQUENCE)) {
            sequence.add(cells);
            return;
          }
          Optional<TableShape> shape = schema.shape(name);
          if (shape.isEmpty() || shape.get().columns().size() != cells.size()) {
            lost.merge(name, 1L, Long::sum);
            return;
          }
          for (int i = 0; i < cells.size(); i++) {
            // A secret may have been removed, or replaced by text in a column of numbers.
            cells.set(i, shape.get().columns().get(i).fit(cells.get(i)));
          }
          try {
            writers
                .computeIfAbsent(name, _ -> new TableWriter(database, shape.get()))
                .insert(cells);
            count(shape.get().name());
          } catch (SQLException e) {
            // Two sources had a row that the table can have only once.
            lost.merge(name, 1L, Long::sum);
          }
        });
    for (TableWriter writer : writers.values()) {
      writer.close();
    }
    lost.forEach(
        (name, number) ->
            notCarried.add(
                new SkippedItem("table " + name, number + " rows do not fit its definition")));
    writeSequence(database, sequence);
  }

  /**
   * Writes SQLite's table of the highest numbers assigned.
   *
   * <p>SQLite filled it while the rows were written; its rows are replaced by the imported ones.
   */
  private void writeSequence(Connection database, List<List<SqliteValue>> sequence)
      throws SQLException {
    if (sequence.isEmpty()) {
      return;
    }
    tables.put(SourceTable.SEQUENCE, 0L);
    try (Statement statement = database.createStatement();
        PreparedStatement insert =
            database.prepareStatement("INSERT INTO sqlite_sequence VALUES (?, ?)")) {
      statement.executeUpdate("DELETE FROM sqlite_sequence");
      for (List<SqliteValue> cells : sequence) {
        cells.get(0).bind(insert, 1);
        cells.get(1).bind(insert, 2);
        insert.executeUpdate();
        count(SourceTable.SEQUENCE);
      }
    }
  }

  private void count(String table) {
    tables.merge(table, 1L, Long::sum);
    if (++done % 1_000 == 0) {
      progress.report("rows", done, 0);
    }
  }

  /** What is done with a row. */
  private interface RowAction {
    void apply(Row row) throws SQLException;
  }

  private void each(Table table, RowAction action) throws IOException {
    Consumer<Row> unchecked =
        row -> {
          try {
            action.apply(row);
          } catch (SQLException e) {
            throw new UncheckedSqlException(e);
          }
        };
    rows.forEach(table, unchecked);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
