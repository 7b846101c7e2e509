package org.thywill.archive.repair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;

/** Copies an archive into another folder. */
public final class ArchiveCopy {
  private ArchiveCopy() {}

  /**
   * Writes the copy. It is complete and safe when this returns; the archive is only read.
   *
   * @param to an empty folder that no other program uses
   */
  public static void write(Disk archive, Disk to) throws IOException {
    List<String> copied = new ArrayList<>();
    for (String file : archive.list("")) {
      if (!file.equals(ArchiveLock.FILE) && !file.endsWith(Disk.PARTIAL)) {
        to.write(file, archive.readAll(file));
        copied.add(file);
      }
    }
    to.forceAll(copied);
  }
}
