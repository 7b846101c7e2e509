package org.thywill.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Table;

/** Changes a view as other programs do: through SQLite, or the file itself. */
final class ViewVandal {
  /** Longer than the steps in which file systems count time. */
  private static final Duration CLOCK_STEP = Duration.ofMillis(12);

  private static final int IDENTITY_BYTES = 10 * 16_384;
  private static final int PATCH_BYTES = 6;

  private ViewVandal() {}

  /**
   * Changes a view that exists.
   *
   * @param older an older view, which may not exist
   * @return what was done
   */
  static String change(Path view, Path older, RandomGenerator random) throws IOException {
    return switch (random.nextInt(5)) {
      case 0 -> truncate(view, random);
      case 1 -> patch(view, random);
      case 2 -> Files.exists(older) ? replace(view, older) : delete(view);
      default -> bySql(view, random);
    };
  }

  /**
   * Changes something through SQLite. A view that cannot be changed is damaged already.
   *
   * @return what was done
   */
  static String bySql(Path view, RandomGenerator random) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + view);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 9000");
      String sql = sql(statement, random);
      return sql + ": " + statement.executeUpdate(sql) + " rows";
    } catch (SQLException e) {
      return "refused by SQLite: " + e.getMessage();
    }
  }

  private static String sql(Statement statement, RandomGenerator random) throws SQLException {
    Table table = filledTable(statement, random);
    String one = " WHERE rowid = (SELECT max(rowid) FROM " + table.name() + ")";
    return switch (random.nextInt(8)) {
      case 0 -> "DELETE FROM " + table.name() + one;
      case 1 -> "UPDATE " + table.name() + " SET " + text(table) + " = 'by hand'" + one;
      case 2 -> "UPDATE " + table.name() + " SET _seq = _seq - 1" + one;
      case 3 -> insert(table);
      case 4 -> "DROP INDEX " + table.name() + "_key";
      case 5 -> "DROP TABLE " + table.name();
      case 6 ->
          "CREATE TRIGGER vandal AFTER INSERT ON "
              + table.name()
              + " BEGIN DELETE FROM "
              + table.name()
              + "; END";
      default -> "UPDATE thywill_digest SET row_count = row_count + 1";
    };
  }

  /** A table with rows, if there is one. */
  private static Table filledTable(Statement statement, RandomGenerator random)
      throws SQLException {
    List<Table> filled = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      try (var row = statement.executeQuery("SELECT count(*) FROM " + table.name())) {
        if (row.next() && row.getLong(1) > 0) {
          filled.add(table);
        }
      }
    }
    List<Table> from = filled.isEmpty() ? Catalog.TABLES : filled;
    return from.get(random.nextInt(from.size()));
  }

  private static String text(Table table) {
    return table.columns().stream()
        .filter(column -> column.type() == ColumnType.TEXT && !column.equals(table.keyColumn()))
        .findFirst()
        .orElse(table.keyColumn())
        .name();
  }

  private static String insert(Table table) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(table.keyColumn().name(), "'by hand'");
    values.put("_seq", "1");
    if (table.equals(Catalog.PRAYERS)) {
      values.put("_added_at", "1");
    }
    return "INSERT INTO "
        + table.name()
        + " ("
        + String.join(", ", values.keySet())
        + ") VALUES ("
        + String.join(", ", values.values())
        + ")";
  }

  private static String truncate(Path view, RandomGenerator random) throws IOException {
    long bytes = random.nextLong(Math.max(1, Files.size(view)));
    try (FileChannel file = FileChannel.open(view, StandardOpenOption.WRITE)) {
      file.truncate(bytes);
    }
    return "cut to " + bytes + " bytes";
  }

  /**
   * Overwrites a few bytes where they are, but not those where the view says what it is of: another
   * identity is refused, and not healed.
   */
  private static String patch(Path view, RandomGenerator random) throws IOException {
    long size = Files.size(view);
    if (size <= IDENTITY_BYTES + PATCH_BYTES) {
      return "too short to be patched";
    }
    awaitClockStep();
    long at = random.nextLong(IDENTITY_BYTES, size - PATCH_BYTES);
    byte[] bytes = new byte[PATCH_BYTES];
    random.nextBytes(bytes);
    try (FileChannel file = FileChannel.open(view, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), at);
    }
    return PATCH_BYTES + " bytes at " + at + " overwritten";
  }

  private static void awaitClockStep() throws IOException {
    try {
      Thread.sleep(CLOCK_STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Puts another database in the place of the view, in one step. */
  static String replace(Path view, Path other) throws IOException {
    Path copy = view.resolveSibling(view.getFileName() + ".copy");
    Files.copy(other, copy, StandardCopyOption.REPLACE_EXISTING);
    Files.move(copy, view, StandardCopyOption.ATOMIC_MOVE);
    return "replaced by " + other.getFileName();
  }

  private static String delete(Path view) throws IOException {
    Files.delete(view);
    return "deleted";
  }
}
