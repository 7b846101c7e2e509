package org.thywill.legacy.text.file;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A source of text that is a folder or a single file.
 *
 * <p>Links in it are followed, as programs that copy or store folders make them. One that leads
 * nowhere, or back to a folder around it, is a file that cannot be read.
 */
public final class FolderTree implements TextTree {
  private final String name;
  private final Path root;
  private final List<String> files;

  /** The links that cannot be followed, with the reason. */
  private final Map<String, String> brokenLinks = new TreeMap<>();

  FolderTree(String name, Path root) throws IOException {
    this.name = name;
    this.root = root;
    this.files = Files.isDirectory(root) ? list() : List.of("");
  }

  private List<String> list() throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(relative(file));
            } else if (attributes.isSymbolicLink()) {
              found.add(relative(file));
              brokenLinks.put(relative(file), "a link that leads nowhere");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (!(failure instanceof FileSystemLoopException)) {
              throw failure;
            }
            found.add(relative(file));
            brokenLinks.put(relative(file), "a link to a folder that it is in");
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted().toList();
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
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
    String whyNot = brokenLinks.get(file);
    if (whyNot != null) {
      throw new UnreadFileException(whyNot);
    }
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
