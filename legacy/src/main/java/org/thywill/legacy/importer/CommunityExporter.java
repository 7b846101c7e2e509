package org.thywill.legacy.importer;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes the community that an import adds to as a database of the original.
 *
 * <p>The import compares its sources with that database, in order to find rows that the community
 * has already under another id.
 */
@FunctionalInterface
public interface CommunityExporter {
  /**
   * Writes the database.
   *
   * @param target a file that does not exist yet
   * @throws IOException if it cannot be written
   */
  void exportTo(Path target) throws IOException;
}
