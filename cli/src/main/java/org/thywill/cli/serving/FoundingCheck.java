package org.thywill.cli.serving;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.web.WebServer;
import org.thywill.web.http.ServerOptions;

/**
 * Tries everything else that a server needs before a new community is founded.
 *
 * <p>An archive that a failed start leaves in a wrong place would be taken for the community by the
 * next start.
 */
final class FoundingCheck {
  private FoundingCheck() {}

  /**
   * Requires that only the archive is missing. Writes nothing.
   *
   * @throws OperationRefusedException if there is a database or a copy, so that the archive may be
   *     elsewhere
   * @throws Configuration.Invalid if a setting is wrong
   * @throws IOException if the port is taken, or the database cannot be written
   */
  static void require(
      Path archive, Path database, Configuration configuration, ServerOptions options)
      throws IOException {
    ArchiveFolders.requireNotBetween(archive);
    if (Files.exists(database)) {
      throw new OperationRefusedException(
          archive
              + " has no archive, but there is the database "
              + database
              + ". Name its archive with --archive, or a file that does not exist with --db to"
              + " found a new community");
    }
    requireNoCopy(archive, configuration.value(Configuration.LOCATIONS));
    ArchiveFolders.requireOutside(database, archive, "--db");
    requireWritable(database);
    SettingsArchiver.requireRight(configuration);
    WebServer.requireFree(options);
  }

  /** A copy would be taken for one of the new community, and overwritten. */
  private static void requireNoCopy(Path archive, String places) throws IOException {
    List<Path> copies = PlaceGuard.archives(places);
    if (!copies.isEmpty()) {
      throw new OperationRefusedException(
          archive
              + " has no archive, but "
              + copies.getFirst()
              + " has one. To recover that community, run: cp -a "
              + copies.getFirst()
              + " "
              + archive
              + ", then: thywill recover. To found a new one, take the place out of "
              + Configuration.LOCATIONS);
    }
  }

  private static void requireWritable(Path database) throws IOException {
    Path folder = ArchiveFolders.realFolder(database);
    if (folder != null && !Files.isDirectory(folder)) {
      throw new FileSystemException(folder.toString(), null, "is not a folder");
    }
    if (folder != null && !Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
  }
}
