package org.thywill.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.progress.ProgressListener;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;
import org.thywill.view.rebuild.RecoveryMarker;

/**
 * The view on disk: an SQLite file with its side files. A file is never overwritten: it is set
 * aside before a new one is installed.
 */
public final class ViewFile {
  /** In the name of a view that was not believed. */
  static final String DAMAGED = "damaged";

  private static final String LEFT_OVER = "left-over";
  private static final Set<String> AUTOMATIC = Set.of(DAMAGED, LEFT_OVER);
  static final List<String> SIDE_FILES = List.of("", "-wal", "-shm", "-journal");
  private static final List<String> LOGS = List.of("-wal", "-journal");
  private static final String ATTRIBUTES =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
          ? "unix:fileKey,size,lastModifiedTime,ctime"
          : "fileKey,size,lastModifiedTime";
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
   * @param modified when its bytes were last written; a program can set that
   * @param changed when its bytes or attributes were last changed, which no program can set; empty
   *     if the file system cannot say
   */
  record Trace(@Nullable Object key, long sizeBytes, FileTime modified, String changed) {
    boolean isOf(Trace other) {
      return Objects.equals(key, other.key);
    }
  }

  /** What the file system says of the file now; null if there is none. */
  @Nullable Trace trace() throws IOException {
    try {
      Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES);
      return new Trace(
          attributes.get("fileKey"),
          (Long) Objects.requireNonNull(attributes.get("size")),
          (FileTime) Objects.requireNonNull(attributes.get("lastModifiedTime")),
          attributes.get("ctime") instanceof FileTime changed ? changed.toString() : "");
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Whether a write-ahead log or a rollback journal holds bytes that the file may lack. */
  boolean hasLog() throws IOException {
    for (String side : LOGS) {
      Path log = side(side);
      if (Files.exists(log) && Files.size(log) > 0) {
        return true;
      }
    }
    return false;
  }

  Path side(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
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
   * Renames the view, or what is left of it, in the same folder. Of those that the program set
   * aside by itself, only the newest remain.
   *
   * @param why a word for the new name
   * @return the new path
   */
  public Path setAside(String why) throws IOException {
    SetAsideFiles others = new SetAsideFiles(file, why);
    Path aside = others.free();
    for (String side : SIDE_FILES) {
      Path from = side(side);
      if (Files.exists(from)) {
        Files.move(from, aside.resolveSibling(aside.getFileName() + side));
      }
    }
    ViewStamp.delete(this);
    if (AUTOMATIC.contains(why)) {
      others.deleteOldest();
    }
    forceFolder();
    return aside;
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
    setAside(LEFT_OVER);
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

  /**
   * A view that was built in the place of another.
   *
   * @param aside where the other one is; null if there was none
   */
  record Replacement(Rebuild.Result result, @Nullable Path aside) {}

  /**
   * Builds the view, and sets the one that is there aside only when the new one is proven.
   *
   * @param recovery the work that a recovery left in the old one; null for none
   */
  Replacement replace(
      ArchiveReader archive, @Nullable PendingRecovery recovery, ProgressListener progress)
      throws IOException {
    Path scratch = scratch();
    try {
      Rebuild.Result result = Rebuild.into(scratch, archive, PointInTime.NOW, progress);
      if (recovery != null) {
        RecoveryMarker.recovered(scratch, recovery);
      }
      Path aside = exists() ? setAside(DAMAGED) : null;
      install(scratch);
      return new Replacement(result, aside);
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
