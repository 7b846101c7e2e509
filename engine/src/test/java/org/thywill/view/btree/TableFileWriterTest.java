package org.thywill.view.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.Seeds;
import org.thywill.view.Ddl;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewBuilder;
import org.thywill.view.ViewException;

/**
 * A file whose pages were written here is one that SQLite could have written: its own check finds
 * nothing, and its own reader finds every row.
 */
@Tag("slow")
class TableFileWriterTest {
  private static final int IN_MEMORY = 1 << 20;
  private static final int MANY_RUNS = 300;
  private static final List<Integer> PAGE_BYTES = List.of(512, 1_024, 4_096, 16_384, 65_536);

  @TempDir Path folder;
  private RandomGenerator random;
  private HostileRows rows;
  private final Map<Integer, Path> empty = new HashMap<>();
  private int files;

  @BeforeEach
  void seed() {
    random = Seeds.random("TableFileWriterTest");
    rows = new HostileRows(random);
  }

  /** Rows by key; every table has some. */
  private Map<Table, Map<String, Row>> hostile(int count) {
    Map<Table, Map<String, Row>> all = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Row row = rows.next();
      all.computeIfAbsent(row.table(), table -> new HashMap<>()).putIfAbsent(row.key(), row);
    }
    return all;
  }

  /** Few members and prayers, many marks: long runs of one value in an index. */
  private static Map<Table, Map<String, Row>> manyOfOneValue(int count) {
    return Map.of(Catalog.MARKS, marks(count));
  }

  private static Map<String, Row> marks(int count) {
    Map<String, Row> marks = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Row mark =
          Row.in(Catalog.MARKS)
              .set(Catalog.Marks.ID, "mark" + i)
              .set(Catalog.Marks.PRAYER, "the_prayer_with_a_long_name_" + i / 50)
              .set(Catalog.Marks.CREATED_AT, (long) i)
              .set(Catalog.Marks.MEMBER, i % 3 == 0 ? null : "mary")
              .build();
      marks.put(mark.key(), mark);
    }
    return marks;
  }

  @Test
  void hostileRows_inPagesOfEverySize_areReadBackBySqlite() throws Exception {
    for (int pageBytes : PAGE_BYTES) {
      for (int sortBytes : List.of(MANY_RUNS, IN_MEMORY)) {
        requireReadBack(hostile(2_000), pageBytes, sortBytes);
      }
    }
  }

  @Test
  void manyRowsOfOneValue_areFoundThroughTheIndex() throws Exception {
    requireReadBack(manyOfOneValue(20_000), 512, IN_MEMORY);
    requireReadBack(manyOfOneValue(20_000), 4_096, 10_000);
  }

  /**
   * With every number of rows the last pages of a level are filled differently; the smallest pages
   * give the most levels.
   */
  @Test
  void everyNumberOfRows_givesAWholeTree() throws Exception {
    for (int count = 0; count < 300; count++) {
      requireReadBack(manyOfOneValue(count), 512, IN_MEMORY);
    }
  }

  @Test
  void textsOfEveryLengthAroundTheEndOfAPage_comeBackTheSame() throws Exception {
    for (int pageBytes : List.of(512, 1_024)) {
      Map<String, Row> roles = new HashMap<>();
      for (int length = 0; length < 3 * pageBytes; length++) {
        Row role =
            Row.in(Catalog.ROLES)
                .set(Catalog.Roles.NAME, "n".repeat(length))
                .set(Catalog.Roles.PERMISSIONS, "p".repeat(length))
                .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                .build();
        roles.put(role.key(), role);
      }
      requireReadBack(Map.of(Catalog.ROLES, roles), pageBytes, IN_MEMORY);
    }
  }

  @Test
  void restart_leavesNothingOfTheFirstFilling() throws Exception {
    Map<Table, Map<String, Row>> wanted = hostile(500);
    Path file = empty(1_024);
    List<TableFileWriter.Roots> all = roots(file);
    try (TableFileWriter pages = TableFileWriter.open(file, MANY_RUNS)) {
      for (TableFileWriter.Roots roots : all.subList(0, 10)) {
        fill(pages, roots, hostile(500));
      }
      pages.begin(all.get(10));
      for (int i = 0; i < 300; i++) {
        pages.add(added(rows.next(all.get(10).table()), 1));
      }
      pages.restart();
      for (TableFileWriter.Roots roots : all) {
        fill(pages, roots, wanted);
      }
      pages.finish();
    }
    requireSame(file, wanted);
    assertThat(temporaryFiles()).isEmpty();
  }

  @Test
  void twoRowsOfOneKey_areRefused_inOneRunAndAcrossRuns() throws Exception {
    for (int sortBytes : List.of(MANY_RUNS, IN_MEMORY)) {
      Path file = empty(1_024);
      try (TableFileWriter pages = TableFileWriter.open(file, sortBytes)) {
        pages.begin(
            roots(file).stream()
                .filter(roots -> roots.table() == Catalog.MARKS)
                .findFirst()
                .orElseThrow());
        for (Row mark : marks(500).values()) {
          pages.add(added(mark, 1));
        }
        pages.add(added(Row.in(Catalog.MARKS).set(Catalog.Marks.ID, "mark77").build(), 2));
        pages.end();
        assertThatThrownBy(pages::finish)
            .isInstanceOf(DuplicateKeyException.class)
            .hasMessageContaining("marks");
      }
      assertThat(temporaryFiles()).isEmpty();
    }
  }

  @Test
  void afterwards_sqliteWritesInTheFileAsInAnyOther() throws Exception {
    Map<Table, Map<String, Row>> wanted = new HashMap<>(manyOfOneValue(5_000));
    Path file = empty(1_024);
    fillAll(file, wanted, IN_MEMORY);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      one(sql, "PRAGMA journal_mode = WAL");
      sql.execute("DELETE FROM marks WHERE rowid % 7 <> 0");
      sql.execute("UPDATE marks SET prayer = prayer || 'x' WHERE rowid % 2 = 0");
      sql.execute(
          "INSERT INTO marks (id, prayer, member, created_at, _seq) SELECT id || 'b', prayer,"
              + " member, created_at, _seq FROM marks");
      assertThat(one(sql, "PRAGMA integrity_check")).isEqualTo("ok");
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("VACUUM");
      assertThat(one(sql, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(one(sql, "SELECT count(*) FROM marks"))
          .isEqualTo(Integer.toString(2 * (5_000 / 7)));
    }
  }

  /** Rows that SQLite wrote, moved and lengthened are read as its own reader reads them. */
  @Test
  void digestOfPages_isThatOfTheRows_howeverTheyWereWritten() throws Exception {
    for (int pageBytes : PAGE_BYTES) {
      Path file = empty(pageBytes);
      fillAll(file, hostile(1_000), IN_MEMORY);
      try (ViewBuilder view = ViewBuilder.open(file)) {
        view.begin();
        for (int i = 0; i < 300; i++) {
          Row role =
              rows.next(Catalog.ROLES, "role" + i % 20)
                  .with(
                      Values.of(
                          Catalog.Roles.PERMISSIONS, "p".repeat(random.nextInt(3 * pageBytes))));
          view.apply(
              new Change(
                  i < 20 ? Operation.ADDED : Operation.CHANGED,
                  role,
                  i + 1,
                  added(role, i + 1).stamp()));
        }
        view.commit();
      }
      try (SqliteReader reader = SqliteReader.open(file)) {
        assertThat(FileDigest.of(file, roots(file))).isEqualTo(reader.computeDigest());
      }
    }
  }

  @Test
  void aPageThatWasOverwritten_isNoticed() throws Exception {
    for (int page : List.of(0, 255)) {
      Path file = empty(512);
      fillAll(file, manyOfOneValue(2_000), IN_MEMORY);
      int leaf = (int) (Files.size(file) / 512 / 2);
      try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
        for (int i = 0; i < 20; i++) {
          raw.seek((leaf + i) * 512L);
          raw.write(page);
        }
      }
      assertThatThrownBy(
              () -> {
                try (SqliteReader reader = SqliteReader.open(file)) {
                  reader.requireSound();
                }
              })
          .isInstanceOf(ViewException.class);
    }
  }

  @Test
  void aFileWithAWriteAheadLog_isRefused() throws Exception {
    Path file = empty(1_024);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA journal_mode = WAL");
    }
    assertThatThrownBy(() -> TableFileWriter.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("read from the file itself");
  }

  /** SQLite locks bytes at the first gigabyte, where no page may be. */
  @Test
  void pagesAtTheFirstGigabyte_leaveOutTheOneOfTheLocks() throws Exception {
    int pageBytes = 65_536;
    int locks = (1 << 30) / pageBytes + 1;
    Path file = empty(pageBytes);
    int pages = locks - 3;
    try (RandomAccessFile raw =
        new RandomAccessFile(file.toFile(), "rw")) { // a hole in the file needs no disk
      raw.seek(28);
      raw.writeInt(pages);
      raw.setLength((long) pages * pageBytes);
    }
    Map<Table, Map<String, Row>> wanted = manyOfOneValue(20_000);
    fillAll(file, wanted, IN_MEMORY);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      assertThat(Integer.parseInt(one(sql, "PRAGMA page_count"))).isGreaterThan(locks + 3);
      List<String> complaints =
          one(sql, "PRAGMA integrity_check(100000)")
              .lines()
              .filter(line -> !line.startsWith("***"))
              .toList();
      assertThat(complaints)
          .as("the hole, and nothing else")
          .hasSizeBetween(1, pages)
          .allMatch(
              line ->
                  line.matches("Page \\d+: never used")
                      && Integer.parseInt(line.replaceAll("\\D", "")) <= pages);
    }
    requireRows(file, wanted);
  }

  private void requireReadBack(Map<Table, Map<String, Row>> wanted, int pageBytes, int sortBytes)
      throws Exception {
    Path file = empty(pageBytes);
    fillAll(file, wanted, sortBytes);
    requireSame(file, wanted);
    Files.delete(file);
  }

  /** A file with all tables and no rows, as SQLite makes it. */
  private Path empty(int pageBytes) throws SQLException, IOException {
    Path file = folder.resolve("pages-" + files++ + ".db");
    Path made = empty.get(pageBytes);
    if (made == null) {
      made = make(pageBytes);
      empty.put(pageBytes, made);
    }
    return Files.copy(made, file);
  }

  private Path make(int pageBytes) throws SQLException {
    Path file = folder.resolve("empty-" + pageBytes + ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA page_size = " + pageBytes);
      sql.execute("PRAGMA journal_mode = OFF");
      sql.execute("BEGIN");
      for (Table table : Catalog.TABLES) {
        sql.execute(Ddl.createTable(table));
        for (String index : Ddl.createIndexes(table).values()) {
          sql.execute(index);
        }
      }
      sql.execute("COMMIT");
    }
    return file;
  }

  private static List<TableFileWriter.Roots> roots(Path file) throws IOException {
    List<TableFileWriter.Roots> all = new ArrayList<>();
    try (ViewBuilder view = ViewBuilder.open(file)) {
      for (Table table : Catalog.TABLES) {
        all.add(view.roots(table));
      }
    }
    return all;
  }

  private void fillAll(Path file, Map<Table, Map<String, Row>> wanted, int sortBytes)
      throws IOException {
    try (TableFileWriter pages = TableFileWriter.open(file, sortBytes)) {
      for (TableFileWriter.Roots roots : roots(file)) {
        fill(pages, roots, wanted);
      }
      pages.finish();
    }
    assertThat(temporaryFiles()).isEmpty();
  }

  private void fill(
      TableFileWriter pages, TableFileWriter.Roots roots, Map<Table, Map<String, Row>> wanted)
      throws IOException {
    pages.begin(roots);
    for (Row row : wanted.getOrDefault(roots.table(), Map.of()).values()) {
      pages.add(added(row, row.hashCode()));
    }
    pages.end();
  }

  private static Change added(Row row, long seq) {
    return new Change(
        Operation.ADDED,
        row,
        seq,
        new Change.TransactionInfo(seq, seq, seq - 1, 7, Change.Cause.by("mary")));
  }

  private List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.toString().endsWith(".db")).toList();
    }
  }

  private void requireSame(Path file, Map<Table, Map<String, Row>> wanted) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      assertThat(one(sql, "PRAGMA integrity_check(1)")).isEqualTo("ok");
      assertThat(one(sql, "PRAGMA freelist_count")).isEqualTo("0");
    }
    try (SqliteReader reader = SqliteReader.open(file)) {
      reader.requireSound();
    }
    requireRows(file, wanted);
  }

  private void requireRows(Path file, Map<Table, Map<String, Row>> wanted) throws IOException {
    try (SqliteReader reader = SqliteReader.open(file)) {
      assertThat(FileDigest.of(file, roots(file))).isEqualTo(reader.computeDigest());
      for (Table table : Catalog.TABLES) {
        Map<String, Row> rowsOfTable = wanted.getOrDefault(table, Map.of());
        Map<String, Row> found = new HashMap<>();
        reader.forEach(table, row -> found.put(row.key(), row));
        assertThat(found).as(table.name()).isEqualTo(rowsOfTable);
        for (Row row : some(rowsOfTable)) {
          assertThat(reader.find(table, row.key())).contains(row);
          assertThat(reader.seqOf(table, row.key())).contains((long) row.hashCode());
        }
      }
    }
  }

  private Set<Row> some(Map<String, Row> all) {
    Set<Row> some = new HashSet<>();
    for (Row row : all.values()) {
      if (random.nextInt(all.size()) < 20) {
        some.add(row);
      }
    }
    return some;
  }

  private static String one(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
