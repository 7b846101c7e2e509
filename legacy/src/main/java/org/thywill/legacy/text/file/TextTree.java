package org.thywill.legacy.text.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source of text: a folder, a ZIP file, or a single file such as a backup of sessions.
 *
 * <p>It is never written to, and read one file at a time.
 */
public sealed interface TextTree extends AutoCloseable permits FolderTree, ZipTree {
  /** The largest file that is read; no archive of the original has one as large. */
  int FILE_BYTES_MAX = 64 << 20;

  /**
   * Opens a source.
   *
   * @throws IOException if it is missing, or cannot be read
   */
  static TextTree open(Path source) throws IOException {
    String name = String.valueOf(source.getFileName());
    return !Files.isDirectory(source) && isZip(source)
        ? ZipTree.open(name, source, ZipTree.Limits.USUAL)
        : new FolderTree(name, source);
  }

  /** Whether a file begins as a ZIP file does, which may be empty. */
  static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      return Arrays.equals(head, new byte[] {'P', 'K', 3, 4})
          || Arrays.equals(head, new byte[] {'P', 'K', 5, 6});
    }
  }

  /**
   * The paths of all files within the source, in order of their names.
   *
   * <p>The path is empty in a source that is a single file.
   */
  List<String> files();

  /** The name of a file in messages: one line. */
  String shown(String file);

  /**
   * Reads a file.
   *
   * @throws Unread if this file cannot be read, although others can
   * @throws IOException if the source itself fails
   */
  Content read(String file) throws UnreadFileException, IOException;

  @Override
  void close() throws IOException;

  /** A name with each control character replaced by a question mark. */
  static String inOneLine(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * The content of a file.
   *
   * @param doubt why the content may differ from what was written; null if nothing suggests it
   */
  record Content(TextFile file, @Nullable String doubt) {}

  /** Thrown if one file of a source cannot be read. */
  final class UnreadFileException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadFileException(String why) {
      super(why);
    }

    /** The reason, as part of a sentence for the operator. */
    public String why() {
      return String.valueOf(getMessage());
    }
  }
}
