package org.thywill.operations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.NotAnArchiveException;

/** Finds, exchanges and deletes the folders of archives. */
public final class ArchiveFolders {
  private ArchiveFolders() {}

  /**
   * The disk of an archive that exists and is not newer than this program. It may be damaged.
   *
   * @throws NotAnArchiveException if the folder is not that of an archive, or the archive is newer
   *     than this program
   * @throws NoSuchFileException if there is no such folder
   */
  public static GzipDisk archive(Path folder) throws IOException {
    GzipDisk disk = archiveAsItIs(folder);
    if (ArchiveIdentity.isPresent(disk)) {
      try {
        ArchiveIdentity.read(disk);
      } catch (DamagedArchiveException e) {
        // The reader derives it from the rest of the archive, and says so.
      }
    }
    return disk;
  }

  /**
   * The disk of a folder that holds an archive, which may be damaged.
   *
   * @throws NotAnArchiveException if the folder is not that of an archive
   * @throws NoSuchFileException if there is no such folder
   */
  public static GzipDisk archiveAsItIs(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "no archive there");
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is a file, not the folder of an archive");
    }
    GzipDisk disk = GzipDisk.at(folder);
    if (!ArchiveReader.isArchive(disk)) {
      throw new NotAnArchiveException(
          folder + " is not the folder of an archive: archive.txt is missing");
    }
    return disk;
  }

  /** Whether a folder is missing or empty. */
  public static boolean isFree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  /**
   * Requires that no other process holds the archive.
   *
   * <p>An archive that this process may not write cannot have its lock tried, and passes.
   *
   * @param now for the message to the next process that finds the archive held
   * @throws ArchiveLock.Held if another process holds it
   */
  public static void requireNotHeld(Path archive, String now) throws IOException {
    if (Files.isWritable(archive)) {
      ArchiveLock.acquire(archive, now).close();
    }
  }

  /**
   * Puts a new archive in the place of another one, which is kept.
   *
   * <p>A crash between the two renamings leaves both archives in folders beside an empty path.
   *
   * @param beside where the new archive is
   * @param why a word for the name of the folder in which the old one is kept
   * @return that folder
   */
  public static Path exchange(Path archive, Path beside, String why) throws IOException {
    Path kept = aside(archive, why);
    Files.move(archive, kept, StandardCopyOption.ATOMIC_MOVE);
    Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
    forceNames(archive);
    return kept;
  }

  /** The folder into which an archive is rewritten before it takes the place of the old one. */
  public static Path rewritten(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".retelling");
  }

  /**
   * Requires that {@link #exchange} was not stopped between its two steps.
   *
   * @throws OperationRefusedException if it was, with the command that completes it
   */
  public static void requireNotBetween(Path archive) throws OperationRefusedException {
    if (!Files.exists(archive) && Files.exists(rewritten(archive))) {
      throw new OperationRefusedException(
          archive
              + " is empty because accept-gap was stopped between two steps; the new archive is"
              + " whole, and lies beside. Put it in its place: mv "
              + rewritten(archive)
              + " "
              + archive);
    }
  }

  /**
   * Requires that a file to be written is in no archive, also not by way of a link to a folder.
   *
   * @param archive the one in use, which is known also where its control files are missing
   * @param option with which another file is named
   * @throws OperationRefusedException if it would be in this archive or in another one
   */
  public static void requireOutside(Path file, Path archive, String option) throws IOException {
    if (file.toAbsolutePath().normalize().startsWith(archive.toAbsolutePath().normalize())) {
      throw inArchive(file, option);
    }
    Path inUse = Files.exists(archive) ? archive.toRealPath() : archive.toAbsolutePath();
    for (Path folder = realFolder(file); folder != null; folder = folder.getParent()) {
      if (folder.equals(inUse) || holdsArchive(folder)) {
        throw inArchive(file, option);
      }
    }
  }

  private static OperationRefusedException inArchive(Path file, String option) {
    return new OperationRefusedException(
        file + " would be a file of the archive. Name another file with " + option);
  }

  private static boolean holdsArchive(Path folder) throws IOException {
    return Files.isDirectory(folder.resolve("journal"))
        && ArchiveIdentity.isPresent(GzipDisk.at(folder));
  }

  /** The nearest folder of a path that exists, without links in it; null if there is none. */
  public static @Nullable Path realFolder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder == null ? null : folder.toRealPath();
  }

  /** Forces the folder of a path to disk, so that a crash does not lose a new name in it. */
  public static void forceNames(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** The first path of the form {@code NAME.WHY-N} that does not exist yet. */
  public static Path aside(Path path, String why) {
    for (int n = 1; ; n++) {
      Path candidate = path.resolveSibling(path.getFileName() + "." + why + "-" + n);
      if (!Files.exists(candidate)) {
        return candidate;
      }
    }
  }

  /** Deletes a folder with everything in it; nothing happens if it is missing. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
