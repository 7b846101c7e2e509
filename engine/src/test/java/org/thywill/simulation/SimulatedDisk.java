package org.thywill.simulation;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;

/**
 * A disk in memory that loses what was not forced, for tests that crash, fail or fill it.
 *
 * <p>Like a file system it separates names from contents. It holds both twice: as readers see them,
 * and as they are safe. Forcing a file makes its bytes safe but not its name; forcing a folder
 * makes the names in it safe, and its own name up to the archive, but no bytes. {@link #restart}
 * keeps what is safe and lets a {@link LossPattern} decide the rest.
 *
 * <p>The power can fail between any two operations. Creating a file by {@link #append}, one write,
 * one force, one move, one delete and one {@link #forceFolder} are one operation each; {@link
 * #replace} is four (write a partial file, force it, rename it, force the folder), {@link #write}
 * is two, and {@link #forceAll} is one for each file and each folder. Reading is none. A crash in
 * the middle of a write leaves half of its bytes as unforced; a name that was changing may survive
 * or not; a force has had no effect that is certain.
 *
 * <p>A move within a folder is one step even for a disk that shuffles names. A move between folders
 * is safe when both have been forced. If only the new one has, the old name may be there again
 * beside it; if only the old one has, the move may still be undone.
 *
 * <p>Safe for use by many threads.
 */
public final class SimulatedDisk implements Disk {
  private final SimulatedDirectory seen = new SimulatedDirectory();
  private final SimulatedDirectory safe = new SimulatedDirectory();
  private final Map<Long, Interference> interferences = new HashMap<>();
  private final SimulatedDirectory away = new SimulatedDirectory();
  private List<DirectoryChange> unforced = new ArrayList<>();
  private final Map<Long, Failure> failures = new HashMap<>();
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private long capacity = Long.MAX_VALUE;
  private boolean crashed;

  /** An empty disk without limits on which nothing fails. */
  public SimulatedDisk() {}

  // For tests.

  /** The number of operations so far. */
  public synchronized long operations() {
    return operations;
  }

  /** Makes the power fail at the n-th operation from now, the next one being the first. */
  public synchronized void crashAt(long n) {
    crashAt = operations + positive(n);
  }

  /**
   * Whether the power has failed. From then on everything except closing throws {@link
   * SimulatedCrash}.
   */
  public synchronized boolean crashed() {
    return crashed;
  }

  /**
   * Makes the n-th operation from now fail, once. Several failures may be planned.
   *
   * @param effect whether the operation does all of its work and fails afterwards; otherwise it
   *     does nothing, except that a failing force of a file gives up the unforced bytes for good:
   *     readers see them until the power fails, and later forces succeed without them
   */
  public synchronized void failAt(long n, IOException failure, boolean effect) {
    failures.put(operations + positive(n), new Failure(failure, effect));
  }

  /**
   * Limits the bytes of all files together. A write beyond it writes what has room and fails;
   * deleting and raising the limit make room.
   */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /**
   * The disk after the power is back, with the same capacity and no planned failures. Cuts the
   * power if it has not failed yet. Several calls give several outcomes of one crash.
   */
  public synchronized SimulatedDisk restart(LossPattern pattern, RandomGenerator random) {
    crashed = true;
    SimulatedDirectory survivors = safe.afterLossOf(unforced, pattern, random);
    return reopened(survivors, content -> content.survivor(pattern, random));
  }

  /**
   * A second disk with the same files, all of them safe, and no planned failures. This one stays
   * usable.
   */
  public synchronized SimulatedDisk copy() {
    requirePower();
    return reopened(seen, SimulatedFile::copy);
  }

  // What other programs do to the files; safe at once, and no operation of the archive.

  /** Puts a copy in the place of a file, as an editor does when it saves. */
  public synchronized void swapForCopy(String file) throws IOException {
    SimulatedFile copy = present(file).copy();
    relink(file, copy);
    settleAllNames();
  }

  /** Deletes a file. */
  public synchronized void unlink(String file) throws IOException {
    change(new DirectoryChange.Unlinked(file, present(file)));
    settleAllNames();
  }

