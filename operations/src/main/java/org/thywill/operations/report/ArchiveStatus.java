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
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.Disk;
import org.thywill.operations.ArchiveFolders;

/**
 * How a community is kept, as a look from beside the serving shows it. It reads the control files
 * of the archive, the end of its journal, the log of operations, and names and sizes: nothing that
 * takes long. Whether every byte is right says a check.
 *
 * @param seq the last change in the archive
 * @param archiveBytes of all its files
 * @param databaseBytes of the database and what SQLite keeps beside it
 * @param freeBytes on the disk of the archive
 * @param drill the last one, of whatever source
 * @param copies as {@code ARCHIVE_LOCATIONS} names them
 * @param bytesByMonth of the logs, as the last checkpoint left them; months without a log are left
 *     out
 */
public record ArchiveStatus(
    Instant at,
    long seq,
    long archiveBytes,
    long databaseBytes,
    long freeBytes,
    Optional<RecoveryReport.LastDrill> drill,
    List<ArchiveCopies.Location> copies,
    Map<String, Long> bytesByMonth) {
  /**
   * Looks.
   *
   * @param copies folders, parted by commas
   * @throws IOException if the archive cannot be read
   */
  public static ArchiveStatus look(Path archive, Path database, String copies, Instant now)
      throws IOException {
    Disk disk = ArchiveFolders.archiveAsItIs(archive);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    Optional<RecoveryReport.LastDrill> drill =
        RecoveryReporter.drills(reader).values().stream()
            .max(Comparator.comparing(RecoveryReport.LastDrill::at));
    List<ArchiveCopies.Location> all =
        new ArchiveCopies(archive, Optional.of(reader), now, new ArrayList<>()).look(copies);
    return new ArchiveStatus(
        now,
        reader.lastSeq(),
        bytesBelow(archive),
        bytes(database) + bytes(beside(database, "-wal")) + bytes(beside(database, "-shm")),
        Files.getFileStore(archive).getUsableSpace(),
        drill,
        all.subList(1, all.size()),
        RecoveryReporter.bytesByMonth(reader.head()));
  }

  private static Path beside(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  /** A file that goes while we look, as parts of a checkpoint do, has no size. */
  private static long bytesBelow(Path folder) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException && !file.equals(folder)) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    return bytes[0];
  }

  /** Of a file that may not be there. */
  private static long bytes(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
