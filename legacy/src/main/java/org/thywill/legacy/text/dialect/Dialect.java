package org.thywill.legacy.text.dialect;

import org.thywill.legacy.text.file.TextFile;

/**
 * One of the layouts in which the original wrote, or meant to write. A file's content decides which
 * it is, never its path alone.
 */
public interface Dialect {
  /** In words, for the report. */
  String name();

  boolean recognises(TextFile file);

  /** Whether lines can only be cut when all names are known. */
  default boolean needsNames() {
    return false;
  }

  /**
   * Says everything that the file states; every line that is no part of it is named as not
   * understood. Never throws for what a file holds.
   */
  void read(TextFile file, AssertionSink to);
}
