package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/** An archive that was written when the catalog had fewer tables, which is never changed here. */
class EarlierCatalogTest {
  private static final Path SAMPLE =
      Path.of("src", "test", "resources", "formats", "1-draft-catalog-1");

  @TempDir Path folder;
  private Path archive;

  @SuppressWarnings("NullAway.Init")
  EarlierCatalogTest() {}

  @BeforeEach
  void copySample() throws IOException {
    archive = folder.resolve("text_archives");
    try (Stream<Path> files = Files.walk(SAMPLE)) {
      for (Path file : files.toList()) {
        Files.copy(file, archive.resolve(SAMPLE.relativize(file).toString()));
      }
    }
  }

  private String identity() throws IOException {
    return Files.readString(archive.resolve("archive.txt"));
  }

  private Ledger open() throws IOException {
    return Ledger.openAt(
        archive,
        folder.resolve("community.db"),
        () -> Instant.parse("2024-01-15T10:30:00Z"),
        ProgressListener.NONE);
  }

  @Test
  void archive_ofAnEarlierCatalog_isSoundAndHasItsDigest() throws IOException {
    FileSystemDisk disk = new FileSystemDisk(archive);
    assertThat(identity()).contains("catalog|1\n").doesNotContain("recovery_codes");
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
    Digest recorded = ArchiveReader.open(disk, 0).head().digest();
    assertThat(Files.readString(archive.resolve("journal/head.txt")))
        .contains("digest|" + recorded.hex() + "\n");
    try (Ledger ledger = open()) {
      assertThat(ledger.digest()).isEqualTo(recorded);
    }
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
  }

  @Test
  void archive_ofAnEarlierCatalog_takesRowsOfNewTables() throws IOException {
    try (Ledger ledger = open()) {
      String member;
      try (ViewReader view = ledger.read()) {
        member = view.rows(Query.of(Catalog.MEMBERS)).getFirst().key();
      }
      ledger.write(
          Change.Cause.by(member),
          tx ->
              tx.add(
                  Row.in(Catalog.RECOVERY_CODES)
                      .set(Catalog.RecoveryCodes.MEMBER, member)
                      .set(Catalog.RecoveryCodes.ID, "pbkdf2:0f")
                      .set(Catalog.RecoveryCodes.CREATED_AT, tx.atMicros())
                      .build()));
    }
    assertThat(identity())
        .contains("catalog|" + Catalog.VERSION + "\n", "table|recovery_codes|")
        .isEqualTo(Files.readString(archive.resolve("archive.copy.txt")));
    FileSystemDisk disk = new FileSystemDisk(archive);
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
    Map<String, Digest.Entry> tables = ArchiveReader.open(disk, 0).head().digest().tables();
    assertThat(tables).containsKey("recovery_codes").doesNotContainKey("known_devices");
    Files.delete(folder.resolve("community.db"));
    try (Ledger ledger = open()) {
      assertThat(ledger.digest().tables()).isEqualTo(tables);
    }
    assertThat(archive.resolve("auth/2024_01_recovery_codes.txt"))
        .content()
        .contains("|pbkdf2:0f|");
  }
}
