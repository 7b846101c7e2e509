package org.thywill.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;

/** Writes pages that an option names, and no file of an archive. */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * Requires that a file may be written.
   *
   * @param archive the archive in use
   * @param option with which another file is named
   * @throws OperationRefusedException if it would be in an archive, or exists and may not be put
   *     aside
   */
  public static void requireFree(Path file, Path archive, String option, boolean replace)
      throws IOException {
    ArchiveFolders.requireOutside(file, archive, option);
    if (Files.exists(file) && !replace) {
      throw new OperationRefusedException(
          file + " exists. Add --replace to put it aside, or name another with " + option);
    }
  }

  /** Writes a file; one that exists is put aside. */
  public static void write(Path file, String page) throws IOException {
    if (Files.exists(file)) {
      Files.move(file, ArchiveFolders.aside(file, "replaced"));
    }
    Files.writeString(file, page);
  }
}
