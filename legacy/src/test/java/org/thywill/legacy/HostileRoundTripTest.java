package org.thywill.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.ledger.ViewFile;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PointInTime;

/**
 * Imports and exports random databases for some seconds.
 *
 * <p>{@code -Dlegacy.seconds=N} sets how long, {@code -Dlegacy.seed=N} repeats one database.
 */
class HostileRoundTripTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse(RoundTripContract.NOW));

  @TempDir Path folder;

  @Test
  void anyDatabase_importedAndExported_isEqualToTheByteButForSecrets() throws Exception {
    forManySeeds(12, this::throughMemory);
  }

  @Test
  void anyDatabase_importedDeletedRecoveredAndExported_isEqualToTheByteButForSecrets()
      throws Exception {
    forManySeeds(8, this::throughTheArchive);
  }

  /** Imports and exports one database. */
  private interface RoundTrip {
    void run(HostileDatabase database, Path source, Path target) throws Exception;
  }

  private void forManySeeds(long seconds, RoundTrip roundTrip) throws Exception {
    Long only = Long.getLong("legacy.seed");
    long first = only != null ? only : System.nanoTime();
    long end = System.nanoTime() + Long.getLong("legacy.seconds", seconds) * 1_000_000_000L;
    int runs = 0;
    do {
      Path runFolder = Files.createDirectory(folder.resolve("run" + runs));
      Path source = runFolder.resolve("source.db");
      HostileDatabase database = new HostileDatabase(first + runs);
      try {
        database.write(source);
        roundTrip.run(database, source, runFolder.resolve("target.db"));
        RoundTripContract.assertKept(source, runFolder.resolve("target.db"));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("run again with -Dlegacy.seed=" + (first + runs), e);
      }
      runs++;
    } while (only == null && System.nanoTime() < end);
    System.out.println("hostile round trips: " + runs + " from seed " + first);
  }

  private void throughMemory(HostileDatabase database, Path source, Path target) throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(source), CLOCK, community).run();
    new LegacyExport(community).allowingPowerfulNames().to(target);
    assertNoSecrets(community, database, RoundTripContract.validTokens(source));
    long size = community.size();
    new LegacyImport(List.of(source), CLOCK, community.startNextImport())
        .into(community, file -> new LegacyExport(community).allowingPowerfulNames().to(file))
        .run();
    assertThat(community.size()).as("a second import adds nothing").isEqualTo(size);
  }

  private void throughTheArchive(HostileDatabase database, Path source, Path target)
      throws Exception {
    Path archive = source.resolveSibling("archive");
    Path view = source.resolveSibling("community.db");
    new LegacyMigration(archive, view, CLOCK, "community", ProgressListener.NONE)
        .run(
            new LegacyMigration.Plan(List.of(source), TextArchiveOptions.NONE, null, false, false));
    Files.delete(view);
    new ViewFile(view)
        .build(
            ArchiveReader.open(new FileSystemDisk(archive), 0),
            PointInTime.NOW,
            ProgressListener.NONE);
    LegacyMigration.export(view, target, false, true, ProgressListener.NONE);
  }

  private static void assertNoSecrets(
      MemoryCommunity community, HostileDatabase database, Set<String> open) {
    Set<String> secrets = new HashSet<>(database.sessionIds);
    secrets.addAll(database.codes);
    open.stream()
        .map(token -> new String(HexFormat.of().parseHex(token), UTF_8))
        .filter(token -> token.matches("[0-9a-f]{16}"))
        .forEach(secrets::add);
    String all = String.join("\n", community.texts());
    for (String secret : secrets) {
      assertThat(all.contains(secret)).as("a secret is in the rows").isFalse();
    }
  }
}
