package org.thywill.archive.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose files are in a folder of this machine.
 *
 * <p>Files and folders are created with permissions for their owner only. A path that would leave
 * the root is refused with an {@link IOException}, since it may come from a damaged file. The root
 * itself may be a link. A root that vanishes is not created again: it may have been moved, and what
 * was written to a new one would be missing in it.
 *
 * <p>Every part of every path is looked at before it is used, so that nothing outside the root is
 * read or written, and no reader waits at a pipe: a link, a pipe, a device, or a folder in the
 * place of a file is an {@link Obstacle}. Between the look and the use, a program with the rights
 * of this one could put a link in the place of a folder. That is not defended against: such a
 * program can write the archive, and whatever is outside, itself.
 *
 * <p>Interrupting a thread that writes or forces closes its file with an exception, which counts as
 * any other failure.
 */
public final class FileSystemDisk implements Disk {
  private static final int COPY_BYTES = 1 << 16;
  private static final int FORCING_THREADS_MAX = 4;
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

  private final Path root;
  private final ArchivePaths paths;
  private final boolean posix;

  /** Whether the root was there at any time since this disk was made. */
  private volatile boolean isRootKnown;

  private final FileAttribute<?>[] forOwnersFile;
  private final FileAttribute<?>[] forOwnersFolder;

  /** The disk of a folder, which is created with the first file. */
  public FileSystemDisk(Path root) {
    this.root = root.toAbsolutePath();
    paths = new ArchivePaths(this.root);
    isRootKnown = Files.isDirectory(root);
    posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    forOwnersFile = posix ? permissions("rw-------") : NO_ATTRIBUTES;
    forOwnersFolder = posix ? permissions("rwx------") : NO_ATTRIBUTES;
  }

