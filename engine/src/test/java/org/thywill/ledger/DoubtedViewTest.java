package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/** Nothing that another program writes into the view enters the text; the view is rebuilt. */
class DoubtedViewTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final Change.Cause ANNA = Change.Cause.by("anna");
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private Ledger ledger;

  /** What the text must hold: the display name of each member. */
  private final Map<String, String> expected = new TreeMap<>();

  @SuppressWarnings("NullAway.Init")
  DoubtedViewTest() {}

  @BeforeEach
  void open() throws IOException {
    Ledger.found(archive(), "c0ffee", CLOCK);
    ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
    for (int i = 0; i < 40; i++) {
      join("member_" + i);
    }
    join("anna");
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private static Row member(String handle) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, handle)
        .set(Catalog.Members.INVITED_BY, "system")
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  private void join(String handle) throws IOException {
    ledger.write(ANNA, tx -> tx.add(member(handle)));
    expected.put(handle, handle);
  }

  /** An ordinary change that writes the whole row into the text, and changes one cell of it. */
  private void dismissWelcome(String handle) throws IOException {
    ledger.write(
        ANNA,
        tx -> {
          boolean isDismissed =
              tx.find(Catalog.MEMBERS, handle)
                  .flatMap(row -> row.get(Catalog.Members.WELCOME_DISMISSED))
                  .orElse(false);
          tx.change(
              Catalog.MEMBERS, handle, Values.of(Catalog.Members.WELCOME_DISMISSED, !isDismissed));
        });
  }

  private void byHand(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 9000");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private void truncate(long bytes) throws IOException {
    try (FileChannel file = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      file.truncate(bytes);
    }
  }

  private List<String> codes() {
    return ledger.findings().stream().map(Finding::code).toList();
  }

  private void assertViewIsRight() throws IOException {
    try (ViewReader view = ledger.read()) {
      assertThat(names(view)).isEqualTo(expected);
      assertThat(view.computeDigest().hex()).isEqualTo(ledger.digest().hex());
    }
  }

  private static Map<String, String> names(ViewReader view) throws IOException {
    Map<String, String> names = new TreeMap<>();
    view.forEach(
        Catalog.MEMBERS,
        row -> names.put(row.key(), row.get(Catalog.Members.DISPLAY_NAME).orElse("")));
    return names;
  }

  /** Closes the ledger, and requires that the text makes the right database. */
  private void assertTextIsRight() throws IOException {
    ledger.close();
    FileSystemDisk disk = new FileSystemDisk(archive());
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
    Path recovered = folder.resolve("recovered.db");
    Rebuild.Result result =
        new ViewFile(recovered)
            .build(ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE);
    assertThat(result.proven()).isTrue();
    try (SqliteReader view = SqliteReader.open(recovered)) {
      assertThat(names(view)).isEqualTo(expected);
    }
  }

  @Test
  void cell_isChangedByHand_thenItsRowByTheProgram_theTextHasTheRightCell() throws IOException {
    byHand("UPDATE members SET display_name = 'Hacked' WHERE handle = 'anna'");
    dismissWelcome("anna");
    assertViewIsRight();
    Await.until(() -> ledger.findings().getFirst().message().contains("it differed in"));
    assertThat(ledger.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("view-changed");
              assertThat(finding.message())
                  .isEqualTo(
                      "the database was changed by another program; rebuilt from the archive; the"
                          + " old one is kept as community.db.damaged-1; it differed in"
                          + " members/anna.display_name");
            });
    try (Connection kept = DriverManager.getConnection("jdbc:sqlite:" + database() + ".damaged-1");
        Statement statement = kept.createStatement();
        var row =
            statement.executeQuery("SELECT display_name FROM members WHERE handle = 'anna'")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("Hacked");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    assertTextIsRight();
  }

  @Test
  void row_isDeletedByHand_cannotBeAddedTwice() throws IOException {
    byHand("DELETE FROM members WHERE handle = 'anna'");
    assertThatThrownBy(() -> join("anna"))
        .isInstanceOf(ConstraintViolationException.class)
        .hasMessageContaining("already");
    assertViewIsRight();
    assertThat(codes()).containsExactly("view-changed");
    assertTextIsRight();
  }

  @Test
  void cell_isChangedByHand_whileNothingIsWritten_isHealedSoon()
      throws IOException, InterruptedException {
    byHand("UPDATE members SET display_name = 'Hacked'");
    awaitFinding();
    assertThat(codes()).containsExactly("view-changed");
    assertViewIsRight();
    assertTextIsRight();
  }

  @Test
  void cell_isChangedByHand_beforeACheckpoint_isHealedFirst() throws IOException {
    byHand("UPDATE members SET display_name = 'Hacked'");
    ledger.checkpoint();
    assertThat(codes()).containsExactly("view-changed");
    assertViewIsRight();
    assertTextIsRight();
  }

  @Test
  void file_isTruncatedToNothing_theNextWriteFindsAViewAgain() throws IOException {
    truncate(0);
    dismissWelcome("anna");
    assertViewIsRight();
    assertThat(codes()).containsExactly("view-damaged");
    assertTextIsRight();
  }

  @Test
  void file_isTruncatedToNothing_aReaderReportsIt_isHealedOnceAndSoon()
      throws IOException, InterruptedException {
    truncate(0);
    ledger.reportUnreadable(true);
    ledger.reportUnreadable(true);
    assertHealedOnce();
  }

  @Test
  void table_isDropped_aReaderReportsIt_isHealedOnceAndSoon()
      throws IOException, InterruptedException {
    byHand("DROP TABLE members");
    ledger.reportUnreadable(true);
    ledger.reportUnreadable(true);
    assertHealedOnce();
  }

  @Test
  void table_isDropped_theNextWriteFindsItAgain() throws IOException {
    byHand("DROP TABLE members");
    dismissWelcome("anna");
    assertViewIsRight();
    assertThat(codes()).containsExactly("view-changed");
    assertTextIsRight();
  }

  /** Waits until the view was set aside and built again. */
  private void awaitFinding() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (ledger.findings().isEmpty()) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      Thread.sleep(20);
    }
    ledger.checkpoint(); // comes after the rebuild
  }

  private void assertHealedOnce() throws IOException, InterruptedException {
    awaitFinding();
    dismissWelcome("anna");
    assertViewIsRight();
    assertThat(ledger.findings()).hasSize(1);
    assertTextIsRight();
  }

  @Test
  void reader_ofAViewThatLacksSomething_namesIt() throws IOException {
    ledger.close();
    byHand("DROP TABLE prayers");
    assertLacksSomething(Catalog.PRAYERS);
    truncate(Files.size(database()) / 2);
    assertLacksSomething(Catalog.MEMBERS);
    truncate(0);
    assertLacksSomething(Catalog.MEMBERS);
  }

  private void assertLacksSomething(Table table) {
    assertThatThrownBy(
            () -> {
              try (SqliteReader view = SqliteReader.open(database())) {
                view.forEach(table, row -> {});
              }
            })
        .isInstanceOfSatisfying(ViewException.class, e -> assertThat(e.needsRebuild()).isTrue());
  }

  @Test
  void body_meetsASchemaError_itsCallFails_andTheViewIsRebuiltAtOnce() throws IOException {
    Path other = Files.createFile(folder.resolve("empty.db"));
    assertThatThrownBy(
            () ->
                ledger.write(
                    ANNA,
                    tx -> {
                      tx.add(member("boris"));
                      try (SqliteReader empty = SqliteReader.open(other)) {
                        empty.count(Catalog.MEMBERS);
                      }
                    }))
        .isInstanceOf(WriteFailedException.class)
        .hasMessageContaining("no such table");
    assertThat(codes()).containsExactly("view-damaged");
    assertViewIsRight();
    join("boris");
    assertTextIsRight();
  }

  @Test
  void start_aTableWasDropped_isRebuilt() throws IOException {
    ledger.close();
    byHand("DROP TABLE prayers");
    ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
    assertThat(codes()).containsExactly("view-rebuilt");
    assertViewIsRight();
    assertTextIsRight();
  }

  /** SQLite would read the name of a missing column in quotes as a text. */
  @Test
  void start_aColumnWasRenamed_isRebuilt() throws IOException {
    ledger.close();
    byHand("ALTER TABLE members RENAME COLUMN display_name TO shown");
    ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
    assertThat(codes()).containsExactly("view-rebuilt");
    assertViewIsRight();
    assertTextIsRight();
  }

  @Test
  void view_isReadAndCheckpointedByTheProgramItself_isBelieved() throws IOException {
    for (int i = 0; i < 30; i++) {
      try (ViewReader view = ledger.read()) {
        assertThat(names(view)).isEqualTo(expected);
        join("guest_" + i);
      }
      if (i % 10 == 0) {
        ledger.checkpoint();
        ledger.endRecovery(ANNA, tx -> tx.find(Catalog.MEMBERS, "anna"));
      }
    }
    byHand("SELECT count(*) FROM members");
    dismissWelcome("anna");
    ledger.reportUnreadable(false);
    join("last");
    assertViewIsRight();
    assertThat(ledger.findings()).isEmpty();
    assertTextIsRight();
  }

  @Test
  @Tag("slow")
  void anyChangeByHand_betweenWrites_isHealed_andNeverEntersTheText() throws IOException {
    RandomGenerator random = Seeds.random("anyChangeByHand");
    int changes = Seeds.times(200);
    for (int i = 0; i < changes; i++) {
      changeByHand(random, i);
      writeSomething(random, i);
      if (random.nextInt(10) == 0) {
        ledger.checkpoint();
      }
      assertViewIsRight();
      deleteKept();
    }
    assertThat(codes()).hasSize(changes).containsOnly("view-changed", "view-damaged");
    assertTextIsRight();
  }

  private void changeByHand(RandomGenerator random, int i) throws IOException {
    String handle = anyMember(random);
    switch (random.nextInt(8)) {
      case 0 ->
          byHand("UPDATE members SET display_name = 'H" + i + "' WHERE handle = '" + handle + "'");
      case 1 -> byHand("UPDATE members SET display_name = display_name || '!'");
      case 2 -> byHand("DELETE FROM members WHERE handle = '" + handle + "'");
      case 3 ->
          byHand(
              "INSERT INTO members (handle, display_name, created_at, welcome_dismissed,"
                  + " is_supporter, _seq) VALUES ('new_"
                  + i
                  + "', 'by hand', 1, 0, 0, 1)");
      case 4 -> byHand("DROP INDEX members_key");
      case 5 -> byHand("DROP TABLE " + (random.nextBoolean() ? "members" : "prayers"));
      case 6 -> byHand("UPDATE thywill_view SET seq = seq - 1");
      default -> truncate(random.nextLong(Files.size(database())));
    }
  }

  private void writeSomething(RandomGenerator random, int i) throws IOException {
    String handle = anyMember(random);
    switch (random.nextInt(3)) {
      case 0 -> join("new_" + i);
      case 1 -> dismissWelcome(handle);
      default -> {
        ledger.write(
            ANNA,
            tx ->
                tx.change(
                    Catalog.MEMBERS, handle, Values.of(Catalog.Members.DISPLAY_NAME, "name " + i)));
        expected.put(handle, "name " + i);
      }
    }
  }

  private String anyMember(RandomGenerator random) {
    List<String> handles = new ArrayList<>(expected.keySet());
    return handles.get(random.nextInt(handles.size()));
  }

  /** Deletes the views that were set aside, which would fill the memory. */
  private void deleteKept() throws IOException {
    try (var files = Files.newDirectoryStream(folder, "community.db.damaged-*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
