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
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.NotAnArchiveException;

/**
 * What is where on this machine: archives that exist, folders that are free, scratch folders that
 * go away again.
 */
public final class ArchiveFolders {
  private ArchiveFolders() {}

  /**
   * The disk of an archive that exists.
   *
   * @throws org.thywill.archive.format.NotAnArchiveException if it is something else, or newer than
   *     this program
   * @throws NoSuchFileException if there is nothing
   */
  public static GzipDisk archive(Path folder) throws IOException {
    GzipDisk disk = archiveAsItIs(folder);
    ArchiveIdentity.read(disk);
    return disk;
  }

  /**
   * The disk of a folder that holds an archive, or did before it was damaged; for whoever looks for
   * damage.
   */
  public static GzipDisk archiveAsItIs(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "no archive there");
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is a file, not the folder of an archive");
    }
    GzipDisk disk = GzipDisk.at(folder);
    if (!ArchiveIdentity.isPresent(disk) && !Head.isPresent(disk)) {
      throw new NotAnArchiveException(
          folder + " is not the folder of an archive: archive.txt is missing");
    }
    return disk;
  }

  /** Whether a folder is missing or has nothing in it. */
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
   * Refuses if somebody writes the archive at this moment. An archive that cannot be written by us
   * cannot be asked, and passes.
   */
  public static void requireNotHeld(Path archive, String now) throws IOException {
    if (Files.isWritable(archive)) {
      ArchiveLock.acquire(archive, now).close();
    }
  }

  /**
   * Puts a new archive in the place of another one, which is kept beside. A crash between the two
   * steps leaves the place empty, and both beside it.
   *
   * @param why a word for the name of what is kept
   * @return where that is
   */
  public static Path exchange(Path archive, Path beside, String why) throws IOException {
    Path kept = aside(archive, why);
    Files.move(archive, kept, StandardCopyOption.ATOMIC_MOVE);
    Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
    forceNames(archive);
    return kept;
  }

  /** Where an archive is told anew before it takes the place of another one. */
  public static Path retelling(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".retelling");
  }

  /**
   * Refuses if the place of an archive is empty because {@link #exchange} was stopped between its
   * two steps.
   */
  public static void requireNotBetween(Path archive) throws OperationRefusedException {
    if (!Files.exists(archive) && Files.exists(retelling(archive))) {
      throw new OperationRefusedException(
          archive
              + " is empty because accept-gap was stopped between two steps; the new archive is"
              + " whole, and lies beside. Put it in its place: mv "
              + retelling(archive)
              + " "
              + archive);
    }
  }

  /** Makes safe what names have been given in the folder of a path. */
  public static void forceNames(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** The first name of the form {@code NAME.WHY-N} beside a path that is not taken. */
  public static Path aside(Path path, String why) {
    for (int n = 1; ; n++) {
      Path candidate = path.resolveSibling(path.getFileName() + "." + why + "-" + n);
      if (!Files.exists(candidate)) {
        return candidate;
      }
    }
  }

  /** Removes a folder of our own making with all that is in it. */
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
