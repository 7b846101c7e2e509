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
import java.util.Optional;
import org.thywill.archive.ArchiveReader;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * The place of the view on disk: a SQLite file with its side files. Puts files aside, and new ones
 * in their place, never over them.
 */
public final class ViewFile {
  private static final List<String> SIDE_FILES = List.of("", "-wal", "-shm", "-journal");
  private static final FileAttribute<?>[] FOR_OWNERS =
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
   * What tells this file from any other that ever stood in its place, as far as the file system
   * says; empty if there is none.
   */
  Optional<Object> identity() throws IOException {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  StartupDecision.Found look() throws IOException {
    if (!exists()) {
      return new StartupDecision.Found.Nothing();
    }
    try (SqliteReader view = SqliteReader.open(file)) {
      return new StartupDecision.Found.View(view.state(), view.recovery());
    } catch (NoSuchFileException e) {
      throw (StartRefusedException) new StartRefusedException(file + " is no file").initCause(e);
    } catch (ViewException e) {
      return new StartupDecision.Found.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Gives the view, or what is left of it, another name beside its place, and says which. */
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
   * An empty scratch file beside the view, for its owner only as the archive's files are; what was
   * left of an earlier one is removed.
   */
  public Path scratch() throws IOException {
    Path scratch = file.resolveSibling(file.getFileName() + ".building");
    deleteScratch(scratch);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.createFile(scratch, FOR_OWNERS);
    return scratch;
  }

  /** Removes a scratch file with its side files. */
  public void deleteScratch(Path scratch) throws IOException {
    for (String side : SIDE_FILES) {
      Files.deleteIfExists(scratch.resolveSibling(scratch.getFileName() + side));
    }
  }

  /** Forces a finished scratch file and puts it in the place of the view, which must be free. */
  public void install(Path scratch) throws IOException {
    try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    if (exists()) {
      throw new StartRefusedException(file + " exists");
    }
    // What SQLite kept beside a view that is gone is no part of this one, and would be read into
    // it.
    setAside("left-over");
    Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
  }

  /** Builds the view in its place, which must be free, and proves it. */
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
