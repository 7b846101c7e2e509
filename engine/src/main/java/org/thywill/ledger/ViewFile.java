package org.thywill.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * The view on disk: an SQLite file with its side files. A file is never overwritten: it is set
 * aside before a new one is installed.
 */
public final class ViewFile {
  private static final List<String> SIDE_FILES = List.of("", "-wal", "-shm", "-journal");
  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];
  private final Path file;

  public ViewFile(Path file) {
    this.file = file;
  }

  public Path file() {
    return file;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * What the file system says of the file.
   *
   * @param key identifies the file among all that were ever at this path; null if the file system
   *     cannot say
   */
  record Trace(@Nullable Object key, long sizeBytes) {}

  /** What the file system says of the file now; null if there is none. */
  @Nullable Trace trace() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Trace(attributes.fileKey(), attributes.size());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * What is at the path of the view.
   *
   * @throws StartRefusedException if it is no regular file
   */
  StartupDecision.Found inspect() throws IOException {
    if (!exists()) {
      return new StartupDecision.Found.Nothing();
    }
    try (SqliteReader view = SqliteReader.open(file)) {
      return new StartupDecision.Found.View(view.state(), view.recovery().orElse(null));
    } catch (NoSuchFileException e) {
      throw (StartRefusedException) new StartRefusedException(file + " is no file").initCause(e);
    } catch (ViewException e) {
      return new StartupDecision.Found.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Renames the view, or what is left of it, in the same folder.
   *
   * @param why a word for the new name
   * @return the new path
   */
  public Path setAside(String why) throws IOException {
    Path aside = free(why);
    for (String side : SIDE_FILES) {
      Path from = file.resolveSibling(file.getFileName() + side);
      if (Files.exists(from)) {
        Files.move(from, aside.resolveSibling(aside.getFileName() + side));
      }
    }
    forceFolder();
    return aside;
  }

  private Path free(String why) {
    for (int n = 1; ; n++) {
      Path candidate = file.resolveSibling(file.getFileName() + "." + why + "-" + n);
      if (SIDE_FILES.stream()
          .noneMatch(
              side -> Files.exists(candidate.resolveSibling(candidate.getFileName() + side)))) {
        return candidate;
      }
    }
  }

  /**
   * Creates an empty scratch file in the folder of the view, readable only by its owner; deletes an
   * earlier one.
   */
  public Path scratch() throws IOException {
    Path scratch = file.resolveSibling(file.getFileName() + ".building");
    deleteScratch(scratch);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.createFile(scratch, OWNER_ONLY);
    return scratch;
  }

  /** Deletes a scratch file with its side files, if it exists. */
  public void deleteScratch(Path scratch) throws IOException {
    for (String side : SIDE_FILES) {
      Files.deleteIfExists(scratch.resolveSibling(scratch.getFileName() + side));
    }
  }

  /**
   * Forces a finished scratch file and makes it the view, which must not exist.
   *
   * @throws StartRefusedException if there is a view
   */
  public void install(Path scratch) throws IOException {
    try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    if (exists()) {
      throw new StartRefusedException(file + " exists");
    }
    // SQLite would read the side files of an earlier view into this one.
    setAside("left-over");
    Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
  }

  /** Builds the view, which must not exist, and proves it by its digest. */
  public Rebuild.Result build(ArchiveReader archive, PointInTime until, ProgressListener progress)
      throws IOException {
    Path scratch = scratch();
    try {
      Rebuild.Result result = Rebuild.into(scratch, archive, until, progress);
      install(scratch);
      return result;
    } finally {
      deleteScratch(scratch);
    }
  }

  private void forceFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
