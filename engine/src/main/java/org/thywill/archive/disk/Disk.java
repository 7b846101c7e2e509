package org.thywill.archive.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * The operations on files that an archive needs, and what may be on disk after each of them fails.
 *
 * <p>Paths are relative to the archive, with {@code /} between the parts and none in front. A
 * folder is created with its first file. A disk may be used by many readers and one writer at a
 * time, or by two writers that never use the same file; it does no locking of its own.
 */
public interface Disk {

  /** Whether there is a file (not a folder) of that name. */
  boolean exists(String file) throws IOException;

  /**
   * Whether something else than a file is in the place of a file: a folder, a link, or a file where
   * a folder above it should be.
   */
  default boolean isObstructed(String file) throws IOException {
    return false;
  }

  /**
   * Moves what obstructs a file to another path, as one renaming.
   *
   * @throws NoSuchFileException if nothing does
   */
  default void setAside(String obstructed, String to) throws IOException {
    throw new NoSuchFileException(obstructed);
  }

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
   * The bytes of a whole file.
   *
   * @throws NoSuchFileException if there is none
   */
  default byte[] readAll(String file) throws IOException {
    try (InputStream in = read(file, 0)) {
      return in.readAllBytes();
    }
  }

  /** The bytes of a whole file; empty if there is none. */
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
