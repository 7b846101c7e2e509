package org.thywill.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.Seeds;

class ViewTest {
  @TempDir Path folder;

  private static Change change(Operation operation, Row row, long seq) {
    return new Change(
        operation,
        row,
        seq,
        new Change.TransactionInfo(seq, seq, seq - 1, 0, Change.Cause.by("mary")));
  }

  @Test
  void tablesAndColumns_areThoseOfTheCatalog_howeverTheViewWasMade()
      throws IOException, SQLException {
    Set<String> expected = new HashSet<>();
    Catalog.TABLES.forEach(
        table -> Ddl.expectedColumns(table).forEach(column -> expected.add(table + "." + column)));
    try (SqliteWriter view = SqliteWriter.create(folder.resolve("v.db"), "c", 0);
        Connection built = DriverManager.getConnection("jdbc:sqlite:" + scratch())) {
      assertThat(tablesAndColumns(view.connection())).isEqualTo(expected);
      assertThat(tablesAndColumns(built)).isEqualTo(expected);
      assertThat(indexes(built)).isEqualTo(indexes(view.connection()));
      try (Statement sql = built.createStatement()) {
        sql.execute("ALTER TABLE members ADD COLUMN nickname TEXT");
        sql.execute("CREATE TABLE gossip (id TEXT)");
      }
      assertThat(tablesAndColumns(built))
          .as("a table and a column that the catalog does not know are seen")
          .hasSize(expected.size() + 2);
    }
  }

