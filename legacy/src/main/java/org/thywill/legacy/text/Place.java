package org.thywill.legacy.text;

/**
 * Where something stands.
 *
 * @param file as it is shown: the source's name, and the path within it
 * @param line counted from 1
 */
record Place(String file, long line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
