package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder for files that a command needs only while it runs, and that may be as large as an
 * archive or its database.
 *
 * <p>It is for its owner only, and in the community's own folder: the system's folder for temporary
 * files is often small, or in memory. Where the community's folder cannot be written, as that of a
 * copy on a read-only disk, it is in the system's.
 */
public final class ScratchFolder {
  private static final String PREFIX = ".thywill-scratch-";

  private ScratchFolder() {}

  /**
   * Creates a scratch folder, which {@link ArchiveFolders#delete} removes.
   *
   * @param beside a file or folder of the community: its archive or its database
   */
  public static Path create(Path beside) throws IOException {
    @Nullable Path folder = beside.toAbsolutePath().normalize().getParent();
    return folder != null && Files.isDirectory(folder) && Files.isWritable(folder)
        ? Files.createTempDirectory(folder, PREFIX)
        : Files.createTempDirectory("thywill-");
  }
}
