package org.thywill.legacy.text.file;

/**
 * Where something stands.
 *
 * @param file as it is shown: the source's name, and the path within it
 * @param line counted from 1
 */
public record SourceLocation(String file, long line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
