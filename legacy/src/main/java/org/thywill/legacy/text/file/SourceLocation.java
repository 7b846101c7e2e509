package org.thywill.legacy.text.file;

/**
 * A line of a file of a source.
 *
 * @param file as messages show it: the source's name, and the path within it
 * @param line counted from 1
 */
public record SourceLocation(String file, long line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
