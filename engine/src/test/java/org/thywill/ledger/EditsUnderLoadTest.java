package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * The view is changed by hand while members write: each change is found, named and healed, no
 * acknowledged change is lost, and no wrong row enters the text.
 *
 * <p>A build makes 32 changes; {@code ./prove --only edits} makes 1,000.
 */
@Tag("slow")
class EditsUnderLoadTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final int WRITERS = 3;
  private static final int MEMBERS = 60;
  private static final int EDITS = Integer.getInteger("thywill.edits", Seeds.times(32));
  private static final String REPLACED = "another file was put in the place of the database";

  /** Members who think before they write; otherwise the history would outgrow the test. */
  private static final Duration THINKING = Duration.ofMillis(4);

  private static final Duration FOUND_WITHIN = Duration.ofSeconds(60);
  private static final Duration MISSED_AFTER = Duration.ofSeconds(20);

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Queue<ViewIncident> incidents = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicBoolean isOver = new AtomicBoolean();

  /** A kind of change, and how the incident that it leads to names it. */
  private record Edit(String what, String named, Action action) {}

  /** Changes the view by hand. */
  private interface Action {
    void run() throws IOException, SQLException;
  }

  @Test
  void anyChangeByHand_whileMembersWrite_isFoundNamedAndHealed()
      throws IOException, InterruptedException {
    RandomGenerator random = Seeds.random("EditsUnderLoadTest");
    Path other = foundOther();
    Ledger.found(archive(), "c0ffee", CLOCK);
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      for (int i = 0; i < MEMBERS; i++) {
        rename(ledger, "member_" + i, "first");
      }
    }
    Path older = Files.copy(database(), folder.resolve("older.db"));
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      ledger.observeView(observer());
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int number = i;
        writers.add(Thread.ofPlatform().name("writer-" + i).start(() -> write(ledger, number)));
      }
      for (int i = 0; i < EDITS && failures.isEmpty(); i++) {
        make(edit(random, i, older, other));
      }
      isOver.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(failures).isEmpty();
      ledger.checkpoint();
      try (ViewReader view = ledger.read()) {
        assertThat(names(view)).isEqualTo(new TreeMap<>(acknowledged));
        assertThat(view.computeDigest().hex()).isEqualTo(ledger.digest().hex());
      }
      assertThat(ledger.viewRebuilds()).isGreaterThanOrEqualTo(EDITS);
    }
    assertTextIsRight();
    Seeds.proved(
        "edits",
        EDITS,
        "changes by hand while "
            + WRITERS
            + " wrote; "
            + refused
            + " changes were refused, none that was acknowledged was lost");
  }

  private ViewIncident.Observer observer() {
    return new ViewIncident.Observer() {
      @Override
      public void lost(String reason) {}

      @Override
      public void rebuilt(ViewIncident incident) {
        incidents.add(incident);
      }
    };
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private Path foundOther() throws IOException {
    Path other = folder.resolve("other");
    Ledger.found(other.resolve("text_archives"), "beef", CLOCK);
    Path view = other.resolve("community.db");
    try (Ledger ledger =
        Ledger.open(other.resolve("text_archives"), view, CLOCK, ProgressListener.NONE)) {
      ledger.write(Change.Cause.by("zoe"), tx -> tx.add(member("zoe", "of another community")));
    }
    return view;
  }

  private static Row member(String handle, String name) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, name)
        .set(Catalog.Members.INVITED_BY, "system")
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  /** Gives a member a name, by adding or changing the row. */
  private void rename(Ledger ledger, String handle, String name) throws IOException {
    ledger.write(
        Change.Cause.by(handle),
        tx -> {
          if (tx.find(Catalog.MEMBERS, handle).isPresent()) {
            tx.change(Catalog.MEMBERS, handle, Values.of(Catalog.Members.DISPLAY_NAME, name));
          } else {
            tx.add(member(handle, name));
          }
        });
    acknowledged.put(handle, name);
  }

  /** Writes until the test is over; each writer has members of its own. */
  private void write(Ledger ledger, int number) {
    try {
      for (int i = 0; !isOver.get(); i++) {
        String handle = "member_" + (number + WRITERS * (i % (MEMBERS / WRITERS)));
        try {
          rename(ledger, handle, "name " + i + " of " + handle);
        } catch (WriteFailedException e) {
          refused.incrementAndGet(); // answered as not saved, so nothing is expected of it
        }
        Thread.sleep(THINKING);
      }
    } catch (InterruptedException | IOException | RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private Edit edit(RandomGenerator random, int i, Path older, Path other) {
    String handle = "member_" + random.nextInt(MEMBERS);
    String where = " WHERE handle = '" + handle + "'";
    return switch (i % 8) {
      case 0 -> bySql("UPDATE members SET invited_by = 'by hand'" + where, handle + ".invited_by");
      case 1 -> bySql("DELETE FROM members" + where, "members/" + handle);
      case 2 ->
          bySql(
              "INSERT INTO members (handle, display_name, created_at, welcome_dismissed,"
                  + " is_supporter, _seq) VALUES ('hand_"
                  + i
                  + "', 'by hand', 1, 0, 0, 1)",
              "members/hand_" + i);
      case 3 -> bySql("DROP INDEX members_key", "the index members_key");
      case 4 -> bySql("DROP TABLE prayers", "the table prayers");
      case 5 -> bySql("UPDATE members SET invited_by = 'by hand'", "more in members");
      case 6 -> new Edit("older file", REPLACED, () -> ViewVandal.replace(database(), older));
      default ->
          new Edit(
              "file of another community", REPLACED, () -> ViewVandal.replace(database(), other));
    };
  }

  private Edit bySql(String sql, String named) {
    return new Edit(
        sql,
        named,
        () -> {
          try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
              Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 9000");
            statement.execute(sql);
          }
        });
  }

  /**
   * Makes a change and waits until it is named. One that met a view that was just being set aside
   * is made again: nothing of it is left.
   */
  private void make(Edit edit) throws InterruptedException, IOException {
    long start = System.nanoTime();
    while (failures.isEmpty()) {
      incidents.clear();
      try {
        edit.action().run();
      } catch (SQLException e) {
        continue; // the view was being replaced
      }
      long made = System.nanoTime();
      while (failures.isEmpty() && System.nanoTime() - made < MISSED_AFTER.toNanos()) {
        if (incidents.stream().anyMatch(each -> each.sentence().contains(edit.named()))) {
          return;
        }
        Thread.sleep(2);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("%s was not named, only %s", edit.what(), incidents)
          .isLessThan(FOUND_WITHIN);
    }
  }

  private static Map<String, String> names(ViewReader view) throws IOException {
    Map<String, String> names = new TreeMap<>();
    view.forEach(
        Catalog.MEMBERS,
        row -> {
          assertThat(row.get(Catalog.Members.INVITED_BY)).contains("system");
          names.put(row.key(), row.get(Catalog.Members.DISPLAY_NAME).orElse(""));
        });
    return names;
  }

  private void assertTextIsRight() throws IOException {
    FileSystemDisk disk = new FileSystemDisk(archive());
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
    Path recovered = folder.resolve("recovered.db");
    Rebuild.Result result =
        new ViewFile(recovered)
            .build(ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE);
    assertThat(result.proven()).isTrue();
    try (SqliteReader view = SqliteReader.open(recovered)) {
      assertThat(names(view)).isEqualTo(new TreeMap<>(acknowledged));
    }
  }
}
