package org.thywill.archive;

import java.util.Arrays;
import org.thywill.archive.format.Line;
import org.thywill.catalog.Sha256;

/**
 * The last change of an archive, by which another archive can be told from it.
 *
 * @param seq the number of the change
 * @param lineHash the SHA-256 of its journal line, in hexadecimal digits
 */
public record ArchiveEnd(long seq, String lineHash) {
  /** The end of an archive whose last line is this one. */
  public static ArchiveEnd of(Line line) {
    byte[] bytes = line.bytes();
    return new ArchiveEnd(line.change().seq(), Sha256.hex(Arrays.copyOf(bytes, bytes.length - 1)));
  }
}
