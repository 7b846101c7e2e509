package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.RecoveryMarker;

/** What was changed in the view while no server ran is found before the first answer. */
class ViewAtStartTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final Change.Cause ANNA = Change.Cause.by("anna");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private Ledger ledger;

  @SuppressWarnings("NullAway.Init")
  ViewAtStartTest() {}

  @BeforeEach
  void serveOnce() throws IOException {
    Ledger.found(archive(), "c0ffee", CLOCK);
    open();
    for (String handle : List.of("anna", "boris", "clara")) {
      join(handle);
    }
    ledger.close();
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private void open() throws IOException {
    ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private void join(String handle) throws IOException {
    ledger.write(
        ANNA,
        tx ->
            tx.add(
                Row.in(Catalog.MEMBERS)
                    .set(Catalog.Members.HANDLE, handle)
                    .set(Catalog.Members.DISPLAY_NAME, "name of " + handle)
                    .set(Catalog.Members.INVITED_BY, "system")
                    .set(Catalog.Members.CREATED_AT, 1L)
                    .set(Catalog.Members.WELCOME_DISMISSED, false)
                    .set(Catalog.Members.IS_SUPPORTER, false)
                    .build()));
  }

  private void byHand(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Overwrites bytes of the file, as a program does that knows nothing of SQLite. */
  private void inPlace(String before, String after) throws IOException {
    byte[] bytes = Files.readAllBytes(database());
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(before);
    assertThat(at).as("position of %s in the file", before).isPositive();
    try (FileChannel file = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(after.getBytes(StandardCharsets.ISO_8859_1)), at);
    }
  }

  private Finding onlyFinding() {
    assertThat(ledger.findings()).hasSize(1);
    return ledger.findings().getFirst();
  }

  private void assertViewIsRight() throws IOException {
    try (ViewReader view = ledger.read()) {
      for (String handle : List.of("anna", "boris", "clara")) {
        assertThat(view.find(Catalog.MEMBERS, handle))
            .as("%s", handle)
            .get()
            .extracting(row -> row.get(Catalog.Members.DISPLAY_NAME).orElse(""))
            .isEqualTo("name of " + handle);
      }
      assertThat(view.count(Catalog.MEMBERS)).isEqualTo(3);
      assertThat(view.computeDigest().hex()).isEqualTo(ledger.digest().hex());
    }
  }

  private void assertHealed(String named) throws IOException {
    assertThat(onlyFinding().code()).isEqualTo("view-changed");
    assertThat(onlyFinding().message())
        .startsWith("the database was changed while no server ran: ")
        .contains("; rebuilt from the archive; the old one is kept as community.db.damaged-1")
        .contains(named);
    assertViewIsRight();
  }

  @Test
  void cell_isChanged_isHealedAndNamed() throws IOException {
    byHand("UPDATE members SET display_name = 'Hacked' WHERE handle = 'boris'");
    open();
    assertHealed("it differed in members/boris.display_name");
    assertThat(onlyFinding().message()).doesNotContain("Hacked");
  }

  @Test
  void row_isDeletedOrAdded_isHealedAndNamed() throws IOException {
    byHand("DELETE FROM members WHERE handle = 'boris'");
    byHand(
        "INSERT INTO members (handle, display_name, created_at, welcome_dismissed, is_supporter,"
            + " _seq) VALUES ('zed', 'by hand', 1, 0, 0, 1)");
    open();
    assertHealed("it differed in members/boris, members/zed");
  }

  @Test
  void manyRows_areChanged_theFindingIsShort() throws IOException {
    byHand("UPDATE members SET display_name = 'Hacked', invited_by = 'boris', is_supporter = 1");
    open();
    assertHealed("4 more in members");
    assertThat(onlyFinding().message()).hasSizeLessThan(600);
  }

  @Test
  void value_ofAnotherTypeIsWritten_isHealed() throws IOException {
    byHand("UPDATE members SET created_at = 'yesterday' WHERE handle = 'anna'");
    open();
    assertHealed("its rows cannot be read: members.created_at holds a value that is no TIME");
  }

  @Test
  void trigger_isAdded_isRemovedWithTheOldDatabase() throws IOException {
    byHand(
        "CREATE TRIGGER more AFTER UPDATE ON members BEGIN UPDATE members SET is_supporter = 1;"
            + " END");
    open();
    assertHealed("it has what the program did not make (trigger more)");
  }

  @Test
  void index_isDropped_isHealedAndNamed() throws IOException {
    byHand("DROP INDEX members_key");
    open();
    assertHealed("it differed in the index members_key");
  }

  @Test
  void requestKeys_areDeleted_areBack() throws IOException {
    requireRequestsBack(() -> {});
  }

  @Test
  void requestKeys_areDeletedAfterACrash_areBack() throws IOException {
    requireRequestsBack(() -> Files.delete(folder.resolve("community.db-stamp")));
  }

  private interface End {
    void happen() throws IOException;
  }

  private void requireRequestsBack(End end) throws IOException {
    open();
    Change.Cause again = ANNA.withIdempotencyKey("r-1");
    ledger.write(again, tx -> tx.remove(Catalog.MEMBERS, "clara"));
    ledger.close();
    end.happen();
    byHand("DELETE FROM thywill_requests");
    open();
    assertThat(onlyFinding().code()).isEqualTo("view-changed");
    assertThat(onlyFinding().message()).contains("it does not hold the requests that it recorded");
    assertThat(ledger.write(again, tx -> tx.remove(Catalog.MEMBERS, "anna")).repeated()).isTrue();
  }

  @Test
  void bytes_areChangedInPlace_withTheTimesAsBefore_isHealedAndNamed() throws IOException {
    FileTime modified = Files.getLastModifiedTime(database());
    inPlace("name of clara", "name of clarA");
    Files.setLastModifiedTime(database(), modified);
    open();
    assertHealed("it differed in members/clara.display_name");
  }

  /** The stamp was written in the same step of the clock as the last bytes of the file. */
  @Test
  void bytes_areChangedWithinTheSameStepOfTheClock_isHealed() throws IOException {
    Path stamp = folder.resolve("community.db-stamp");
    inPlace("name of clara", "name of clarA");
    ViewFile.Trace now = Objects.requireNonNull(new ViewFile(database()).trace());
    String text = Files.readString(stamp);
    Files.writeString(
        stamp,
        text.replaceFirst("modified .*", "modified " + now.modified())
            .replaceFirst("changed .*", "changed " + now.changed()));
    Files.setLastModifiedTime(stamp, now.modified());
    open();
    assertHealed("it differed in members/clara.display_name");
  }

  @Test
  void digest_isMadeToFit_theHeadOfTheArchiveContradicts() throws IOException {
    open();
    ledger.write(ANNA, tx -> tx.remove(Catalog.MEMBERS, "clara"));
    ledger.close();
    Path without = Files.copy(database(), folder.resolve("without"));
    Files.delete(database());
    open();
    join("clara");
    ledger.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute("ATTACH '" + without + "' AS w");
      statement.execute("DELETE FROM members WHERE handle = 'clara'");
      statement.execute("DELETE FROM thywill_digest");
      statement.execute("INSERT INTO thywill_digest SELECT * FROM w.thywill_digest");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    open();
    assertHealed("it differed in members/clara");
  }

  @Test
  void nothing_isChanged_theNextStartBelievesTheStamp() throws IOException {
    ViewFile file = new ViewFile(database());
    assertThat(ViewStamp.verdict(file)).isEqualTo(ViewStamp.Verdict.UNTOUCHED);
    open();
    assertThat(ledger.findings()).isEmpty();
    assertThat(folder.resolve("community.db-stamp")).as("while it is served").doesNotExist();
    ledger.close();
    assertThat(ViewStamp.verdict(file)).isEqualTo(ViewStamp.Verdict.UNTOUCHED);
    byHand("UPDATE members SET display_name = 'Hacked'");
    assertThat(ViewStamp.verdict(file)).isEqualTo(ViewStamp.Verdict.CHANGED);
  }

  @Test
  void file_isOnlyTouchedOrCopied_isBelievedAfterReading() throws IOException {
    Files.setLastModifiedTime(database(), FileTime.from(CLOCK.instant()));
    open();
    assertThat(ledger.findings()).isEmpty();
    ledger.close();
    Path copy = Files.copy(database(), folder.resolve("copy"));
    Files.move(copy, database(), StandardCopyOption.REPLACE_EXISTING);
    open();
    assertThat(ledger.findings()).isEmpty();
    assertViewIsRight();
  }

  @Test
  void server_isKilled_thenACellIsChanged_isHealedAndNamed() throws IOException {
    open();
    ledger.close();
    Files.delete(folder.resolve("community.db-stamp"));
    open();
    assertThat(ledger.findings()).as("nothing was changed").isEmpty();
    ledger.close();
    Files.delete(folder.resolve("community.db-stamp"));
    byHand("UPDATE members SET display_name = 'Hacked' WHERE handle = 'boris'");
    open();
    assertHealed("it differed in members/boris.display_name");
  }

  @Test
  void recovery_isPending_survivesTheRebuild() throws IOException {
    RecoveryMarker.recovered(database(), PendingRecovery.whole(3));
    byHand("UPDATE members SET display_name = 'Hacked' WHERE handle = 'boris'");
    open();
    assertHealed("members/boris.display_name");
    try (ViewReader view = ledger.read()) {
      assertThat(view.recovery()).contains(PendingRecovery.whole(3));
    }
    ledger.endRecovery(ANNA, tx -> tx.find(Catalog.MEMBERS, "anna"));
    byHand("UPDATE members SET display_name = 'Hacked' WHERE handle = 'boris'");
    ledger.checkpoint();
    try (ViewReader view = ledger.read()) {
      assertThat(view.recovery()).isEmpty();
    }
  }
}
