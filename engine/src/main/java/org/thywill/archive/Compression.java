package org.thywill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.SealFile;
import org.thywill.progress.ProgressListener;

/**
 * Compresses the logs and journal files of sealed months, which are seldom read (FORMAT.md, 2).
 *
 * <p>Pages stay plain, because people read them; seals and parities too, because they must help
 * when everything else fails.
 */
public final class Compression {
  private Compression() {}

  /**
   * Compresses the months that are sealed and had ended at an instant. A log that differs from its
   * seal is left as it is, for a repair. May stop or crash after any file. The caller must hold the
   * archive's lock; readers and the writer may go on meanwhile.
   *
   * @param endedMicros microseconds since 1970
   * @return the files that were compressed, by their plain names, in order
   * @throws IOException if the disk could not be read or written
   */
  public static List<String> run(GzipDisk disk, long endedMicros, ProgressListener progress)
      throws IOException {
    List<String> due = due(disk, endedMicros);
    List<String> done = new ArrayList<>();
    for (String file : due) {
      progress.report("compressing", done.size(), due.size());
      disk.compress(file);
      done.add(file);
    }
    return done;
  }

  private static List<String> due(GzipDisk disk, long endedMicros) throws IOException {
    List<String> due = new ArrayList<>();
    List<String> journals = JournalFile.list(disk);
    for (String seal : disk.files(SealFile.FOLDER)) {
      if (!SealFile.isSeal(seal)
          || FilePeriod.of(SealFile.monthOf(seal)).until() > endedMicros
          || !SealFile.isSoundSealOf(disk, seal)) {
        continue;
      }
      for (Map.Entry<String, SealFile.SealedLog> log :
          SealFile.logs(disk.readAll(seal)).entrySet()) {
        if (GzipDisk.mayBeCompressed(log.getKey())
            && disk.isPlain(log.getKey())
            && isAsSealed(disk, log.getKey(), log.getValue())) {
          due.add(log.getKey());
        }
      }
      for (String journal : journals) {
        if (JournalFile.month(journal).equals(SealFile.monthOf(seal)) && disk.isPlain(journal)) {
          due.add(journal);
        }
      }
    }
    return due;
  }

  private static boolean isAsSealed(Disk disk, String log, SealFile.SealedLog sealed)
      throws IOException {
    return disk.exists(log)
        && disk.size(log) == sealed.extent().bytes()
        && SealFile.sha256(disk, log, sealed.extent().bytes()).equals(sealed.sha256());
  }
}
