package org.thywill.cli;

import java.nio.file.Path;

/** Files that several tests read. */
final class SampleFiles {
  /** The database of an invented community in the Python original's layout. */
  static final Path DATABASE =
      Path.of("../legacy/src/test/resources/org/thywill/legacy/sample.db")
          .toAbsolutePath()
          .normalize();

  private SampleFiles() {}
}
