package org.thywill.legacy.importer;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which text archives of the original are imported, and how.
 *
 * @param sources folders, ZIP files, or single files such as a backup of sessions
 * @param zone of the clock of the original's server; null to conclude it from the archives
 * @param hideUnmoderated whether a prayer is hidden until a moderator looks at it, if no file says
 *     whether it was reported
 */
public record TextArchiveOptions(
    List<Path> sources, @Nullable ZoneId zone, boolean hideUnmoderated) {
  public static final TextArchiveOptions NONE = new TextArchiveOptions(List.of(), null, false);

  boolean isEmpty() {
    return sources.isEmpty();
  }
}
