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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.simulation.MemoryFolder;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;

/** What happens to the file of the view under the ledger is found, healed, reported and bounded. */
class ServedViewTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final Change.Cause ANNA = Change.Cause.by("anna");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private Ledger ledger;
  private final List<String> reported = Collections.synchronizedList(new ArrayList<>());

  private final ViewIncident.Observer observer =
      new ViewIncident.Observer() {
        @Override
        public void lost(String reason) {
          reported.add("lost: " + reason);
        }

        @Override
        public void rebuilt(ViewIncident incident) {
          reported.add(
              incident.code() + ": " + incident.sentence().replaceAll("\\d\\.\\d s", "N s"));
        }
      };

  @SuppressWarnings("NullAway.Init")
  ServedViewTest() {}

  @BeforeEach
  void open() throws IOException {
    Ledger.found(archive(), "c0ffee", CLOCK);
    openAgain();
    join("anna");
    join("boris");
    ledger.close();
    Files.copy(database(), folder.resolve("older.db"));
    openAgain(); // the file has all rows now, and no log
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private void openAgain() throws IOException {
    ledger = Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
    ledger.observeView(observer);
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
        .set(Catalog.Members.DISPLAY_NAME, "name of " + handle)
        .set(Catalog.Members.INVITED_BY, "system")
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  private void join(String handle) throws IOException {
    ledger.write(ANNA, tx -> tx.add(member(handle)));
  }

  /** An ordinary change that copies the other columns of the row into the text. */
  private void support(String handle) throws IOException {
    ledger.write(
        ANNA,
        tx -> tx.change(Catalog.MEMBERS, handle, Values.of(Catalog.Members.IS_SUPPORTER, true)));
  }

  private static void inPlace(Path file, String before, String after) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(before);
    assertThat(at).as("position of %s in the file", before).isPositive();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(after.getBytes(StandardCharsets.ISO_8859_1)), at);
    }
  }

  private void swap(Path other) throws IOException {
    Path copy = Files.copy(other, folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(copy, database(), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> codes() {
    return ledger.findings().stream().map(Finding::code).toList();
  }

  private void assertRight(String... handles) throws IOException {
    try (ViewReader view = ledger.read()) {
      for (String handle : handles) {
        assertThat(
                view.find(Catalog.MEMBERS, handle)
                    .flatMap(row -> row.get(Catalog.Members.DISPLAY_NAME)))
            .contains("name of " + handle);
      }
      assertThat(view.count(Catalog.MEMBERS)).isEqualTo(handles.length);
      assertThat(view.computeDigest().hex()).isEqualTo(ledger.digest().hex());
    }
    ledger.close();
    Files.delete(database());
    openAgain();
    try (ViewReader view = ledger.read()) {
      assertThat(view.count(Catalog.MEMBERS)).isEqualTo(handles.length);
      for (String handle : handles) {
        assertThat(
                view.find(Catalog.MEMBERS, handle)
                    .flatMap(row -> row.get(Catalog.Members.DISPLAY_NAME)))
            .as("from the text")
            .contains("name of " + handle);
      }
    }
  }

  private void awaitReported(int count) {
    Await.until(() -> reported.size() >= count);
  }

  @Test
  void bytes_areChangedInPlace_theNextWriteOfThatRowIsRight() throws IOException {
    inPlace(database(), "name of boris", "NAME of boris");
    support("boris");
    awaitReported(2);
    assertThat(reported)
        .containsExactly(
            "lost: the database was changed by another program",
            "view-changed: the database was changed by another program; built again from 2 changes"
                + " in N s; the old one is kept as community.db.damaged-1; it differed in"
                + " members/boris.display_name");
    assertThat(codes()).containsExactly("view-changed");
    assertThat(ledger.viewRebuilds()).isEqualTo(1);
    assertThat(ledger.digestMismatches()).isEqualTo(1);
    assertRight("anna", "boris");
  }

  @Test
  void bytes_areChangedInPlace_whileNothingIsWritten_isHealedSoon() throws IOException {
    inPlace(database(), "name of boris", "NAME of boris");
    awaitReported(2);
    assertRight("anna", "boris");
  }

  /** The times of the file say nothing; only reading all rows finds it. */
  @Test
  void bytes_areChangedInPlace_withTheTimesAsBefore_aScanFindsIt() throws IOException {
    ledger.close();
    SimulatedClock nanos = new SimulatedClock();
    LedgerCore core =
        LedgerCore.open(
            new FileSystemDisk(archive()),
            new ViewFile(database()),
            CLOCK,
            nanos::next,
            ProgressListener.NONE);
    core.beginScan().run();
    core.endScan();
    assertThat(core.findings()).isEmpty();
    FileTime modified = Files.getLastModifiedTime(database());
    inPlace(database(), "name of boris", "NAME of boris");
    Files.setLastModifiedTime(database(), modified);
    core.repairViewIfNeeded(false);
    assertThat(core.takeScanWish()).as("the file system knows of a change").isTrue();
    assertThat(core.findings()).isEmpty();
    core.beginScan().run();
    assertThat(core.isScanDone()).isTrue();
    core.endScan();
    assertThat(core.findings())
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .contains("it does not hold what the archive recorded in members; rebuilt")
        .contains("it differed in members/boris.display_name");
    assertThat(core.events().mismatches()).isEqualTo(1);
    core.beginScan().run();
    core.endScan();
    assertThat(core.findings()).hasSize(1);
    core.close();
    openAgain();
    assertRight("anna", "boris");
  }

  /** Counts nanoseconds without a clock. */
  private static final class SimulatedClock {
    private long nanos;

    long next() {
      return ++nanos;
    }
  }

  @Test
  void file_isDeleted_lossAndReturnAreTold() throws IOException {
    Files.delete(database());
    join("clara");
    awaitReported(2);
    assertThat(reported)
        .containsExactly(
            "lost: the database was gone",
            "view-lost: the database was gone; built again from 2 changes in N s");
    assertThat(ledger.digestMismatches()).isZero();
    assertRight("anna", "boris", "clara");
  }

  @Test
  void file_isReplacedByThatOfAnotherCommunity_isSetAside() throws IOException {
    Path other = folder.resolve("other");
    Ledger.found(other.resolve("text_archives"), "beef", CLOCK);
    try (Ledger ledgerOfOther =
        Ledger.open(
            other.resolve("text_archives"),
            other.resolve("community.db"),
            CLOCK,
            ProgressListener.NONE)) {
      ledgerOfOther.write(ANNA, tx -> tx.add(member("stranger")));
    }
    swap(other.resolve("community.db"));
    support("boris");
    awaitReported(2);
    assertThat(codes()).containsExactly("view-replaced");
    assertThat(reported.getLast()).contains("members/stranger");
    try (SqliteReader aside = SqliteReader.open(folder.resolve("community.db.damaged-1"))) {
      assertThat(aside.state().community()).isEqualTo("beef");
    }
    assertRight("anna", "boris");
  }

  @Test
  void file_isReplacedByAnOlderOne_isSetAside() throws IOException {
    join("clara");
    ledger.checkpoint();
    swap(folder.resolve("older.db"));
    join("dora");
    awaitReported(2);
    assertThat(codes()).containsExactly("view-replaced");
    assertRight("anna", "boris", "clara", "dora");
  }

  @Test
  void files_thatAreSetAside_areBounded() throws IOException {
    for (int i = 1; i <= SetAsideFiles.FILES_MAX + 3; i++) {
      swap(folder.resolve("older.db"));
      join("guest_" + i);
      Await.until(() -> !reported.isEmpty() && !reported.getLast().startsWith("lost"));
      reported.clear();
    }
    try (var files = Files.list(folder)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.matches(".*damaged-\\d+")))
          .containsExactlyInAnyOrder(
              "community.db.damaged-4",
              "community.db.damaged-5",
              "community.db.damaged-6",
              "community.db.damaged-7",
              "community.db.damaged-8");
    }
  }

  @Test
  void files_thatAreSetAside_areBoundedInSize_butTheNewestRemains() throws IOException {
    for (int i = 1; i <= 4; i++) {
      Files.write(folder.resolve("x.db.damaged-" + i), new byte[400]);
      Files.write(folder.resolve("x.db.damaged-" + i + "-wal"), new byte[400]);
    }
    Files.write(folder.resolve("x.db.replaced-1"), new byte[4_000]);
    Files.write(folder.resolve("x.db.damaged-note"), new byte[4_000]);
    new SetAsideFiles(folder.resolve("x.db"), "damaged", 1_000).deleteOldest();
    assertThat(names("x.db"))
        .containsExactly(
            "x.db.damaged-3",
            "x.db.damaged-3-wal",
            "x.db.damaged-4",
            "x.db.damaged-4-wal",
            "x.db.damaged-note",
            "x.db.replaced-1");
    new SetAsideFiles(folder.resolve("x.db"), "damaged", 0).deleteOldest();
    assertThat(names("x.db"))
        .containsExactly(
            "x.db.damaged-4", "x.db.damaged-4-wal", "x.db.damaged-note", "x.db.replaced-1");
  }

  private List<String> names(String prefix) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  @Test
  void findings_areBounded_andTheNewestRemain() {
    ViewEvents events = new ViewEvents(database());
    events.addAll(List.of(Finding.note("of-start", "x", 0, "from the archive")));
    for (int i = 1; i <= ViewEvents.FINDINGS_MAX + 7; i++) {
      events.add(Finding.note("view-changed", "x", 0, "number " + i));
    }
    List<Finding> findings = events.findings();
    assertThat(findings).hasSize(ViewEvents.FINDINGS_MAX + 2);
    assertThat(findings.getFirst().code()).isEqualTo("of-start");
    assertThat(findings.get(1).message())
        .isEqualTo("7 earlier findings about the database are not kept");
    assertThat(findings.getLast().message()).isEqualTo("number " + (ViewEvents.FINDINGS_MAX + 7));
  }
}
