package org.thywill.archive.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
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
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
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
 * the root is refused with an {@link IOException}, since it may come from a damaged file. A
 * symbolic link is never a file of the archive, and listing does not follow it, so that nothing
 * outside the root is taken for a part of the archive. The root itself may be a link.
 *
 * <p>Interrupting a thread that writes or forces closes its file with an exception, which counts as
 * any other failure.
 */
public final class FileSystemDisk implements Disk {
  private static final int COPY_BYTES = 1 << 16;
  private static final int FORCING_THREADS_MAX = 4;
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

  private final Path root;
  private final boolean posix;
  private final FileAttribute<?>[] forOwnersFile;
  private final FileAttribute<?>[] forOwnersFolder;

  /** The disk of a folder, which is created with the first file. */
  public FileSystemDisk(Path root) {
    this.root = root.toAbsolutePath();
    posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    forOwnersFile = posix ? permissions("rw-------") : NO_ATTRIBUTES;
    forOwnersFolder = posix ? permissions("rwx------") : NO_ATTRIBUTES;
  }

  @Override
  public boolean exists(String file) throws IOException {
    // Files.isRegularFile would report a failing disk as a missing file.
    try {
      return attributes(inside(file)).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public boolean isObstructed(String file) throws IOException {
    return obstruction(file) != null;
  }

  /** What is in the place of a file or of a folder above it; null if nothing is. */
  private @Nullable Path obstruction(String file) throws IOException {
    Path wanted = inside(file);
    List<String> folders = new ArrayList<>(upToRoot(Disk.folderOf(file)));
    folders.remove("");
    Collections.reverse(folders);
    for (String folder : folders) {
      Path path = inside(folder);
      if (Files.exists(path, NOFOLLOW_LINKS) && !attributes(path).isDirectory()) {
        return path;
      }
    }
    boolean isThere = Files.exists(wanted, NOFOLLOW_LINKS);
    return isThere && !attributes(wanted).isRegularFile() ? wanted : null;
  }

  @Override
  public void setAside(String obstructed, String to) throws IOException {
    Path found = obstruction(obstructed);
    if (found == null) {
      throw new NoSuchFileException(obstructed);
    }
    Path target = inside(to);
    createFolderOf(target);
    Files.move(found, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public long size(String file) throws IOException {
    return presentFile(inside(file)).size();
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    Path path = inside(file);
    presentFile(path);
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
    try {
      Path start = folder.isEmpty() ? root.toRealPath() : inside(folder);
      if (attributes(start).isDirectory()) {
        Files.walkFileTree(start, new Lister(start, folder.isEmpty() ? "" : folder + "/", files));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    Collections.sort(files);
    return files;
  }

  @Override
  public List<String> files(String folder) throws IOException {
    List<String> files = new ArrayList<>();
    Path start = folder.isEmpty() ? root : inside(folder);
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
  public Appender append(String file) throws IOException {
    Path path = inside(file);
    return new ChannelAppender(
        file, path, open(path, Set.of(WRITE, CREATE, APPEND, NOFOLLOW_LINKS)));
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    substitute(file, true, channel -> writeFully(channel, ByteBuffer.wrap(content)));
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
      waiting.add(inside(file));
      folders.addAll(upToRoot(Disk.folderOf(file)));
    }
    forceFiles(waiting, Math.min(FORCING_THREADS_MAX, files.size()));
    forceFolders(folders);
  }

  @Override
  public void move(String from, String to) throws IOException {
    Path source = inside(from);
    Path target = inside(to);
    presentFile(source);
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
    Path path = inside(file);
    presentFile(path);
    Files.delete(path);
  }

  @Override
  public void forceFolder(String folder) throws IOException {
    forceFolders(upToRoot(folder));
  }

  private Path inside(String file) throws IOException {
    try {
      Path path = root.getFileSystem().getPath(file);
      // A path that the file system normalizes, such as a//b or (on some) a\b, would be a second
      // spelling of another path: refused as well.
      String separator = root.getFileSystem().getSeparator();
      boolean plain =
          !file.isEmpty()
              && path.getRoot() == null
              && path.toString().replace(separator, "/").equals(file);
      for (Path part : path) {
        plain &= !part.toString().equals(".") && !part.toString().equals("..");
      }
      if (plain) {
        return root.resolve(path);
      }
    } catch (InvalidPathException e) {
      // Refused below, with a message that quotes the path only once.
    }
    throw new FileSystemException(
        file, null, "expected a path inside the archive, such as journal/1.txt");
  }

  private static List<String> upToRoot(String folder) {
    List<String> folders = new ArrayList<>();
    for (String each = folder; !each.isEmpty(); each = Disk.folderOf(each)) {
      folders.add(each);
    }
    folders.add("");
    return folders;
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      Path folder = path.getParent();
      if (folder != null && Files.isRegularFile(folder, NOFOLLOW_LINKS)) {
        throw (NoSuchFileException)
            new NoSuchFileException(path.toString(), null, "a file is in the place of its folder")
                .initCause(e);
      }
      throw e;
    }
  }

  private static BasicFileAttributes presentFile(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (!attributes.isRegularFile()) {
      throw new NoSuchFileException(
          path.toString(), null, "expected a file, found a folder or a link");
    }
    return attributes;
  }

  private FileChannel open(Path path, Set<OpenOption> options) throws IOException {
    try {
      return FileChannel.open(path, options, forOwnersFile);
    } catch (NoSuchFileException e) {
      createFolderOf(path);
      return FileChannel.open(path, options, forOwnersFile);
    }
  }

  private void createFolderOf(Path path) throws IOException {
    Path folder = path.getParent();
    if (folder != null) {
      Files.createDirectories(folder, forOwnersFolder);
    }
  }

  /** Replaces a file by a new one. The folder is not forced. */
  private void substitute(String file, boolean safe, Content content) throws IOException {
    Path target = inside(file);
    Path partial = inside(file + PARTIAL);
    try {
      try (FileChannel channel =
          open(partial, Set.of(WRITE, CREATE, TRUNCATE_EXISTING, NOFOLLOW_LINKS))) {
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
      try (FileChannel channel = FileChannel.open(folder.isEmpty() ? root : inside(folder), READ)) {
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
        found = attributes(path);
      } catch (NoSuchFileException e) {
        return false;
      }
      if (!found.isRegularFile() || found.size() != length) {
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

  /**
   * Collects regular files. A file that disappears during the walk was deleted by the writer; any
   * other failure ends the walk.
   */
  private static final class Lister extends SimpleFileVisitor<Path> {
    private final Path start;
    private final String prefix;
    private final List<String> files;
    private final String separator;

    Lister(Path start, String prefix, List<String> files) {
      this.start = start;
      this.prefix = prefix;
      this.files = files;
      this.separator = start.getFileSystem().getSeparator();
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(prefix + start.relativize(path).toString().replace(separator, "/"));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
      return unlessVanished(failure);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure)
        throws IOException {
      return failure == null ? FileVisitResult.CONTINUE : unlessVanished(failure);
    }

    private static FileVisitResult unlessVanished(IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
