package org.thywill.archive.repair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.thywill.archive.disk.ArchiveLock;
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
    List<String> copied = new ArrayList<>();
    for (String file : archive.list("")) {
      if (!file.equals(ArchiveLock.FILE) && !file.endsWith(Disk.PARTIAL)) {
        to.write(file, archive.readAll(file));
        copied.add(file);
      }
    }
    to.forceAll(copied);
    Head.read(archive).with(digest).write(to);
  }
}
