package org.thywill.archive.repair;

import java.io.IOException;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Digest;

/** Copies an archive into another folder, with another digest in its head. */
public final class DigestReplacement {
  private DigestReplacement() {}

  /**
   * Writes the copy. It is complete and safe when this returns; the archive is only read.
   *
   * @param digest of the rows at the last checkpoint
   * @param to an empty folder that no other program uses
   */
  public static void write(Disk archive, Digest digest, Disk to) throws IOException {
    ArchiveCopy.write(archive, to);
    Head.read(archive).with(digest).write(to);
  }
}