  /** Moves a file elsewhere. */
  public synchronized void moveAside(String file, String to) throws IOException {
    makeFoldersOf(to);
    rename(file, to, present(file));
    settleAllNames();
  }

  /** Adds bytes to the end of a file. */
  public synchronized void addTo(String file, byte[] bytes) throws IOException {
    SimulatedFile content = present(file);
    content.append(bytes, 0, bytes.length);
  }

  /** Runs something before the n-th operation from now, the next one being the first. */
  public synchronized void interfereAt(long n, Interference interference) {
    interferences.put(operations + positive(n), interference);
  }

  /** Forgets the interferences that have not come. */
  public synchronized void interfereNoMore() {
    interferences.clear();
  }

  /** Moves the whole archive elsewhere; files that are open stay open. */
  public synchronized void moveAllAway() {
    settleAllNames();
    away.addAll(seen);
    clearNames();
  }

  /** Puts the archive back that was moved away, and removes whatever is in its place. */
  public synchronized void moveAllBack() {
    clearNames();
    seen.addAll(away);
    safe.addAll(away);
    away.clear();
  }

  private void clearNames() {
    seen.clear();
    safe.clear();
    unforced = new ArrayList<>();
  }

  private void settleAllNames() {
    safe.clear();
    safe.addAll(seen);
    unforced = new ArrayList<>();
  }

  // The disk of an archive.

  @Override
  public synchronized boolean exists(String file) throws IOException {
    requirePower();
    return seen.files.containsKey(checked(file));
  }

  @Override
  public synchronized long size(String file) throws IOException {
    return present(file).length;
  }

