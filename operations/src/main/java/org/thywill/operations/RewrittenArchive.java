package org.thywill.operations;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.thywill.archive.disk.ArchiveLock;

/**
 * The folder in which an archive is rewritten, and the lock of the archive meanwhile.
 *
 * <p>The folder is deleted only by the process that has the lock, so that a second command cannot
 * take away what the first has written.
 */
public final class RewrittenArchive implements Closeable {
  private final Path archive;
  private final Path folder;
  private final ArchiveLock lock;

  private RewrittenArchive(Path archive, ArchiveLock lock) {
    this.archive = archive;
    this.folder = ArchiveFolders.rewritten(archive);
    this.lock = lock;
  }

  /**
   * Takes the lock, and deletes what a run that was stopped has left.
   *
   * @param now for the message of another process that wants the lock
   * @throws ArchiveLock.Held if another process holds the archive; then nothing was changed
   */
  public static RewrittenArchive begin(Path archive, String now) throws IOException {
    RewrittenArchive rewritten = new RewrittenArchive(archive, ArchiveLock.acquire(archive, now));
    try {
      ArchiveFolders.delete(rewritten.folder);
      return rewritten;
    } catch (IOException | RuntimeException e) {
      rewritten.lock.close();
      throw e;
    }
  }

  /** Where the new archive is to be written; it does not exist at first. */
  public Path folder() {
    return folder;
  }

  /**
   * Puts the new archive in the place of the old one.
   *
   * @param why names the folder in which the old one is kept
   * @return that folder
   */
  public Path takePlace(String why) throws IOException {
    return ArchiveFolders.exchange(archive, folder, why);
  }

  /**
   * Deletes the folder if it has not taken the place of the archive, and releases the lock. Where
   * the archive was moved aside and the new one could not be moved, the new one stays.
   */
  @Override
  public void close() throws IOException {
    try (lock) {
      if (Files.exists(archive)) {
        ArchiveFolders.delete(folder);
      }
    }
  }
}
