package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewException;
import org.thywill.view.ViewReader;

/** The view is rebuilt from the text when it is deleted or damaged while the ledger is open. */
class LostViewTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final List<String> SIDES = List.of("", "-wal", "-shm");

  @TempDir Path folder;
  private Path database;
  private Ledger ledger;

  @SuppressWarnings("NullAway.Init")
  LostViewTest() {}

  @BeforeEach
  void open() throws IOException {
    database = folder.resolve("community.db");
    Ledger.found(folder.resolve("text_archives"), "c0ffee", CLOCK);
    ledger = Ledger.open(folder.resolve("text_archives"), database, CLOCK, ProgressListener.NONE);
    for (int i = 0; i < 200; i++) {
      join("before_" + i);
    }
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private void join(String handle) throws IOException {
    ledger.write(
        Change.Cause.by(handle),
        tx ->
            tx.add(
                Row.in(Catalog.MEMBERS)
                    .set(Catalog.Members.HANDLE, handle)
                    .set(Catalog.Members.DISPLAY_NAME, handle)
                    .set(Catalog.Members.CREATED_AT, 1L)
                    .set(Catalog.Members.WELCOME_DISMISSED, false)
                    .set(Catalog.Members.IS_SUPPORTER, false)
                    .build()));
  }

  private void assertAllIsThere(long members) throws IOException {
    try (ViewReader view = ledger.read()) {
      assertThat(view.count(Catalog.MEMBERS)).isEqualTo(members);
      assertThat(view.find(Catalog.MEMBERS, "after")).isPresent();
      assertThat(view.computeDigest().hex()).isEqualTo(ledger.digest().hex());
    }
  }

  @Test
  void file_isDeletedWithItsSideFiles_theNextWriteFindsAViewAgain() throws IOException {
    for (String side : SIDES) {
      Files.deleteIfExists(folder.resolve("community.db" + side));
    }
    join("after");
    assertAllIsThere(201);
  }

  @Test
  void file_isDeletedWithoutItsSideFiles_theyAreNotReadIntoTheNewOne() throws IOException {
    assertThat(Files.size(folder.resolve("community.db-wal")))
        .as("there is a side file")
        .isPositive();
    Files.delete(database);
    join("after");
    assertAllIsThere(201);
  }

  @Test
  void file_isDeletedBetweenWrites_isRebuiltAfterAReport() throws IOException {
    Files.delete(database);
    assertThatThrownBy(ledger::read).isInstanceOf(IOException.class);
    ledger.reportUnreadable(false);
    join("after"); // comes after the report in the queue
    assertAllIsThere(201);
  }

  @Test
  void file_isOverwritten_whileNothingButAReaderNotices_isSetAsideAndRebuilt() throws IOException {
    for (String side : SIDES) {
      if (Files.exists(folder.resolve("community.db" + side))) {
        Files.write(folder.resolve("community.db" + side), new byte[8_192]);
      }
    }
    assertThatThrownBy(
            () -> {
              try (ViewReader view = ledger.read()) {
                view.count(Catalog.MEMBERS);
              }
            })
        .isInstanceOfSatisfying(ViewException.class, e -> assertThat(e.isDamaged()).isTrue());
    ledger.reportUnreadable(true);
    join("after");
    assertAllIsThere(201);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("community.db.damaged-1");
    }
  }
}
