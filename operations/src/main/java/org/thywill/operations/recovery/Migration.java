package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.operations.ArchiveFolders;

/**
 * Migrates an archive of an older format to the present one.
 *
 * <p>There is one format so far, and nothing to migrate; the next format adds its step here. An
 * archive of a released format stays readable without a migration.
 */
public final class Migration {
  private Migration() {}

  /**
   * The result of a migration.
   *
   * @param from the format that the archive had
   * @param to the format that it has now
   */
  public record Result(String from, String to) {
    public boolean changed() {
      return !from.equals(to);
    }
  }

  /**
   * Migrates an archive.
   *
   * @throws org.thywill.archive.format.NotAnArchiveException if the archive is newer than this
   *     program
   */
  public static Result run(Path archive) throws IOException {
    ArchiveFolders.archive(archive);
    return new Result(ArchiveIdentity.FORMAT, ArchiveIdentity.FORMAT);
  }
}
