package org.thywill.archive.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The operations on files that an archive needs, and what may be on disk after each of them fails.
 *
 * <p>Paths are relative to the archive, with {@code /} between the parts and none in front. A
 * folder is created with its first file. Only files and folders count: whatever else has one of
 * these names, such as a link, is an {@link Obstacle}, which reading takes for a missing file, and
 * at which writing fails. A disk may be used by many readers and one writer at a time, or by two
 * writers that never use the same file; it does no locking of its own.
 */
public interface Disk {

  /** Whether there is a file (not a folder) of that name. */
  boolean exists(String file) throws IOException;

  /**
   * The length of a file in bytes.
   *
   * @throws NoSuchFileException if there is none
   */
  long size(String file) throws IOException;

  /**
   * Reads a file from an offset to its end, as it is at the time of reading. An offset at or after
   * the end gives an empty stream.
   *
   * @throws NoSuchFileException if there is none
   */
  InputStream read(String file, long offset) throws IOException;

  /**
   * The largest file that is read as a whole (FORMAT.md, section 2): a control file, a seal, a
   * snapshot or a page.
   */
  int WHOLE_BYTES_MAX = 1 << 26;

  /**
   * The bytes of a whole file.
   *
   * <p>Of a file that is larger than {@link #WHOLE_BYTES_MAX} it is the beginning, with a zero byte
   * as its last: no such file ends in that, so that it is never taken for the whole.
   *
   * @throws NoSuchFileException if there is none
   */
  default byte[] readAll(String file) throws IOException {
    try (InputStream in = read(file, 0)) {
      byte[] bytes = new byte[(int) Math.min(size(file), WHOLE_BYTES_MAX)];
      int length = in.readNBytes(bytes, 0, bytes.length);
      // The file may have been replaced, and its content be longer or shorter than its size was.
      byte[] more = in.readNBytes(WHOLE_BYTES_MAX - length);
      if (more.length > 0 || length < bytes.length) {
        bytes = Arrays.copyOf(bytes, length + more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
      }
      if (bytes.length == WHOLE_BYTES_MAX && in.read() >= 0) {
        bytes[bytes.length - 1] = 0;
      }
      return bytes;
    }
  }

  /** Whether there is a file that has exactly some bytes. Reads it in pieces. */
  default boolean holds(String file, byte[] content) throws IOException {
    try (InputStream in = read(file, 0)) {
      byte[] piece = new byte[1 << 16];
      int from = 0;
      int count = in.readNBytes(piece, 0, piece.length);
      while (count > 0
          && count <= content.length - from
          && Arrays.equals(piece, 0, count, content, from, from + count)) {
        from += count;
        count = in.readNBytes(piece, 0, piece.length);
      }
      return count == 0 && from == content.length;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The bytes of a whole file as {@link #readAll} gives them; empty if there is none. */
  default Optional<byte[]> readIfPresent(String file) throws IOException {
    try {
      return Optional.of(readAll(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * All files below a folder ({@code ""} for the whole archive), at any depth, in the order of
   * their paths; empty if there is no folder.
   */
  List<String> list(String folder) throws IOException;

  /**
   * The files in a folder but not in folders below it, in the order of their paths; empty if there
   * is no folder.
   */
  List<String> files(String folder) throws IOException;

  /** Receives what is below a folder. */
  interface Visitor {
    /** Takes a file and its length. */
    void file(String file, long bytes);

    /** Takes something that is neither a file nor a folder of the archive. */
    void obstacle(Obstacle obstacle);
  }

  /** Gives all files below a folder, as they are on disk, and all obstacles to a visitor. */
  default void visit(String folder, Visitor visitor) throws IOException {
    for (String file : list(folder)) {
      visitor.file(file, size(file));
    }
  }

  /**
   * The first obstacle on the way to a file: at its own path or at that of one of its folders. A
   * disk in memory has none.
   */
  default Optional<Obstacle> obstacle(String file) throws IOException {
    return Optional.empty();
  }

  /**
   * Renames an obstacle in one step, whatever it is; safe after {@link #forceFolder} of both
   * folders. A link keeps leading where it leads.
   *
   * @param to a path at which nothing is
   */
  default void setAside(Obstacle obstacle, String to) throws IOException {
    move(obstacle.path(), to);
  }

  /**
   * Opens a file for appending, and creates it and its folders if they are missing. The name of a
   * new file is safe only after {@link #forceFolder}.
   */
  Appender append(String file) throws IOException;

  /**
   * Writes a whole file in one step: readers see the old content or the new one, before and after a
   * crash. When the call returns, content and name are safe. After a failure the file has the old
   * content (or, if only the force of the name failed, the new one), and a file whose name ends in
   * {@value #PARTIAL} may be left.
   */
  void replace(String file, byte[] content) throws IOException;

  /**
   * Writes a whole file from a stream, which is not closed, as {@link #replace(String, byte[])}
   * does. For content that may be large.
   */
  default void replaceFrom(String file, InputStream content) throws IOException {
    replace(file, content.readAllBytes());
  }

  /**
   * Truncates a file by writing its first bytes to a new file that replaces it; as safe as {@link
   * #replace(String, byte[])}. Removes bytes that a failed force may or may not have left.
   */
  void replaceByPrefix(String file, long length) throws IOException;

  /**
   * Writes a whole file in one step as {@link #replace} does, but safe only after {@link
   * #forceAll}. For great numbers of files that can be restored.
   */
  void write(String file, byte[] content) throws IOException;

  /** Makes the contents and the names of files safe that were written with {@link #write}. */
  void forceAll(List<String> files) throws IOException;

  /**
   * Renames a file in one step; safe after {@link #forceFolder} of both folders.
   *
   * @throws NoSuchFileException if there is none
   * @throws FileAlreadyExistsException if there is a file of the new name
   */
  void move(String from, String to) throws IOException;

  /**
   * Deletes a file; safe after {@link #forceFolder}.
   *
   * @throws NoSuchFileException if there is none
   */
  void delete(String file) throws IOException;

  /** Makes the names in a folder safe, and the names of the folder and of all folders above it. */
  void forceFolder(String folder) throws IOException;

  /**
   * The end of the name of a file that {@link #replace} had not finished when the machine stopped;
   * it may be deleted.
   */
  String PARTIAL = ".partial";

  /** A file open for appending. Not safe for use by several threads. */
  interface Appender extends Closeable {
    /**
     * Appends bytes. Readers see them at once, and they are safe after {@link #force}. After a
     * failure any part of them may be in the file.
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Makes all bytes written so far safe. After a failure nothing is known about the bytes written
     * since the last success, and a second force may succeed without having written them. So never
     * force this file again (see {@link #replaceByPrefix}).
     */
    void force() throws IOException;

    /**
     * Whether the file at the path is still this one, and has a certain length. Another program may
     * have moved, deleted or replaced it, or added to it: then nothing that is appended here would
     * be found later.
     *
     * @param length in bytes, as the caller knows it
     */
    boolean isAtItsPath(long length) throws IOException;

    /**
     * Writes the first bytes of this file to a new file at its path, even if this one is no longer
     * there; as safe as {@link #replace}. Afterwards this file is of no use.
     *
     * @throws EOFException if this file is shorter; nothing was changed
     */
    void restore(long length) throws IOException;

    /** Closes the file; neither writes nor forces. */
    @Override
    void close() throws IOException;
  }

  /** The folder of a file, {@code ""} for the archive itself. */
  static String folderOf(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : file.substring(0, slash);
  }
}
