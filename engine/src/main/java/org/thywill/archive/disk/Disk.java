package org.thywill.archive.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The few things that an archive asks of a file system, with what may be on disk after each of them
 * fails.
 *
 * <p>Paths are relative to the archive, with {@code /} between the parts and none in front. Folders
 * come into being with their first file. A disk may be used by many readers and one writer at a
 * time, or by two writers that never touch the same file; it does no locking of its own.
 */
public interface Disk {

  /** Whether there is a file (not a folder) of that name. */
  boolean exists(String file) throws IOException;

  /**
   * The length of a file in bytes.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  long size(String file) throws IOException;

  /**
   * Reads a file from an offset to its end as it is at the time of reading. An offset at or behind
   * the end gives an empty stream.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  InputStream read(String file, long offset) throws IOException;

  /**
   * All files below a folder ({@code ""} for the whole archive), at any depth, in the order of
   * their paths; empty if there is no folder.
   */
  List<String> list(String folder) throws IOException;

  /**
   * The files that lie in a folder itself, not in folders below it, in the order of their paths;
   * empty if there is no folder.
   */
  List<String> files(String folder) throws IOException;

  /**
   * Opens a file for appending and creates it, and its folders, if need be. A new file's name is
   * safe only after {@link #forceFolder}.
   */
  Appender append(String file) throws IOException;

  /**
   * Writes a whole file in one step: readers see the old content or the new one, before and after a
   * crash. When the call returns, content and name are safe. After a failure the old content stands
   * (or, if only the force of the name failed, the new one), and a file with {@value #PARTIAL} at
   * the end of its name may be left.
   */
  void replace(String file, byte[] content) throws IOException;

  /**
   * Cuts a file to its first bytes by writing these to a new file that takes its place; as safe as
   * {@link #replace(String, byte[])}. Used to drop bytes that a failed force may or may not have
   * left.
   */
  void replaceByPrefix(String file, long length) throws IOException;

  /**
   * As {@link #replace} but safe only after {@link #forceAll}: for files that can be made again,
   * written in great numbers.
   */
  void write(String file, byte[] content) throws IOException;

  /**
   * Makes everything safe that was written with {@link #write} to these files, and the names of the
   * files.
   */
  void forceAll(List<String> files) throws IOException;

  /**
   * Gives a file another name, in one step; safe after {@link #forceFolder} of both folders.
   * Refuses to replace a file.
   */
  void move(String from, String to) throws IOException;

  /** Takes a file away; safe after {@link #forceFolder}. */
  void delete(String file) throws IOException;

  /**
   * Makes the names in a folder safe, and the folder's own name in the folder above, up to the
   * archive.
   */
  void forceFolder(String folder) throws IOException;

  /**
   * The ending of files that {@link #replace} had not finished when the machine stopped; they may
   * be deleted.
   */
  String PARTIAL = ".partial";

  /** A file open for appending. Not safe for use by several threads. */
  interface Appender extends Closeable {
    /**
     * Adds bytes at the end. After a failure any part of them may be in the file. What was written
     * is seen by readers at once and safe after {@link #force}.
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Makes all bytes written so far safe. After a failure nothing is known of the bytes written
     * since the last success, and a second try may succeed without having written them: never force
     * this file again (see {@link #replaceByPrefix}).
     */
    void force() throws IOException;

    /** Releases the file; neither writes nor forces. */
    @Override
    void close() throws IOException;
  }

  /** The folder of a file, {@code ""} for the archive itself. */
  static String folderOf(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : file.substring(0, slash);
  }
}
