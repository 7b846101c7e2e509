package org.thywill.archive.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an archive's only writer: a lock of the operating system on the file {@code .lock}.
 *
 * <p>It ends with the process that holds it. The file may be removed or replaced while the lock is
 * held; {@link #keep} notices that.
 */
public final class ArchiveLock implements Closeable {
  /** Its path below the archive. */
  public static final String FILE = ".lock";

  private static final int HOLDER_BYTES_MAX = 200;

  /**
   * The holders of the locks of this process, by the identity of the file. On POSIX systems a
   * process loses its lock as soon as it closes any channel to the file, so that a file which this
   * process has locked must not even be opened a second time.
   */
  private static final Map<Object, String> HELD = new HashMap<>();

  private final Path root;
  private final String holder;
  private FileChannel channel;
  private Object key;
  private @Nullable String lostTo;
  private boolean isClosed;

  private ArchiveLock(Path root, String holder) throws IOException {
    this.root = root;
    this.holder = holder;
    channel = lock(root, holder);
    key = entered(root, holder, channel);
  }

  /** Thrown when the archive is locked by another process, or by another ledger of this one. */
  public static final class Held extends IOException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    Held(Path root, String holder) {
      super("another process holds the archive " + root + (holder.isEmpty() ? "" : ": " + holder));
      this.holder = holder.isEmpty() ? "a process that does not say its number" : holder;
    }
  }

  /**
   * Takes the lock.
   *
   * @param since when this process began, as a text for the message of {@link Held}
   * @throws Held if the archive is locked
   */
  public static ArchiveLock acquire(Path root, String since) throws IOException {
    synchronized (HELD) {
      return new ArchiveLock(root, "process " + ProcessHandle.current().pid() + " since " + since);
    }
  }

  /**
   * Makes sure that this is still the lock of the archive: if its file was removed or replaced,
   * takes the lock on the file that is there now.
   *
   * @throws Held if another process has taken it meanwhile; then this one never holds it again,
   *     because the archive may have changed
   * @throws IOException if the folder of the archive is gone; the next call tries again
   */
  public void keep() throws IOException {
    synchronized (HELD) {
      if (lostTo != null) {
        throw new Held(root, lostTo);
      }
      if (isAtItsPath()) {
        return;
      }
      FileChannel next;
      try {
        next = lock(root, holder);
      } catch (Held e) {
        String taken = e.holder + "; it took the archive while this process was writing";
        lostTo = taken;
        throw (Held) new Held(root, taken).initCause(e);
      } catch (NoSuchFileException e) {
        throw (IOException)
            new NoSuchFileException(
                    root.toString(), null, "the folder of the archive was moved or deleted")
                .initCause(e);
      }
      HELD.remove(key);
      channel.close();
      channel = next;
      key = entered(root, holder, next);
    }
  }

  private boolean isAtItsPath() throws IOException {
    try {
      return key.equals(key(root.resolve(FILE)));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static FileChannel lock(Path root, String holder) throws IOException {
    Path file = root.resolve(FILE);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      requireFile(file);
      String holderHere = HELD.get(key(file));
      if (holderHere != null) {
        throw new Held(root, holderHere);
      }
    }
    FileChannel opened = open(root);
    try {
      FileLock lock = opened.tryLock();
      if (lock == null) {
        throw new Held(root, holderIn(opened));
      }
      opened.truncate(0);
      opened.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      return opened;
    } catch (OverlappingFileLockException e) {
      opened.close();
      throw (Held) new Held(root, "").initCause(e);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /** A pipe would let the caller wait, and a link would be written to where it leads. */
  private static void requireFile(Path file) throws IOException {
    if (!attributes(file).isRegularFile()) {
      throw new FileSystemException(
          file.toString(), null, "expected a file, found a link or something else. Remove it");
    }
  }

  private static String holderIn(FileChannel lock) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HOLDER_BYTES_MAX);
    lock.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
  }

  /** Enters a lock that was taken in the list of those held; returns the identity of its file. */
  private static Object entered(Path root, String holder, FileChannel locked) throws IOException {
    try {
      Object key = key(root.resolve(FILE));
      HELD.put(key, holder);
      return key;
    } catch (IOException e) {
      locked.close();
      throw e;
    }
  }

  /** What the file system knows a file by. */
  private static Object key(Path file) throws IOException {
    Object key = attributes(file).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileChannel open(Path root) throws IOException {
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ,
            LinkOption.NOFOLLOW_LINKS);
    return Files.getFileStore(root).supportsFileAttributeView("posix")
        ? FileChannel.open(
            root.resolve(FILE),
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(root.resolve(FILE), options);
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (!isClosed) {
        isClosed = true;
        HELD.remove(key);
        channel.close();
      }
    }
  }
}
