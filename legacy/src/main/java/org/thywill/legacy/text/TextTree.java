package org.thywill.legacy.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A source of text: a folder, a ZIP, or a single file such as a backup of sessions. Only read, one file at a time. */
final class TextTree implements AutoCloseable {
  /** More than any archive has in one file; a file within a ZIP may claim to be of any size. */
  static final int FILE_BYTES_MAX = 256 << 20;
  private static final int ZIP_ENTRIES_MAX = 1_000_000;

  private final String name;
  private final Path root;
  private final @Nullable FileSystem zip;
  private final List<String> files = new ArrayList<>();

  private TextTree(String name, Path root, @Nullable FileSystem zip) throws IOException {
    this.name = name;
    this.root = root;
    this.zip = zip;
    if (Files.isDirectory(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(Files::isRegularFile).map(path -> root.relativize(path).toString().replace('\\', '/')).sorted().forEach(files::add);
      }
    } else {
      files.add("");
    }
  }

  /**
   * Opens a source.
   *
   * @throws IOException if it is missing or cannot be read, or is a ZIP that is damaged
   */
  static TextTree open(Path source) throws IOException {
    String name = String.valueOf(source.getFileName());
    if (Files.isDirectory(source) || !isZip(source)) {
      return new TextTree(name, source, null);
    }
    FileSystem zip = FileSystems.newFileSystem(source);
    try {
      return new TextTree(name, zip.getPath("/"), zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /**
   * A ZIP that lies here, as a tree of its own; to be closed before this one.
   *
   * @throws IOException if it is none, is damaged, or has more entries than any that the original made
   */
  TextTree within(String file) throws IOException {
    Path inside = root.resolve(file);
    if (!isZip(inside)) {
      throw new IOException("it does not begin as a ZIP does");
    }
    FileSystem within = FileSystems.newFileSystem(inside);
    try {
      TextTree tree = new TextTree(shown(file), within.getPath("/"), within);
      if (tree.files.size() > ZIP_ENTRIES_MAX) {
        throw new IOException("it has " + tree.files.size() + " entries");
      }
      return tree;
    } catch (IOException | RuntimeException e) {
      within.close();
      throw e;
    }
  }

  /** Whether this is a ZIP. */
  boolean isZip() {
    return zip != null;
  }

  private static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      return head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }
  }

  /** All files, each by its path within the source, in order of their names; empty for a source that is one file. */
  List<String> files() {
    return files;
  }

  /** How a file is called in findings. */
  String shown(String file) {
    return file.isEmpty() ? name : name + "/" + file;
  }

  /** The bytes of a file, or null if there are more of them than {@link #FILE_BYTES_MAX}. */
  byte @Nullable [] read(String file) throws IOException {
    try (InputStream in = Files.newInputStream(file.isEmpty() ? root : root.resolve(file))) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      return bytes.length > FILE_BYTES_MAX ? null : bytes;
    }
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
    }
  }
}