  @Test
  void open_givesAViewOfAnEarlierVersionTheIndexesThatItLacks() throws Exception {
    Path file = folder.resolve("v.db");
    SqliteWriter.create(file, "c", 0).close();
    Set<String> all;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      all = indexes(connection);
      sql.execute("DROP INDEX prayers_by_moderation");
      sql.execute("DROP TABLE skips");
    }
    try (SqliteWriter view = SqliteWriter.open(file)) {
      assertThat(indexes(view.connection()))
          .contains("CREATE INDEX \"prayers_by_moderation\" ON \"prayers\" (\"moderation\")")
          .isEqualTo(
              all.stream()
                  .filter(index -> !index.contains("ON \"skips\""))
                  .collect(Collectors.toSet()));
    }
  }

  private Path scratch() throws IOException {
    Path file = folder.resolve("scratch.db");
    try (ViewBuilder view = ViewBuilder.open(file)) {
      view.begin();
      view.createBookkeeping();
      for (Table table : Catalog.TABLES) {
        view.createTable(table);
      }
      view.commit();
    }
    return file;
  }

  private static Set<String> tablesAndColumns(Connection view) throws SQLException {
    return names(
        view,
        "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE"
            + " m.type = 'table' AND m.name NOT LIKE 'thywill_%'");
  }

  private static Set<String> indexes(Connection view) throws SQLException {
    return names(view, "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
  }

  private static Set<String> names(Connection view, String query) throws SQLException {
    Set<String> names = new HashSet<>();
    try (Statement sql = view.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  void hostileRows_storedSingly_comeBackTheSame() throws IOException {
    HostileRows rows = new HostileRows(Seeds.random("hostileRows_storedSingly"));
    Map<Table, Map<String, Row>> model = new HashMap<>();
    Path file = folder.resolve("v.db");
    try (SqliteWriter view = SqliteWriter.create(file, "c", 0)) {
      view.begin();
      for (int i = 0; i < 5_000; i++) {
        Row row = rows.next();
        if (model.computeIfAbsent(row.table(), table -> new HashMap<>()).putIfAbsent(row.key(), row)
            == null) {
          view.apply(change(Operation.ADDED, row, i + 1));
        }
      }
      view.writeViewState(5_000, 0, Set.copyOf(Catalog.TABLES));
      view.commit();
    }
    try (SqliteReader view = SqliteReader.open(file)) {
      for (Map<String, Row> table : model.values()) {
        for (Row row : table.values()) {
          assertThat(view.find(row.table(), row.key())).contains(row);
        }
      }
      assertThat(view.computeDigest()).isEqualTo(view.state().digest());
    }
  }

  @Test
  void runningDigest_throughAnyHistoryWithRollbacks_isTheComputedOne() throws IOException {
    RandomGenerator random = Seeds.random("runningDigest_throughAnyHistory");
    HostileRows rows = new HostileRows(random);
    List<Table> tables = List.of(Catalog.MEMBERS, Catalog.MARKS, Catalog.PRAYERS);
    List<Row> present = new ArrayList<>();
    try (SqliteWriter view = SqliteWriter.create(folder.resolve("v.db"), "c", 0)) {
      long seq = 0;
      for (int round = 0; round < 200; round++) {
        List<Row> before = List.copyOf(present);
        view.begin();
        for (int part = 0; part < 3; part++) {
          List<Row> marked = List.copyOf(present);
          view.savepoint();
          for (int i = 0; i < 4; i++) {
            seq = step(view, rows, random, tables, present, seq);
          }
          if (random.nextInt(3) == 0) {
            view.rollbackToSavepoint();
            present.clear();
            present.addAll(marked);
          } else {
            view.releaseSavepoint();
          }
        }
        if (random.nextInt(4) == 0) {
          view.rollback();
          present.clear();
          present.addAll(before);
        } else {
          view.writeViewState(seq, 0, Set.copyOf(Catalog.TABLES));
          view.commit();
        }
        Digest.Running expected = new Digest.Running();
        present.forEach(expected::add);
        assertThat(view.digest()).isEqualTo(expected.digest());
      }
      assertThat(view.computeDigest()).isEqualTo(view.digest()).isEqualTo(view.state().digest());
    }
  }

  private static long step(
      SqliteWriter view,
      HostileRows rows,
      RandomGenerator random,
      List<Table> tables,
      List<Row> present,
      long seq)
      throws IOException {
    int choice = present.isEmpty() ? 0 : random.nextInt(3);
    if (choice == 0) {
      Row row = rows.next(tables.get(random.nextInt(tables.size())), "k" + random.nextLong());
      view.apply(change(Operation.ADDED, row, seq + 1));
      present.add(row);
    } else {
      Row old = present.remove(random.nextInt(present.size()));
      Row row = choice == 1 ? rows.next(old.table(), old.key()) : old;
      view.apply(change(choice == 1 ? Operation.CHANGED : Operation.REMOVED, row, seq + 1));
      if (choice == 1) {
        present.add(row);
      }
    }
    return seq + 1;
  }

  @Test
  void change_ofARowThatIsNotThere_isDamage() throws IOException {
    try (SqliteWriter view = SqliteWriter.create(folder.resolve("v.db"), "c", 0)) {
      Row row = Row.in(Catalog.MARKS).set(Catalog.Marks.ID, "m1").build();
      view.begin();
      assertThatThrownBy(() -> view.apply(change(Operation.CHANGED, row, 1)))
          .isInstanceOf(ViewException.class)
          .hasMessageContaining("does not have");
      view.rollback();
    }
  }

  @Test
  void reader_cannotWrite() throws IOException {
    Path file = folder.resolve("v.db");
    SqliteWriter.create(file, "c", 0).close();
    try (SqliteReader view = SqliteReader.open(file)) {
      assertThatThrownBy(
              () -> {
                try (Statement sql = view.connection().createStatement()) {
                  sql.execute("DELETE FROM members");
                }
              })
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("readonly");
    }
  }

  @Test
  void databaseUrls_nameFiles() {
    assertThat(DatabaseUrl.file("sqlite:a.db")).isEqualTo(Path.of("a.db"));
    assertThat(DatabaseUrl.file("sqlite:///a.db")).isEqualTo(Path.of("a.db"));
    assertThat(DatabaseUrl.file("sqlite:////var/a.db")).isEqualTo(Path.of("/var/a.db"));
    assertThat(DatabaseUrl.file("/var/a.db")).isEqualTo(Path.of("/var/a.db"));
    assertThatThrownBy(() -> DatabaseUrl.file("postgresql://u@h/n"))
        .isInstanceOf(DatabaseUrl.Unusable.class);
    assertThatThrownBy(() -> DatabaseUrl.file("mysql://u@h/n"))
        .isInstanceOf(DatabaseUrl.Unusable.class);
    assertThatThrownBy(() -> DatabaseUrl.file("sqlite:")).isInstanceOf(DatabaseUrl.Unusable.class);
  }
}
