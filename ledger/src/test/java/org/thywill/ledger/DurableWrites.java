package org.thywill.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
import org.thywill.database.Ddl;
import org.thywill.database.SqliteWriter;
import org.thywill.rebuild.Progress;

/**
 * Measures how many durable writes a second the ledger serves, beside plain SQLite with {@code synchronous=FULL} and a transaction for each of
 * the same rows. Arguments: an empty folder on the disk to be measured, the number of writers, seconds for each side, and how often both take
 * their turn.
 */
final class DurableWrites {
  private static final int PRAYERS = 2_000;
  private static final Change.Cause MARY = Change.Cause.by("mary");

  private DurableWrites() {}

  /** Writes one row and returns when it is safe. */
  private interface Target extends AutoCloseable {
    void write(Row row) throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int writers = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double plain = measure("plain SQLite", () -> plain(Files.createTempDirectory(folder, "plain").resolve("plain.db")), writers, seconds);
      double ledger = measure("the ledger", () -> ledger(Files.createTempDirectory(folder, "ledger")), writers, seconds);
      ratios.add(ledger / plain);
    }
    System.out.println("the ledger against plain SQLite: " + ratios.stream().map(ratio -> String.format(Locale.ROOT, "%.2f", ratio)).toList());
  }

  private static double measure(String name, Callable<Target> opening, int writers, int seconds) throws Exception {
    long[] millis = new long[3];
    long count;
    long began;
    try (Target target = opening.call(); ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      began = System.nanoTime();
      List<Future<long[]>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        all.add(pool.submit(() -> write(target, name.hashCode() + "-" + writer + "-", began + seconds * 1_000_000_000L)));
      }
      count = 0;
      List<long[]> times = new ArrayList<>();
      for (Future<long[]> each : all) {
        times.add(each.get());
      }
      long[] sorted = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      count = sorted.length;
      millis = new long[] {sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], sorted[sorted.length - 1]};
    }
    double took = (System.nanoTime() - began) / 1e9;
    double rate = count / (double) seconds;
    System.out.printf(Locale.ROOT, "%-14s %d writers: %,9.0f a second; median %.2f ms, of a hundred the slowest %.2f ms, slowest %.1f ms; closed after %.1f s%n",
        name, writers, rate, millis[0] / 1e6, millis[1] / 1e6, millis[2] / 1e6, took);
    return rate;
  }

  private static long[] write(Target target, String prefix, long until) throws Exception {
    long[] times = new long[1 << 20];
    int count = 0;
    for (long before = System.nanoTime(); before < until && count < times.length; count++) {
      target.write(row(prefix + count, count));
      long now = System.nanoTime();
      times[count] = now - before;
      before = now;
    }
    return Arrays.copyOf(times, count);
  }

  private static Row row(String id, int n) {
    String prayer = "prayer-" + Math.floorMod(id.hashCode() * 31, PRAYERS);
    return switch (n % 3) {
      case 0 -> Row.in(Catalog.MARKS).set("id", id).set("prayer", prayer).set("member", "mary").set("created_at", 3L)
          .set("legacy_path", "prayers/marks/2024_01_prayer_marks_of_long_ago.txt").build();
      case 1 -> Row.in(Catalog.ACTIVITY).set("id", id).set("prayer", prayer).set("member", "mary").set("action", "prayed").set("created_at", 3L)
          .set("new_value", "for the grandmother who is ill, and for all who care for her").build();
      default -> Row.in(Catalog.NOTIFICATIONS).set("id", id).set("member", "mary").set("kind", "somebody asks to sign in from a new device")
          .set("is_read", false).set("created_at", 3L).build();
    };
  }

  private static List<Row> first() {
    List<Row> rows = new ArrayList<>();
    rows.add(Row.in(Catalog.MEMBERS).set("handle", "mary").set("display_name", "Mary").set("created_at", 1L).set("welcome_dismissed", false)
        .set("is_supporter", false).build());
    for (int i = 0; i < PRAYERS; i++) {
      rows.add(Row.in(Catalog.PRAYERS).set("id", "prayer-" + i).set("author", "mary").set("text", "Please pray for us. ".repeat(20))
          .set("created_at", 2L).set("moderation", "open").set("visibility", "members").build());
    }
    return rows;
  }

  private static Target ledger(Path folder) throws IOException {
    Path archive = folder.resolve("archive");
    Ledger.found(archive, "c0ffee", InstantSource.system());
    Ledger ledger = Ledger.open(archive, folder.resolve("community.db"), InstantSource.system(), Progress.NONE);
    ledger.write(MARY, tx -> {
      for (Row row : first()) {
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

  /** One connection for all, with a lock: for SQLite that is faster than a connection for each writer. */
  private static Target plain(Path file) throws Exception {
    SqliteWriter.create(file, "c0ffee", 0).close();
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    connection.setAutoCommit(false);
    Map<Table, PreparedStatement> inserts = new HashMap<>();
    for (Row row : first()) {
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

  private static void insert(Connection connection, Map<Table, PreparedStatement> inserts, Row row) throws SQLException {
    Table table = row.table();
    PreparedStatement insert = inserts.get(table);
    int columns = Ddl.expectedColumns(table).size();
    if (insert == null) {
      String marks = String.join(", ", java.util.Collections.nCopies(columns, "?"));
      insert = connection.prepareStatement("INSERT INTO \"" + table.name() + "\" VALUES (" + marks + ")");
      inserts.put(table, insert);
    }
    for (int i = 0; i < columns; i++) {
      switch (i < table.columns().size() ? row.value(i) : (Object) 1L) {
        case null -> insert.setNull(i + 1, Types.NULL);
        case String text -> insert.setString(i + 1, text);
        case Long number -> insert.setLong(i + 1, number);
        case Boolean yes -> insert.setInt(i + 1, yes ? 1 : 0);
        case Double real -> insert.setDouble(i + 1, real);
        default -> throw new IllegalArgumentException(table + " has a value of another type");
      }
    }
    insert.executeUpdate();
  }
}
