package org.thywill.operations.report;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.Disk;
import org.thywill.operations.ArchiveFolders;

/**
 * The state of an archive, its copies and its database, read while the server runs.
 *
 * <p>Only the control files, the end of the journal, the log of operations, and names and sizes are
 * read, so that it takes no longer for a large archive. Whether every byte is right is the answer
 * of a check.
 *
 * @param at when it was read
 * @param seq the last change in the archive
 * @param archiveBytes the bytes of all files of the archive
 * @param databaseBytes the bytes of the database and of SQLite's files beside it
 * @param freeBytes on the disk of the archive
 * @param lastDrill the last drill of this archive or of a copy; null if there was none
 * @param copies the copies that {@code ARCHIVE_LOCATIONS} names
 * @param bytesByMonth the bytes of all logs of each month at the last checkpoint; months without a
 *     log are left out
 */
public record ArchiveStatus(
    Instant at,
    long seq,
    long archiveBytes,
    long databaseBytes,
    long freeBytes,
    RecoveryReport.@Nullable LastDrill lastDrill,
    List<ArchiveCopies.Location> copies,
    Map<String, Long> bytesByMonth) {
  /**
   * Reads the state.
   *
   * @param copies folders, separated by commas
   * @throws IOException if the archive cannot be read; of a copy that cannot be read the result
   *     says so
   */
  public static ArchiveStatus read(Path archive, Path database, String copies, Instant now)
      throws IOException {
    Disk disk = ArchiveFolders.archiveAsItIs(archive);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    Optional<RecoveryReport.LastDrill> drill =
        RecoveryReporter.drills(reader).values().stream()
            .max(Comparator.comparing(RecoveryReport.LastDrill::at));
    List<ArchiveCopies.Location> all =
        new ArchiveCopies(archive, reader, now, new ArrayList<>()).inspect(copies);
    return new ArchiveStatus(
        now,
        reader.lastSeq(),
        folderBytes(archive),
        fileBytes(database)
            + fileBytes(sideFile(database, "-wal"))
            + fileBytes(sideFile(database, "-shm")),
        Files.getFileStore(archive).getUsableSpace(),
        drill.orElse(null),
        all.subList(1, all.size()),
        RecoveryReporter.bytesByMonth(reader.head()));
  }

  /** The last drill of this archive or of a copy. */
  public Optional<RecoveryReport.LastDrill> drill() {
    return Optional.ofNullable(lastDrill);
  }

  private static Path sideFile(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static long folderBytes(Path folder) throws IOException {
    ByteCounter counter = new ByteCounter(folder);
    Files.walkFileTree(folder, counter);
    return counter.bytes;
  }

  /** A file that goes in the meantime, as parts of a checkpoint do, has no size. */
  private static final class ByteCounter extends SimpleFileVisitor<Path> {
    private final Path folder;
    private long bytes;

    ByteCounter(Path folder) {
      this.folder = folder;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.isRegularFile() ? attributes.size() : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException && !file.equals(folder)) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }

  /** The size of a file; 0 if there is none. */
  private static long fileBytes(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
