package org.thywill.legacy.text.dialect;

import org.thywill.legacy.text.file.TextFile;

/**
 * Reads one of the layouts of the original's text files.
 *
 * <p>The content of a file decides which layout it has; a path is at most a further condition.
 */
public interface Dialect {
  /** The name of the layout in reports. */
  String name();

  /** Whether a file has this layout. */
  boolean recognises(TextFile file);

  /** Whether lines can be split only when all names of members are known. */
  default boolean needsNames() {
    return false;
  }

  /**
   * Reads everything that a file states; a line that is no part of the layout is reported.
   *
   * <p>Never throws because of the content of a file.
   */
  void read(TextFile file, AssertionSink to);
}
