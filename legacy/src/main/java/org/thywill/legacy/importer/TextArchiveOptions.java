package org.thywill.legacy.importer;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Text archives of the original that are to be taken over.
 *
 * @param sources folders, ZIPs, or single files such as a backup of sessions
 * @param zone of the clock of the original's server; empty to conclude it from the archives
 * @param hideUnmoderated whether prayers of which no file says whether they were flagged are hidden
 *     until somebody looks at them
 */
public record TextArchiveOptions(
    List<Path> sources, Optional<ZoneId> zone, boolean hideUnmoderated) {
  public static final TextArchiveOptions NONE =
      new TextArchiveOptions(List.of(), Optional.empty(), false);

  boolean isEmpty() {
    return sources.isEmpty();
  }
}