  @Override
  public boolean exists(String file) throws IOException {
    // Files.isRegularFile would report a failing disk as a missing file.
    Path path = paths.inside(file);
    try {
      return paths.obstacleAbove(path).isEmpty() && ArchivePaths.attributes(path).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public long size(String file) throws IOException {
    return paths.presentFile(file).size();
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    Path path = paths.inside(file);
    paths.presentFile(file);
    FileChannel channel = FileChannel.open(path, READ, NOFOLLOW_LINKS);
    try {
      return Channels.newInputStream(channel.position(offset));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    List<String> files = new ArrayList<>();
    visit(
        folder,
        new Visitor() {
          @Override
          public void file(String file, long bytes) {
            files.add(file);
          }

          @Override
          public void obstacle(Obstacle obstacle) {
            // Not a file.
          }
        });
    Collections.sort(files);
    return files;
  }

  @Override
  public List<String> files(String folder) throws IOException {
    List<String> files = new ArrayList<>();
    if (!paths.isFolder(folder)) {
      return files;
    }
    Path start = folder.isEmpty() ? root : paths.inside(folder);
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(start, entry -> Files.isRegularFile(entry, NOFOLLOW_LINKS))) {
      entries.forEach(
          entry -> files.add((folder.isEmpty() ? "" : folder + "/") + entry.getFileName()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    Collections.sort(files);
    return files;
  }

  @Override
  public void visit(String folder, Visitor visitor) throws IOException {
    paths.visit(folder, visitor);
  }

  @Override
  public Optional<Obstacle> obstacle(String file) throws IOException {
    return paths.obstacle(file);
  }

  @Override
  public void setAside(Obstacle obstacle, String to) throws IOException {
    Path source = paths.inside(obstacle.path());
    Path target = paths.writable(to);
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to);
    }
    createFolderOf(target);
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Appender append(String file) throws IOException {
    Path path = paths.writable(file);
    return new ChannelAppender(
        file, path, open(path, Set.of(WRITE, CREATE, APPEND, NOFOLLOW_LINKS)));
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    substitute(file, true, channel -> writeFully(channel, ByteBuffer.wrap(content)));
    forceFolder(Disk.folderOf(file));
  }

  @Override
  public void replaceFrom(String file, InputStream content) throws IOException {
    substitute(file, true, channel -> copyAll(content, channel));
    forceFolder(Disk.folderOf(file));
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    long present = size(file);
    if (length < 0 || length > present) {
      throw new EOFException(file + ": found " + present + " bytes, expected at least " + length);
    }
    substitute(
        file,
        true,
        channel -> {
          try (InputStream source = read(file, 0)) {
            copyPrefix(file, source, length, channel);
          }
        });
    forceFolder(Disk.folderOf(file));
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    substitute(file, false, channel -> writeFully(channel, ByteBuffer.wrap(content)));
  }

  @Override
  public void forceAll(List<String> files) throws IOException {
    Queue<Path> waiting = new ConcurrentLinkedQueue<>();
    Set<String> folders = new LinkedHashSet<>();
    for (String file : files) {
      waiting.add(paths.writable(file));
      folders.addAll(upToRoot(Disk.folderOf(file)));
    }
    forceFiles(waiting, Math.min(FORCING_THREADS_MAX, files.size()));
    forceFolders(folders);
  }

  @Override
  public void move(String from, String to) throws IOException {
    Path source = paths.inside(from);
    paths.presentFile(from);
    Path target = paths.inside(to);
    paths.requireFolders(to, target);
    // An atomic move would replace the target, and a move that refuses to do so need not be atomic.
    // There is only one writer, so checking first is enough.
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to);
    }
    createFolderOf(target);
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String file) throws IOException {
    Path path = paths.inside(file);
    paths.presentFile(file);
    Files.delete(path);
  }

  @Override
  public void forceFolder(String folder) throws IOException {
    forceFolders(upToRoot(folder));
  }

  private static List<String> upToRoot(String folder) {
    List<String> folders = new ArrayList<>();
    for (String each = folder; !each.isEmpty(); each = Disk.folderOf(each)) {
      folders.add(each);
    }
    folders.add("");
    return folders;
  }

  private FileChannel open(Path path, Set<OpenOption> options) throws IOException {
    try {
      return FileChannel.open(path, options, forOwnersFile);
    } catch (NoSuchFileException e) {
      createFolderOf(path);
      return FileChannel.open(path, options, forOwnersFile);
    }
  }

  /** Creates the folders of a file. The root is created once: it may have been moved since. */
  private void createFolderOf(Path path) throws IOException {
    if (!isRootKnown) {
      Files.createDirectories(root, forOwnersFolder);
      isRootKnown = true;
    } else if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(
          root.toString(), null, "the folder of the archive was moved or deleted");
    }
    for (int parts = root.getNameCount() + 1; parts < path.getNameCount(); parts++) {
      Path folder = root.resolve(path.subpath(root.getNameCount(), parts));
      try {
        Files.createDirectory(folder, forOwnersFolder);
      } catch (FileAlreadyExistsException e) {
        if (!ArchivePaths.attributes(folder).isDirectory()) {
          throw e;
        }
      }
    }
  }

  /** Opens a partial file. What an earlier writer left of it is removed, and never written to. */
  private FileChannel openNew(String file, Path partial) throws IOException {
    Set<OpenOption> options = Set.of(WRITE, CREATE_NEW, NOFOLLOW_LINKS);
    try {
      return open(partial, options);
    } catch (FileAlreadyExistsException e) {
      paths.requireNoFolder(file, partial);
      Files.delete(partial);
      return open(partial, options);
    }
  }

  /**
   * Replaces a file by a new one. The folder is not forced. A link at the path of the file is
   * replaced like a file; where it leads is not touched.
   */
  private void substitute(String file, boolean safe, Content content) throws IOException {
    Path target = paths.inside(file);
    Path partial = paths.inside(file + PARTIAL);
    paths.requireFolders(file, target);
    paths.requireNoFolder(file, target);
    try {
      try (FileChannel channel = openNew(file + PARTIAL, partial)) {
        content.writeTo(channel);
        if (safe) {
          // Before the renaming: otherwise a crash can leave the name without its content.
          channel.force(true);
        }
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // On a full disk, half a file must not take up room.
      try {
        Files.deleteIfExists(partial);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  /**
   * Copies through the memory of this process. A channel's {@code transferTo} may let two files
   * share their blocks, and after a failed force the blocks may differ from what readers see.
   */
  private static void copyPrefix(String file, InputStream source, long length, FileChannel target)
      throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    for (long left = length; left > 0; ) {
      int count = source.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new EOFException(file + ": ended " + left + " bytes before the expected " + length);
      }
      writeFully(target, ByteBuffer.wrap(buffer, 0, count));
      left -= count;
    }
  }

  private static void copyAll(InputStream source, FileChannel target) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
      writeFully(target, ByteBuffer.wrap(buffer, 0, count));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Forces with a few threads: most of each force is waiting, and the disk can serve several at
   * once.
   */
  private static void forceFiles(Queue<Path> waiting, int threads) throws IOException {
    if (threads <= 1) {
      forceWaiting(waiting);
      return;
    }
    Callable<Integer> worker = () -> forceWaiting(waiting);
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("force-", 1).factory())) {
      for (Future<Integer> done : pool.invokeAll(Collections.nCopies(threads, worker))) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? cause
          : new IOException("could not force files", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while forcing files; nothing is known of them");
    }
  }

  private static int forceWaiting(Queue<Path> waiting) throws IOException {
    int forced = 0;
    for (Path path = waiting.poll(); path != null; path = waiting.poll()) {
      try (FileChannel channel = FileChannel.open(path, WRITE, NOFOLLOW_LINKS)) {
        channel.force(true);
      }
      forced++;
    }
    return forced;
  }

  private void forceFolders(Collection<String> folders) throws IOException {
    // Other systems neither offer nor need a force of folders.
    if (!posix) {
      return;
    }
    for (String folder : folders) {
      if (!folder.isEmpty()) {
        paths.requireFolders(folder + "/", paths.inside(folder).resolve("file"));
      }
      try (FileChannel channel =
          FileChannel.open(folder.isEmpty() ? root : paths.inside(folder), READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] permissions(String permissions) {
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private final class ChannelAppender implements Appender {
    private final String file;
    private final Path path;
    private final FileChannel channel;

    /** For reading the file when its name is gone; null until it was first seen at its path. */
    private @Nullable FileChannel reader;

    /** What the file system knows that file by; null until then, or if there is no such thing. */
    private @Nullable Object key;

    ChannelAppender(String file, Path path, FileChannel channel) {
      this.file = file;
      this.path = path;
      this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writeFully(channel, ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void force() throws IOException {
      // Forces the length too, which is needed to read the bytes back, but not the times of
      // change.
      channel.force(false);
    }

    @Override
    public boolean isAtItsPath(long length) throws IOException {
      BasicFileAttributes found;
      try {
        found = ArchivePaths.attributes(path);
      } catch (NoSuchFileException e) {
        return false;
      }
      if (!found.isRegularFile()
          || found.size() != length
          || paths.obstacleAbove(path).isPresent()) {
        return false;
      }
      if (reader != null) {
        return Objects.equals(key, found.fileKey());
      }
      // Java cannot ask which file a channel has open. Another file would not have grown with it.
      if (channel.size() != length) {
        return false;
      }
      reader = FileChannel.open(path, READ, NOFOLLOW_LINKS);
      key = found.fileKey();
      return true;
    }

    @Override
    public void restore(long length) throws IOException {
      FileChannel source = reader;
      if (source == null || !source.isOpen()) {
        replaceByPrefix(file, length);
        return;
      }
      if (source.size() < length) {
        throw new EOFException(
            file + ": found " + source.size() + " bytes, expected at least " + length);
      }
      source.position(0);
      substitute(
          file, true, target -> copyPrefix(file, Channels.newInputStream(source), length, target));
      forceFolder(Disk.folderOf(file));
    }

    @Override
    public void close() throws IOException {
      FileChannel open = reader;
      try (open) {
        channel.close();
      }
    }
  }
}
