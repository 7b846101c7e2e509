package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sqlite.SQLiteConfig;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.Ddl;
import org.thywill.view.SqliteWriter;

/** Measures durable writes per second: through the ledger, and in SQLite with a sync for each. */
final class DurableWrites {
  private static final int PRAYERS = 2_000;
  private static final int SECONDS = 8;
  private static final Change.Cause MARY = Change.Cause.by("mary");

  private DurableWrites() {}

  /** Writes one row, and returns when it is on the disk. */
  private interface Target extends AutoCloseable {
    void write(Row row) throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException;
  }

  /** The writes per second through the ledger of a new community in an empty folder. */
  static double ledger(Path folder, int writers) throws Exception {
    return measure(() -> openLedger(folder), writers);
  }

  /** The same rows per second in a new SQLite database, each in its own transaction. */
  static double plain(Path folder, int writers) throws Exception {
    return measure(() -> openPlain(folder.resolve("plain.db")), writers);
  }

  private static double measure(Callable<Target> open, int writers) throws Exception {
    try (Target target = open.call();
        ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      long endNanos = System.nanoTime() + SECONDS * 1_000_000_000L;
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        all.add(pool.submit(() -> write(target, "w" + writer + "-", endNanos)));
      }
      long count = 0;
      for (Future<Long> each : all) {
        count += each.get();
      }
      return count / (double) SECONDS;
    }
  }

  private static long write(Target target, String prefix, long endNanos) throws Exception {
    int count = 0;
    while (System.nanoTime() - endNanos < 0) {
      target.write(row(prefix + count, count));
      count++;
    }
    return count;
  }

  private static Row row(String id, int n) {
    String prayer = "prayer-" + Math.floorMod(id.hashCode() * 31, PRAYERS);
    return switch (n % 3) {
      case 0 ->
          Row.in(Catalog.MARKS)
              .set(Catalog.Marks.ID, id)
              .set(Catalog.Marks.PRAYER, prayer)
              .set(Catalog.Marks.MEMBER, "mary")
              .set(Catalog.Marks.CREATED_AT, 3L)
              .set(Catalog.Marks.LEGACY_PATH, "prayers/marks/2024_01_prayer_marks_of_long_ago.txt")
              .build();
      case 1 ->
          Row.in(Catalog.ACTIVITY)
              .set(Catalog.Activity.ID, id)
              .set(Catalog.Activity.PRAYER, prayer)
              .set(Catalog.Activity.MEMBER, "mary")
              .set(Catalog.Activity.ACTION, "prayed")
              .set(Catalog.Activity.CREATED_AT, 3L)
              .set(
                  Catalog.Activity.NEW_VALUE,
                  "for the grandmother who is ill, and for all who care for her")
              .build();
      default ->
          Row.in(Catalog.NOTIFICATIONS)
              .set(Catalog.Notifications.ID, id)
              .set(Catalog.Notifications.MEMBER, "mary")
              .set(Catalog.Notifications.KIND, "somebody asks to sign in from a new device")
              .set(Catalog.Notifications.IS_READ, false)
              .set(Catalog.Notifications.CREATED_AT, 3L)
              .build();
    };
  }

  /** The rows that the others refer to. */
  private static List<Row> referencedRows() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        Row.in(Catalog.MEMBERS)
            .set(Catalog.Members.HANDLE, "mary")
            .set(Catalog.Members.DISPLAY_NAME, "Mary")
            .set(Catalog.Members.CREATED_AT, 1L)
            .set(Catalog.Members.WELCOME_DISMISSED, false)
            .set(Catalog.Members.IS_SUPPORTER, false)
            .build());
    for (int i = 0; i < PRAYERS; i++) {
      rows.add(
          Row.in(Catalog.PRAYERS)
              .set(Catalog.Prayers.ID, "prayer-" + i)
              .set(Catalog.Prayers.AUTHOR, "mary")
              .set(Catalog.Prayers.TEXT, "Please pray for us. ".repeat(20))
              .set(Catalog.Prayers.CREATED_AT, 2L)
              .set(Catalog.Prayers.MODERATION, "open")
              .set(Catalog.Prayers.VISIBILITY, "members")
              .build());
    }
    return rows;
  }

  private static Target openLedger(Path folder) throws IOException {
    Path archive = folder.resolve("archive");
    Ledger.found(archive, "c0ffee", InstantSource.system());
    Ledger ledger =
        Ledger.open(
            archive, folder.resolve("community.db"), InstantSource.system(), ProgressListener.NONE);
    ledger.write(
        MARY,
        tx -> {
          for (Row row : referencedRows()) {
            tx.add(row);
          }
        });
    ledger.checkpoint();
    return new Target() {
      @Override
      public void write(Row row) throws IOException {
        ledger.write(MARY, tx -> tx.add(row));
      }

      @Override
      public void close() throws IOException {
        ledger.close();
      }
    };
  }

  /** One connection with a lock, which SQLite serves faster than a connection per writer. */
  private static Target openPlain(Path file) throws Exception {
    SqliteWriter.create(file, "c0ffee", 0).close();
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    connection.setAutoCommit(false);
    Map<Table, PreparedStatement> inserts = new HashMap<>();
    for (Row row : referencedRows()) {
      insert(connection, inserts, row);
    }
    connection.commit();
    return new Target() {
      @Override
      public synchronized void write(Row row) throws SQLException {
        insert(connection, inserts, row);
        connection.commit();
      }

      @Override
      public void close() throws SQLException {
        connection.close();
      }
    };
  }

  private static void insert(Connection connection, Map<Table, PreparedStatement> inserts, Row row)
      throws SQLException {
    Table table = row.table();
    PreparedStatement insert = inserts.get(table);
    int columns = Ddl.expectedColumns(table).size();
    if (insert == null) {
      String placeholders = String.join(", ", Collections.nCopies(columns, "?"));
      insert =
          connection.prepareStatement(
              "INSERT INTO \"" + table.name() + "\" VALUES (" + placeholders + ")");
      inserts.put(table, insert);
    }
    for (int i = 0; i < columns; i++) {
      switch (i < table.columns().size() ? row.value(i) : (Object) 1L) {
        case null -> insert.setNull(i + 1, Types.NULL);
        case String text -> insert.setString(i + 1, text);
        case Long number -> insert.setLong(i + 1, number);
        case Boolean flag -> insert.setInt(i + 1, flag ? 1 : 0);
        case Double real -> insert.setDouble(i + 1, real);
        default -> throw new IllegalArgumentException(table + " has a value of another type");
      }
    }
    insert.executeUpdate();
  }
}
