package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.JournalFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;

/** The files of an archive are replaced, deleted or moved while a ledger writes to it. */
@Timeout(60)
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "Windows does not delete or move a file that a process has open")
class DisplacedArchiveTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));
  private static final Change.Cause SYSTEM = Change.Cause.by("system");

  @TempDir Path folder;

  private Path archive() {
    return folder.resolve("archive");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private Ledger open() throws IOException {
    return Ledger.open(archive(), database(), CLOCK, ProgressListener.NONE);
  }

  private Ledger founded() throws IOException {
    Ledger.found(archive(), "c0ffee", CLOCK);
    Ledger ledger = open();
    write(ledger, "before");
    // Otherwise the one that comes when the ledger is idle may write the journal again.
    ledger.checkpoint();
    return ledger;
  }

  private static void write(Ledger ledger, String name) throws IOException {
    ledger.write(
        SYSTEM,
        tx ->
            tx.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, name)
                    .set(Catalog.FeatureFlags.ENABLED, true)
                    .build()));
  }

  private Path journal() throws IOException {
    return archive().resolve(JournalFile.list(new FileSystemDisk(archive())).getLast());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** As {@link #requireRebuilt}, and requires that the refused change is not there. */
  private void requireRebuiltWithoutRefused(String... names) throws IOException {
    requireRebuilt(names);
    try (ViewReader view = SqliteReader.open(database())) {
      assertThat(view.find(Catalog.FEATURE_FLAGS, "refused")).isEmpty();
    }
  }

  /** Deletes the database, and requires that the archive has these rows. */
  private void requireRebuilt(String... names) throws IOException {
    Files.delete(database());
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      for (String name : names) {
        assertThat(view.find(Catalog.FEATURE_FLAGS, name)).as(name).isPresent();
      }
    }
  }

  @Test
  void journalReplacedByACopy_oneChangeIsRefused_andTheNextIsKept() throws IOException {
    try (Ledger ledger = founded()) {
      Path copy = Files.copy(journal(), folder.resolve("copy"));
      Files.move(copy, journal(), StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> write(ledger, "refused"))
          .isInstanceOf(WriteFailedException.class)
          .hasMessageContaining("moved, deleted or changed by another program");
      assertThat(ledger.isLastWriteSaved()).isFalse();
      write(ledger, "after");
      assertThat(ledger.isLastWriteSaved()).isTrue();
    }
    requireRebuiltWithoutRefused("before", "after");
  }

  @Test
  void journalDeleted_isWrittenAgainFromTheOpenFile() throws IOException {
    try (Ledger ledger = founded()) {
      Files.delete(journal());
      assertThatThrownBy(() -> write(ledger, "refused")).isInstanceOf(WriteFailedException.class);
      write(ledger, "after");
      assertThat(Files.readString(journal()).lines())
          .anyMatch(line -> line.contains("before"))
          .anyMatch(line -> line.contains("after"))
          .noneMatch(line -> line.contains("refused"));
    }
    requireRebuiltWithoutRefused("before", "after");
  }

  @Test
  void folderMovedAway_everyChangeIsRefused_andNothingIsCreated_untilItIsBack() throws IOException {
    try (Ledger ledger = founded()) {
      Files.move(archive(), folder.resolve("away"));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> write(ledger, "refused"))
            .isInstanceOf(WriteFailedException.class)
            .hasMessageContaining("moved or deleted");
      }
      assertThatThrownBy(ledger::checkpoint).isInstanceOf(IOException.class);
      assertThat(archive()).doesNotExist();
      Files.move(folder.resolve("away"), archive());
      write(ledger, "after");
    }
    requireRebuiltWithoutRefused("before", "after");
  }

  @Test
  void folderDeleted_everyChangeIsRefused_andCloseFails() throws IOException {
    Ledger ledger = founded();
    LedgerSimulation.deleteAll(archive());
    assertThatThrownBy(() -> write(ledger, "refused")).isInstanceOf(WriteFailedException.class);
    assertThatThrownBy(ledger::close).isInstanceOf(IOException.class);
    assertThat(archive()).doesNotExist();
  }

  @Test
  void folderDeletedWhenEverythingIsSaved_closeFailsAllTheSame() throws IOException {
    Ledger ledger = founded();
    ledger.checkpoint();
    LedgerSimulation.deleteAll(archive());
    assertThatThrownBy(ledger::close).isInstanceOf(IOException.class);
  }

  @Test
  void folderReplacedByAnOlderCopy_everyChangeIsRefused() throws IOException {
    Ledger ledger = founded();
    ledger.checkpoint();
    copy(archive(), folder.resolve("older"));
    write(ledger, "between");
    ledger.checkpoint();
    Files.move(archive(), folder.resolve("newer"));
    Files.move(folder.resolve("older"), archive());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> write(ledger, "refused")).isInstanceOf(WriteFailedException.class);
    }
    assertThatThrownBy(() -> write(ledger, "refused"))
        .hasMessageContaining("another copy of the archive");
    assertThatThrownBy(ledger::close).isInstanceOf(IOException.class);
    LedgerSimulation.deleteAll(archive());
    Files.move(folder.resolve("newer"), archive());
    // As after a crash, the refused change may be there: it was written to the file that was moved.
    requireRebuilt("before", "between");
  }

  @Test
  void lockRemoved_theNextWriteTakesItAgain() throws IOException {
    try (Ledger ledger = founded()) {
      Files.delete(archive().resolve(ArchiveLock.FILE));
      write(ledger, "after");
      assertThat(archive().resolve(ArchiveLock.FILE)).exists();
      assertThatThrownBy(this::open).isInstanceOf(ArchiveLock.Held.class);
      write(ledger, "later");
    }
    requireRebuilt("before", "after", "later");
  }
}
