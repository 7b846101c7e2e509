package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.LineCodec;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

class LedgerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07.123456Z"));
  private static final Change.Cause MARY = Change.Cause.by("mary");

  @TempDir Path folder;

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private Ledger founded() throws IOException {
    Ledger.found(archive(), "c0ffee", CLOCK);
    return Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
  }

  private static Row member(String handle) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, handle)
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  private static Row prayer(String id, String author, String text) {
    return Row.in(Catalog.PRAYERS)
        .set(Catalog.Prayers.ID, id)
        .set(Catalog.Prayers.AUTHOR, author)
        .set(Catalog.Prayers.TEXT, text)
        .set(Catalog.Prayers.CREATED_AT, 2L)
        .set(Catalog.Prayers.MODERATION, "open")
        .set(Catalog.Prayers.VISIBILITY, "members")
        .build();
  }

  @Test
  void start_pagesAndSnapshotsAreMissing_areWrittenAgain_andReported() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(
          MARY,
          transaction -> {
            transaction.add(member("mary"));
            transaction.add(prayer("p1", "mary", "For Tom"));
            transaction.add(prayer("p2", "mary", "For Ann"));
            transaction.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, "n")
                    .set(Catalog.FeatureFlags.ENABLED, true)
                    .build());
          });
    }
    Path page = archive().resolve("prayers/2026/03/2026_03_04_prayer_at_0506_p1.txt");
    Path snapshot = archive().resolve("system/feature_flags.txt");
    Map<Path, String> sound =
        Map.of(page, Files.readString(page), snapshot, Files.readString(snapshot));
    Files.delete(page);
    Files.delete(snapshot);
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      assertThat(ledger.findings())
          .extracting(finding -> finding.code() + " " + finding.file())
          .containsExactly(
              "snapshot-made system/feature_flags.txt",
              "page-made prayers/2026/03/2026_03_04_prayer_at_0506_p1.txt");
    }
    for (Map.Entry<Path, String> file : sound.entrySet()) {
      assertThat(Files.readString(file.getKey())).isEqualTo(file.getValue());
    }
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      assertThat(ledger.findings()).isEmpty();
    }
  }

  /** Plain letters, letters of two bytes, and a character whose escape takes eight. */
  @ParameterizedTest
  @CsvSource({"a,1", "ä,2", "\u200e,8"})
  void text_thatALineHasJustRoomFor_isKept_oneMoreIsRefusedByTableRowAndColumn(
      String character, int bytes) throws IOException {
    Row small = prayer("p1", "mary", "");
    long others =
        Catalog.PRAYERS.columns().stream()
            .map(column -> small.value(Catalog.PRAYERS.columns().indexOf(column)))
            .filter(String.class::isInstance)
            .mapToLong(text -> ((String) text).length())
            .sum();
    long room = LineCodec.TEXT_BYTES_MAX - others - "mary".length();
    String longest = character.repeat((int) (room / bytes)) + "a".repeat((int) (room % bytes));
    try (Ledger ledger = founded()) {
      ledger.write(MARY, transaction -> transaction.add(member("mary")));
      assertThatThrownBy(
              () ->
                  ledger.write(
                      MARY, transaction -> transaction.add(prayer("p1", "mary", longest + "a"))))
          .isInstanceOf(ConstraintViolationException.class)
          .hasMessageContaining("prayers p1: text has ")
          .hasMessageContaining("a line has room for ");
      Receipt kept =
          ledger.write(MARY, transaction -> transaction.add(prayer("p1", "mary", longest)));
      assertThat(kept.last()).as("what was refused has no number").isEqualTo(2);
    }
    Path scratch = folder.resolve("again.db");
    Rebuild.into(
        scratch,
        ArchiveReader.open(new FileSystemDisk(archive()), 0),
        PointInTime.NOW,
        ProgressListener.NONE);
    try (SqliteReader reader = SqliteReader.open(scratch)) {
      Row kept = reader.find(Catalog.PRAYERS, "p1").orElseThrow();
      assertThat(kept.get(Catalog.Prayers.TEXT).orElseThrow().equals(longest)).isTrue();
    }
  }

  /** A damaged page does not keep a ledger from starting: a check reports it. */
  @Test
  void start_aPageIsMissingAndItsLogIsDamaged_startsAllTheSame() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(
          MARY,
          transaction -> {
            transaction.add(member("mary"));
            transaction.add(prayer("p1", "mary", "For Tom"));
          });
    }
    Files.delete(archive().resolve("prayers/2026/03/2026_03_04_prayer_at_0506_p1.txt"));
    Path log = archive().resolve("prayers/2026_03_prayers.txt");
    Files.writeString(log, Files.readString(log).replace("For Tom", "For Tim"));
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      assertThat(ledger.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo("page-missing");
                assertThat(finding.next()).isEqualTo("thywill repair-archives");
              });
    }
  }

  @Test
  void write_thenDatabaseDeleted_rebuildsTheSameDigest() throws IOException {
    String before;
    try (Ledger ledger = founded()) {
      ledger.write(
          MARY,
          tx -> {
            tx.add(member("mary"));
            tx.add(prayer("p1", "mary", "Hard day | with = signs\nand \\ lines\u0000"));
          });
      ledger.write(
          MARY.because("unkind"),
          tx -> tx.change(Catalog.PRAYERS, "p1", Values.of(Catalog.Prayers.MODERATION, "hidden")));
      before = ledger.digest().hex();
    }
    Files.delete(database());

    ArchiveReader reader = ArchiveReader.open(new FileSystemDisk(archive()), 0);
    Rebuild.Result result =
        new ViewFile(database()).build(reader, PointInTime.NOW, ProgressListener.NONE);

    assertThat(result.proven()).isTrue();
    assertThat(result.digest().hex()).isEqualTo(before);
    try (SqliteReader view = SqliteReader.open(database())) {
      assertThat(view.find(Catalog.PRAYERS, "p1").orElseThrow().get(Catalog.Prayers.TEXT))
          .contains("Hard day | with = signs\nand \\ lines\u0000");
      assertThat(view.find(Catalog.PRAYERS, "p1").orElseThrow().get(Catalog.Prayers.MODERATION))
          .contains("hidden");
      assertThat(view.computeDigest().hex()).isEqualTo(before);
    }
  }

  @Test
  void write_refusedBody_changesNothing() throws IOException {
    try (Ledger ledger = founded()) {
      String before = ledger.digest().hex();
      assertThatThrownBy(
              () ->
                  ledger.write(
                      MARY,
                      tx -> {
                        tx.add(member("mary"));
                        tx.add(prayer("p1", "nobody", "text"));
                      }))
          .isInstanceOf(ConstraintViolationException.class)
          .hasMessageContaining("author");
      assertThat(ledger.digest().hex()).isEqualTo(before);
      try (ViewReader view = ledger.read()) {
        assertThat(view.count(Catalog.MEMBERS)).isZero();
      }
    }
  }

  @Test
  void importedRowsOfAPrayerThatComesLater_areOnItsPage() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(
          MARY,
          tx ->
              tx.addImported(
                  Row.in(Catalog.MARKS)
                      .set(Catalog.Marks.ID, "m1")
                      .set(Catalog.Marks.PRAYER, "p1")
                      .set(Catalog.Marks.MEMBER, "mary")
                      .build()));
      ledger.write(
          MARY,
          tx ->
              tx.addImported(
                  Row.in(Catalog.ATTRIBUTES)
                      .set(Catalog.Attributes.ID, "a1")
                      .set(Catalog.Attributes.PRAYER, "p1")
                      .set(Catalog.Attributes.NAME, "answered")
                      .build()));
      ledger.checkpoint();
      ledger.write(MARY, tx -> tx.add(member("mary")));
      ledger.write(MARY, tx -> tx.add(prayer("p1", "mary", "later")));
      ledger.write(MARY, tx -> tx.add(prayer("p2", "mary", "another")));
      ledger.checkpoint();
    }
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(new FileSystemDisk(archive()))).isEmpty();
  }

  @Test
  void importedRowsChangedOrRemovedBeforeTheirPrayerComes_areOnItsPage() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(MARY, tx -> tx.add(member("mary")));
      for (String id : List.of("m1", "m2")) {
        ledger.write(
            MARY,
            tx ->
                tx.addImported(
                    Row.in(Catalog.MARKS)
                        .set(Catalog.Marks.ID, id)
                        .set(Catalog.Marks.PRAYER, "p" + id)
                        .set(Catalog.Marks.MEMBER, "mary")
                        .set(Catalog.Marks.CREATED_AT, 1L)
                        .build()));
      }
      ledger.checkpoint();
      ledger.write(
          MARY,
          tx -> {
            tx.add(prayer("pm1", "mary", "later"));
            tx.change(Catalog.MARKS, "m1", Values.of(Catalog.Marks.CREATED_AT, 2L));
          });
      ledger.write(MARY, tx -> tx.remove(Catalog.MARKS, "m2"));
      ledger.write(MARY, tx -> tx.add(prayer("pm2", "mary", "later still")));
      ledger.checkpoint();
    }
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(new FileSystemDisk(archive()))).isEmpty();
  }

  @Test
  void changesThatWaitForACheckpoint_takeAShareOfTheHeap_withinBounds() {
    assertThat(LedgerCore.pendingBytesMax(512L << 20)).isEqualTo((512L << 20) / 6);
    assertThat(LedgerCore.pendingBytesMax(16L << 20)).isEqualTo(8L << 20);
    assertThat(LedgerCore.pendingBytesMax(Long.MAX_VALUE)).isEqualTo(256L << 20);
    assertThat(LedgerCore.PENDING_BYTES_MAX)
        .isEqualTo(LedgerCore.pendingBytesMax(Runtime.getRuntime().maxMemory()));
  }

  @Test
  void write_numberThatIsNone_isRefused() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(MARY, tx -> tx.add(member("mary")));
      Row prayer =
          prayer("p1", "mary", "text").with(Values.of(Catalog.Prayers.SAFETY_SCORE, Double.NaN));
      assertThatThrownBy(() -> ledger.write(MARY, tx -> tx.add(prayer)))
          .isInstanceOf(ConstraintViolationException.class)
          .hasMessageContaining("safety_score");
      assertThatThrownBy(() -> ledger.write(MARY, tx -> tx.addImported(prayer)))
          .isInstanceOf(ConstraintViolationException.class);
    }
  }

  @Test
  void compute_returnsWhatTheBodyReturned_onceItsChangesAreSafe() throws IOException {
    try (Ledger ledger = founded()) {
      String found =
          ledger.compute(
              MARY,
              tx -> {
                tx.add(member("mary"));
                return tx.find(Catalog.MEMBERS, "mary").orElseThrow().key();
              });
      assertThat(found).isEqualTo("mary");
      try (ViewReader view = ledger.read()) {
        assertThat(view.find(Catalog.MEMBERS, "mary")).isPresent();
      }
    }
    assertThat(Files.readString(archive().resolve("users/2026_03_users.txt"))).contains("mary");
  }

  @Test
  void compute_bodyThrows_changesNothing() throws IOException {
    try (Ledger ledger = founded()) {
      assertThatThrownBy(
              () ->
                  ledger.<String>compute(
                      MARY,
                      tx -> {
                        tx.add(member("mary"));
                        throw new IOException("on purpose");
                      }))
          .hasMessage("on purpose");
      try (ViewReader view = ledger.read()) {
        assertThat(view.find(Catalog.MEMBERS, "mary")).isEmpty();
      }
    }
  }

  @Test
  void compute_withIdempotencyKey_isRefused_andRunsNothing() throws IOException {
    try (Ledger ledger = founded()) {
      assertThatThrownBy(
              () ->
                  ledger.compute(
                      MARY.withIdempotencyKey("once"),
                      tx -> {
                        throw new IllegalStateException("the body ran");
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("idempotency key");
    }
  }

  @Test
  void write_sameRequestTwice_isDoneOnce_alsoAfterARebuild() throws IOException {
    Receipt first;
    try (Ledger ledger = founded()) {
      first = ledger.write(MARY.withIdempotencyKey("r-1"), tx -> tx.add(member("mary")));
      Receipt again = ledger.write(MARY.withIdempotencyKey("r-1"), tx -> tx.add(member("mary")));
      assertThat(again).isEqualTo(new Receipt(first.first(), first.last(), true));
    }
    Files.delete(database());
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      assertThat(
              ledger.write(MARY.withIdempotencyKey("r-1"), tx -> tx.add(member("mary"))).repeated())
          .isTrue();
    }
  }

  @Test
  void open_whileHeld_isRefused() throws IOException {
    try (Ledger ledger = founded()) {
      assertThat(ledger.findings()).isEmpty();
      assertThatThrownBy(() -> Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE))
          .isInstanceOf(ArchiveLock.Held.class)
          .hasMessageContaining("another process holds the archive");
    }
  }

  @Test
  void close_leavesReadablePages() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(
          MARY,
          tx -> {
            tx.add(member("mary"));
            tx.add(prayer("p1", "mary", "Please pray for the driver."));
          });
    }
    Path page = archive().resolve("prayers/2026/03/2026_03_04_prayer_at_0506_p1.txt");
    List<String> lines = Files.readAllLines(page);
    assertThat(lines).contains("Prayer p1 by mary", "  Please pray for the driver.");
    assertThat(lines.getLast()).startsWith("check|");
  }

  @Test
  void open_databaseOverwrittenWithRubbish_isSetAsideAndRebuilt() throws IOException {
    String before;
    try (Ledger ledger = founded()) {
      ledger.write(MARY, tx -> tx.add(member("mary")));
      before = ledger.digest().hex();
    }
    Files.writeString(
        database(), "this is no database at all, and long enough to look like something");
    try (Ledger ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE)) {
      assertThat(ledger.digest().hex()).isEqualTo(before);
      assertThat(ledger.findings()).extracting("code").containsExactly("view-rebuilt");
    }
    assertThat(folder.resolve("community.db.damaged-1")).exists();
  }
}
