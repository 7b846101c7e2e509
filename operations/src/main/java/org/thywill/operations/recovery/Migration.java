package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.operations.ArchiveFolders;

/**
 * Brings an archive of an older format up to the present one. There is one format so far, so there
 * is nothing to bring up; the first later one adds its step here. Every format that was ever
 * released stays readable without this: a migration is for whoever wants one format in all files.
 */
public final class Migration {
  private Migration() {}

  /**
   * What was done.
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
   * Brings an archive up.
   *
   * @throws org.thywill.archive.format.NotAnArchiveException if it is newer than this program
   */
  public static Result run(Path archive) throws IOException {
    ArchiveFolders.archive(archive);
    return new Result(ArchiveIdentity.FORMAT, ArchiveIdentity.FORMAT);
  }
}
