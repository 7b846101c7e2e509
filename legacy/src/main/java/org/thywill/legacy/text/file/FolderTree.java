package org.thywill.legacy.text.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A source of text that is a folder or a single file. */
public final class FolderTree implements TextTree {
  private final String name;
  private final Path root;
  private final List<String> files;

  FolderTree(String name, Path root) throws IOException {
    this.name = name;
    this.root = root;
    if (Files.isDirectory(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        files =
            all.filter(Files::isRegularFile)
                .map(path -> root.relativize(path).toString().replace('\\', '/'))
                .sorted()
                .toList();
      }
    } else {
      files = List.of("");
    }
  }

  /** Whether the name of a file ends as that of a ZIP file does. */
  public static boolean isCalledZip(String file) {
    return file.toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /**
   * Opens a ZIP file of this folder as a source of its own.
   *
   * @throws IOException if it is no ZIP file, or cannot be read
   */
  public ZipTree within(String file) throws IOException {
    Path inside = root.resolve(file);
    if (!TextTree.isZip(inside)) {
      throw new IOException("it does not begin as a ZIP does");
    }
    return ZipTree.open(shown(file), inside, ZipTree.Limits.USUAL);
  }

  @Override
  public List<String> files() {
    return files;
  }

  @Override
  public String shown(String file) {
    return TextTree.inOneLine(file.isEmpty() ? name : name + "/" + file);
  }

  @Override
  public Content read(String file) throws UnreadFileException, IOException {
    Path path = file.isEmpty() ? root : root.resolve(file);
    if (Files.size(path) > FILE_BYTES_MAX) {
      throw new UnreadFileException(
          "the file is larger than any that the original wrote, and than "
              + (FILE_BYTES_MAX >> 20)
              + " MiB; cut it if it is one of its own");
    }
    return new Content(TextFile.of(shown(file), Files.readAllBytes(path)), null);
  }

  @Override
  public void close() {}
}
