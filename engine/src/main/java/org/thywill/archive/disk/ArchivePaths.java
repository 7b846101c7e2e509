package org.thywill.archive.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The paths below the root of an archive, each part of which is looked at before it is used.
 *
 * <p>No path leaves the root, by its spelling or by a link.
 */
final class ArchivePaths {
  private static final String NEXT = ". Run: thywill validate-archives";

  /** The bits of a POSIX mode that say what kind of file it is. */
  private static final int TYPE_OF_FILE = 0170000;

  private final Path root;

  ArchivePaths(Path root) {
    this.root = root;
  }

  /**
   * The path of a file, at which anything may be.
   *
   * @throws FileSystemException if it would leave the root, or is a second spelling of another path
   */
  Path inside(String file) throws IOException {
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

  /** The first obstacle on the way to a file. */
  Optional<Obstacle> obstacle(String file) throws IOException {
    Path path = inside(file);
    Optional<Obstacle> above = obstacleAbove(path);
    if (above.isPresent()) {
      return above;
    }
    try {
      return attributes(path).isRegularFile()
          ? Optional.empty()
          : Optional.of(new Obstacle(file, kindOf(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Gives what is below a folder to a visitor. */
  void visit(String folder, Disk.Visitor visitor) throws IOException {
    if (!isFolder(folder)) {
      return;
    }
    try {
      Path start = folder.isEmpty() ? root.toRealPath() : inside(folder);
      if (attributes(start).isDirectory()) {
        Files.walkFileTree(start, new Walk(start, folder.isEmpty() ? "" : folder + "/", visitor));
      }
    } catch (NoSuchFileException e) {
      // No folder has no files.
    }
  }

  static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
  }

  /**
   * The attributes of a file that may be read.
   *
   * @throws NoSuchFileException if there is none, or an obstacle
   */
  BasicFileAttributes presentFile(String file) throws IOException {
    Path path = inside(file);
    Optional<Obstacle> above = obstacleAbove(path);
    BasicFileAttributes attributes = above.isEmpty() ? attributes(path) : null;
    if (attributes != null && attributes.isRegularFile()) {
      return attributes;
    }
    Obstacle obstacle = above.isPresent() ? above.get() : new Obstacle(file, kindOf(path));
    throw new NoSuchFileException(path.toString(), null, obstacle.found(file));
  }

  /**
   * The path of a file that may be written.
   *
   * @throws FileSystemException if there is an obstacle
   */
  Path writable(String file) throws IOException {
    Optional<Obstacle> obstacle = obstacle(file);
    if (obstacle.isPresent()) {
      throw inTheWay(file, obstacle.get());
    }
    return inside(file);
  }

  void requireFolders(String file, Path path) throws IOException {
    Optional<Obstacle> obstacle = obstacleAbove(path);
    if (obstacle.isPresent()) {
      throw inTheWay(file, obstacle.get());
    }
  }

  FileSystemException inTheWay(String file, Obstacle obstacle) {
    return new FileSystemException(
        root.resolve(file).toString(), null, obstacle.found(file) + NEXT);
  }

  boolean isFolder(String folder) throws IOException {
    return folder.isEmpty() || obstacleAbove(inside(folder).resolve("file")).isEmpty();
  }

  /** The first part of a path, the last one left out, that is there and is no folder. */
  Optional<Obstacle> obstacleAbove(Path path) throws IOException {
    for (int parts = root.getNameCount() + 1; parts < path.getNameCount(); parts++) {
      Path folder = root.resolve(path.subpath(root.getNameCount(), parts));
      try {
        if (!attributes(folder).isDirectory()) {
          return Optional.of(new Obstacle(below(folder), kindOf(folder)));
        }
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private String below(Path path) {
    return root.relativize(path).toString().replace(root.getFileSystem().getSeparator(), "/");
  }

  private static Obstacle.Kind kindOf(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (attributes.isSymbolicLink()) {
      return Obstacle.Kind.LINK;
    } else if (attributes.isDirectory()) {
      return Obstacle.Kind.FOLDER;
    } else if (attributes.isRegularFile()) {
      return Obstacle.Kind.FILE;
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Obstacle.Kind.OTHER;
    }
    return switch ((Integer) Files.getAttribute(path, "unix:mode", NOFOLLOW_LINKS) & TYPE_OF_FILE) {
      case 0010000 -> Obstacle.Kind.PIPE;
      case 0140000 -> Obstacle.Kind.SOCKET;
      case 0020000, 0060000 -> Obstacle.Kind.DEVICE;
      default -> Obstacle.Kind.OTHER;
    };
  }

  void requireNoFolder(String file, Path path) throws IOException {
    try {
      if (attributes(path).isDirectory()) {
        throw inTheWay(file, new Obstacle(file, Obstacle.Kind.FOLDER));
      }
    } catch (NoSuchFileException e) {
      // Then nothing is in the way.
    }
  }

  /**
   * Visits files and obstacles. A file that disappears during the walk was deleted by the writer;
   * any other failure ends the walk.
   */
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path start;
    private final String prefix;
    private final Disk.Visitor visitor;
    private final String separator;

    Walk(Path start, String prefix, Disk.Visitor visitor) {
      this.start = start;
      this.prefix = prefix;
      this.visitor = visitor;
      this.separator = start.getFileSystem().getSeparator();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      // No folder of an archive has such a name, and each of its files has.
      boolean isNamedLikeAFile =
          path.toString().endsWith(".txt") || path.toString().endsWith(GzipDisk.ENDING);
      if (path.equals(start) || !isNamedLikeAFile) {
        return FileVisitResult.CONTINUE;
      }
      visitor.obstacle(new Obstacle(name(path), Obstacle.Kind.FOLDER));
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile()) {
        visitor.file(name(path), attributes.size());
        return FileVisitResult.CONTINUE;
      }
      try {
        visitor.obstacle(new Obstacle(name(path), kindOf(path)));
      } catch (NoSuchFileException e) {
        // It has just been removed.
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path path) {
      return prefix + start.relativize(path).toString().replace(separator, "/");
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
