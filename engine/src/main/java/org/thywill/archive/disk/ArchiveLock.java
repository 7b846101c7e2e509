package org.thywill.archive.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The lock of an archive's only writer: a lock of the operating system on the file {@code .lock}.
 *
 * <p>It ends with the process that holds it.
 */
public final class ArchiveLock implements Closeable {
  /** Its path below the archive. */
  public static final String FILE = ".lock";

  private final FileChannel channel;

  private ArchiveLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Thrown when the archive is locked by another process, or by another ledger of this one. */
  public static final class Held extends IOException {
    private static final long serialVersionUID = 1L;

    Held(Path root, String holder) {
      super("another process holds the archive " + root + (holder.isEmpty() ? "" : ": " + holder));
    }
  }

  /**
   * Takes the lock.
   *
   * @param since when this process began, as a text for the message of {@link Held}
   * @throws Held if the archive is locked
   */
  public static ArchiveLock acquire(Path root, String since) throws IOException {
    FileChannel channel = open(root);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new Held(root, holder(root));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              ("process " + ProcessHandle.current().pid() + " since " + since + "\n")
                  .getBytes(StandardCharsets.UTF_8)),
          0);
      return new ArchiveLock(channel);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw (Held) new Held(root, holder(root)).initCause(e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel open(Path root) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    return Files.getFileStore(root).supportsFileAttributeView("posix")
        ? FileChannel.open(
            root.resolve(FILE),
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(root.resolve(FILE), options);
  }

  private static String holder(Path root) throws IOException {
    return Files.readString(root.resolve(FILE)).strip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
