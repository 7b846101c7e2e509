package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.Compression;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.MachineClock;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;

/**
 * Seals the months of an archive that have ended.
 *
 * <p>An open ledger does so by itself; this is for an archive without a running server, such as one
 * that has just been imported.
 */
public final class SealMonths {
  private final Path archive;
  private final Path database;
  private final @Nullable Duration compressionAfter;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * The result of a run.
   *
   * @param sealed the months that were sealed now, such as {@code 2024_01}, in order
   * @param before the months that were sealed before, in order
   * @param compressed the files that were compressed now
   */
  public record Result(List<String> sealed, List<String> before, List<String> compressed) {}

  /**
   * Creates the sealing of one community's months.
   *
   * @param database the file of the view; if it is missing, a view is built in a scratch folder
   * @param compressionAfter how long after its end a sealed month is compressed; null for never
   */
  public SealMonths(
      Path archive,
      Path database,
      @Nullable Duration compressionAfter,
      InstantSource clock,
      ProgressListener progress) {
    this.compressionAfter = compressionAfter;
    this.archive = archive;
    this.database = database;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Seals months that have ended, and compresses months that were sealed long ago.
   *
   * @param month the only month to seal, such as {@code 2024_01}; null for all
   * @throws OperationRefusedException if that month has not ended, or has no changes
   * @throws ArchiveLock.Held if another process holds the archive
   * @throws org.thywill.archive.format.DamagedArchiveException if the archive is not sound enough
   *     to be sealed
   */
  public Result run(@Nullable String month) throws IOException {
    Instant now = clock.instant();
    String present = monthOf(now);
    if (month != null && month.compareTo(present) >= 0) {
      throw new OperationRefusedException(
          shown(month) + " has not ended; it can be sealed when it has. Now it is " + now);
    }
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(archive), 0);
    MachineClock.of(clock).requirePlausibleAfter(Timestamps.instant(reader.lastAt()));
    List<String> before = reader.sealedMonths();
    boolean isDone =
        month != null
            ? before.contains(month)
            : reader.lastSeq() == 0
                || monthOf(reader.lastAt()).compareTo(present) >= 0
                || before.contains(monthOf(reader.lastAt()));
    if (!isDone) {
      seal();
    }
    List<String> after = ArchiveReader.open(ArchiveFolders.archive(archive), 0).sealedMonths();
    if (month != null && !after.contains(month)) {
      throw new OperationRefusedException(
          "nothing happened in " + shown(month) + ": a month without changes has no seal");
    }
    return new Result(
        after.stream().filter(each -> !before.contains(each)).toList(), before, compress());
  }

  private List<String> compress() throws IOException {
    if (compressionAfter == null) {
      return List.of();
    }
    try (ArchiveLock _ = ArchiveLock.acquire(archive, clock.instant().toString())) {
      return Compression.run(
          ArchiveFolders.archive(archive),
          Timestamps.micros(clock.instant().minus(compressionAfter)),
          progress);
    }
  }

  /** A month as people write it, such as {@code 2024-01}. */
  public static String shown(String month) {
    return month.replace('_', '-');
  }

  private static String monthOf(Instant instant) {
    return monthOf(Timestamps.micros(instant));
  }

  private static String monthOf(long atMicros) {
    return Timestamps.format(atMicros).substring(0, 7).replace('-', '_');
  }

  private void seal() throws IOException {
    if (Files.exists(database)) {
      seal(database);
      return;
    }
    Path scratch = ScratchFolder.create(database);
    try {
      seal(scratch.resolve("view.db"));
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  private void seal(Path view) throws IOException {
    try (Ledger ledger = Ledger.open(archive, view, clock, progress)) {
      ledger.checkpoint();
    }
  }
}
