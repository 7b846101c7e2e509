package org.thywill.legacy.text.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A source of text: a folder, a ZIP, or a single file such as a backup of sessions. Only read, one
 * file at a time.
 */
public sealed interface TextTree extends AutoCloseable permits FolderTree, ZipTree {
  /** More than any archive has in one file. */
  int FILE_BYTES_MAX = 256 << 20;

  /**
   * Opens a source.
   *
   * @throws IOException if it is missing or cannot be read, or is a ZIP that cannot be read
   */
  static TextTree open(Path source) throws IOException {
    String name = String.valueOf(source.getFileName());
    return !Files.isDirectory(source) && isZip(source)
        ? ZipTree.open(name, source, ZipTree.Limits.USUAL)
        : new FolderTree(name, source);
  }

  /** Whether a file begins as a ZIP does, be it an empty one. */
  static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      return Arrays.equals(head, new byte[] {'P', 'K', 3, 4})
          || Arrays.equals(head, new byte[] {'P', 'K', 5, 6});
    }
  }

  /**
   * All files, each by its path within the source, in order of their names; empty for a source that
   * is one file.
   */
  List<String> files();

  /** How a file is called in findings: in one line. */
  String shown(String file);

  /**
   * What a file holds.
   *
   * @throws Unread if it is not read, although the others are
   * @throws IOException if the source itself fails
   */
  Content read(String file) throws UnreadFileException, IOException;

  @Override
  void close() throws IOException;

  static String inOneLine(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * What was read.
   *
   * @param doubt why it may not be what was written, if so
   */
  record Content(TextFile file, Optional<String> doubt) {}

  /** Why a file is not read: half a sentence for the operator. */
  final class UnreadFileException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadFileException(String why) {
      super(why);
    }

    public String why() {
      return String.valueOf(getMessage());
    }
  }
}