  @Override
  public synchronized InputStream read(String file, long offset) throws IOException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    return new Reader(present(file), offset);
  }

  @Override
  public synchronized List<String> list(String folder) throws IOException {
    requirePower();
    // The character after the slash is the upper bound of all names in the folder.
    return folder.isEmpty()
        ? List.copyOf(seen.files.keySet())
        : List.copyOf(seen.files.subMap(checked(folder) + "/", folder + "0").keySet());
  }

  @Override
  public synchronized List<String> files(String folder) throws IOException {
    return list(folder).stream().filter(file -> Disk.folderOf(file).equals(folder)).toList();
  }

  @Override
  public synchronized Appender append(String file) throws IOException {
    requirePower();
    SimulatedFile existing = seen.files.get(checked(file));
    if (existing != null) {
      return new ContentAppender(file, existing);
    }
    checkCreatable(file);
    SimulatedFile content = new SimulatedFile();
    changeNames(() -> link(file, content));
    return new ContentAppender(file, content);
  }

  @Override
  public synchronized void replace(String file, byte[] content) throws IOException {
    SimulatedFile partial = writeAside(file, content);
    force(partial);
    changeNames(() -> rename(file + PARTIAL, file, partial));
    forceFolder(Disk.folderOf(file));
  }

  @Override
  public synchronized void replaceByPrefix(String file, long length) throws IOException {
    SimulatedFile content = present(file);
    if (length < 0 || length > content.length) {
      throw new EOFException(
          file + ": found " + content.length + " bytes, expected at least " + length);
    }
    replace(file, Arrays.copyOf(content.bytes, (int) length));
  }

  @Override
  public synchronized void write(String file, byte[] content) throws IOException {
    SimulatedFile partial = writeAside(file, content);
    changeNames(() -> rename(file + PARTIAL, file, partial));
  }

  @Override
  public synchronized void forceAll(List<String> files) throws IOException {
    Set<String> folders = new LinkedHashSet<>();
    for (String file : files) {
      force(present(file));
      folders.add(Disk.folderOf(file));
    }
    for (String folder : folders) {
      forceFolder(folder);
    }
  }

  @Override
  public synchronized void move(String from, String to) throws IOException {
    SimulatedFile content = present(from);
    if (seen.files.containsKey(checked(to)) || seen.folders.contains(to)) {
      throw new FileAlreadyExistsException(to);
    }
    checkCreatable(to);
    changeNames(
        () -> {
          makeFoldersOf(to);
          rename(from, to, content);
        });
  }

  @Override
  public synchronized void delete(String file) throws IOException {
    SimulatedFile content = present(file);
    changeNames(() -> change(new DirectoryChange.Unlinked(file, content)));
  }

  @Override
  public synchronized void forceFolder(String folder) throws IOException {
    requirePower();
    if (!folder.isEmpty() && !seen.folders.contains(checked(folder))) {
      throw new NoSuchFileException(folder);
    }
    operation(() -> settleNames(folder), () -> {}, () -> {});
  }

  // Operations, and what they leave when they crash or fail.

  private void operation(Step whole, Step crashing, Step failing) throws IOException {
    requirePower();
    operations++;
    Interference interference = interferences.remove(operations);
    if (interference != null) {
      interference.run();
    }
    if (operations == crashAt) {
      crashed = true;
      crashing.run();
      throw new SimulatedCrash(operations);
    }
    Failure failure = failures.remove(operations);
    if (failure == null) {
      whole.run();
    } else {
      (failure.effect ? whole : failing).run();
      throw failure.exception;
    }
  }

  private void changeNames(Step names) throws IOException {
    operation(names, names, () -> {});
  }

  private void force(SimulatedFile content) throws IOException {
    operation(content::force, () -> {}, content::giveUpUnforced);
  }

  private void append(SimulatedFile content, byte[] bytes, int offset, int length)
      throws IOException {
    operation(
        () -> fill(content, bytes, offset, length),
        () -> fillHalf(content, bytes, offset, length),
        () -> {});
  }

  private SimulatedFile writeAside(String file, byte[] bytes) throws IOException {
    requirePower();
    String partial = checked(file) + PARTIAL;
    checkCreatable(file);
    checkCreatable(partial);
    SimulatedFile content = new SimulatedFile();
    // One operation for name and bytes: a crash in the write can leave the name without bytes
    // anyway.
    operation(
        () -> {
          relink(partial, content);
          fill(content, bytes, 0, bytes.length);
        },
        () -> {
          relink(partial, content);
          fillHalf(content, bytes, 0, bytes.length);
        },
        () -> {});
    return content;
  }

  private void fill(SimulatedFile content, byte[] bytes, int offset, int length)
      throws IOException {
    int room = Math.min(length, room());
    content.append(bytes, offset, room);
    if (room < length) {
      throw new IOException("No space left on device");
    }
  }

  private void fillHalf(SimulatedFile content, byte[] bytes, int offset, int length) {
    content.append(bytes, offset, Math.min(length / 2, room()));
  }

  private int room() {
    if (capacity == Long.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    long used = 0;
    for (SimulatedFile content : new HashSet<>(seen.files.values())) {
      used += content.length;
    }
    return Math.clamp(capacity - used, 0, Integer.MAX_VALUE);
  }

  // Names.

  private void relink(String file, SimulatedFile content) {
    SimulatedFile leftover = seen.files.get(file);
    if (leftover != null) {
      change(new DirectoryChange.Unlinked(file, leftover));
    }
    link(file, content);
  }

  private void link(String file, SimulatedFile content) {
    makeFoldersOf(file);
    change(new DirectoryChange.Linked(file, content));
  }

  private void rename(String from, String to, SimulatedFile content) {
    change(new DirectoryChange.Renamed(from, to, content, false));
  }

  private void makeFoldersOf(String file) {
    String folder = Disk.folderOf(file);
    if (!seen.folders.contains(folder)) {
      makeFoldersOf(folder);
      change(new DirectoryChange.FolderMade(folder));
    }
  }

  private void change(DirectoryChange change) {
    seen.apply(change);
    unforced.add(change);
  }

  private void settleNames(String folder) {
    Set<String> forced = new HashSet<>(Set.of(""));
    for (String above = folder; !above.isEmpty(); above = Disk.folderOf(above)) {
      forced.add(above);
    }
    List<DirectoryChange> left = new ArrayList<>();
    for (DirectoryChange change : unforced) {
      if (change instanceof DirectoryChange.Renamed renamed) {
        settleRename(renamed, forced, left);
      } else if (forced.contains(change.folder())) {
        safe.apply(change);
      } else {
        left.add(change);
      }
    }
    unforced = left;
  }

  private void settleRename(
      DirectoryChange.Renamed change, Set<String> forced, List<DirectoryChange> left) {
    boolean oldForced = change.oldForced() || forced.contains(Disk.folderOf(change.from()));
    if (!forced.contains(change.folder())) {
      left.add(
          new DirectoryChange.Renamed(change.from(), change.to(), change.content(), oldForced));
    } else if (oldForced) {
      safe.apply(change);
    } else {
      safe.apply(new DirectoryChange.Linked(change.to(), change.content()));
      left.add(new DirectoryChange.Unlinked(change.from(), change.content()));
    }
  }

  private SimulatedDisk reopened(SimulatedDirectory names, UnaryOperator<SimulatedFile> contents) {
    SimulatedDisk next = new SimulatedDisk();
    next.capacity = capacity;
    SimulatedDirectory reachable = names.reachable(contents);
    next.seen.addAll(reachable);
    next.safe.addAll(reachable);
    return next;
  }

  // Refusals.

  private void requirePower() {
    if (crashed) {
      throw new SimulatedCrash(operations);
    }
  }

  private SimulatedFile present(String file) throws IOException {
    requirePower();
    SimulatedFile content = seen.files.get(checked(file));
    if (content == null) {
      throw new NoSuchFileException(file);
    }
    return content;
  }

  private void checkCreatable(String file) throws IOException {
    if (seen.folders.contains(file)) {
      throw new FileSystemException(file, null, "Is a directory");
    }
    for (String folder = Disk.folderOf(file); !folder.isEmpty(); folder = Disk.folderOf(folder)) {
      if (seen.files.containsKey(folder)) {
        throw new FileSystemException(folder, null, "Not a directory");
      }
    }
  }

  private static String checked(String path) throws IOException {
    boolean plain = path.indexOf('\0') < 0;
    for (int start = 0; plain && start <= path.length(); ) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String part = path.substring(start, end);
      plain = !part.isEmpty() && !part.equals(".") && !part.equals("..");
      start = end + 1;
    }
    if (!plain) {
      throw new FileSystemException(
          path, null, "expected a path inside the archive, such as journal/1.txt");
    }
    return path;
  }

  private static long positive(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("operation " + n + ": the next one is 1");
    }
    return n;
  }

  /** What another program does to the files. */
  @FunctionalInterface
  public interface Interference {
    void run() throws IOException;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private record Failure(IOException exception, boolean effect) {}

  private final class ContentAppender implements Appender {
    private final String file;
    private @Nullable SimulatedFile content;

    ContentAppender(String file, SimulatedFile content) {
      this.file = file;
      this.content = content;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      synchronized (SimulatedDisk.this) {
        append(open(), bytes, offset, length);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedDisk.this) {
        SimulatedDisk.this.force(open());
      }
    }

    @Override
    public boolean isAtItsPath(long length) throws IOException {
      synchronized (SimulatedDisk.this) {
        SimulatedFile open = open();
        return seen.files.get(file) == open && open.length == length;
      }
    }

    @Override
    public void restore(long length) throws IOException {
      synchronized (SimulatedDisk.this) {
        SimulatedFile open = open();
        if (length > open.length) {
          throw new EOFException(file + ": found " + open.length + " bytes, expected " + length);
        }
        replace(file, Arrays.copyOf(open.bytes, (int) length));
      }
    }

    /** Works after a crash too: a dead process has no open files. */
    @Override
    public void close() {
      synchronized (SimulatedDisk.this) {
        content = null;
      }
    }

    private SimulatedFile open() throws IOException {
      requirePower();
      if (content == null) {
        throw new ClosedChannelException();
      }
      return content;
    }
  }

  private final class Reader extends InputStream {
    private final SimulatedFile content;
    private long position;

    Reader(SimulatedFile content, long position) {
      this.content = content;
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      synchronized (SimulatedDisk.this) {
        requirePower();
        if (length == 0) {
          return 0;
        }
        int count = (int) Math.min(length, content.length - position);
        if (count <= 0) {
          return -1;
        }
        System.arraycopy(content.bytes, (int) position, into, offset, count);
        position += count;
        return count;
      }
    }
  }
}
