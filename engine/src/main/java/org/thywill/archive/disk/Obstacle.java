package org.thywill.archive.disk;

/**
 * Something below an archive that is neither one of its files nor one of its folders.
 *
 * <p>It is never read, written or followed.
 *
 * @param path below the archive
 */
public record Obstacle(String path, Kind kind) {

  /** What it is. */
  public enum Kind {
    /** A symbolic link, wherever it leads. */
    LINK("a symbolic link"),
    /** A folder where a file should be. */
    FOLDER("a folder"),
    /** A file where a folder should be. */
    FILE("a file"),
    /** A named pipe, which a reader would wait at for ever. */
    PIPE("a named pipe"),
    /** A socket. */
    SOCKET("a socket"),
    /** A device, which may have no end. */
    DEVICE("a device"),
    /** Anything else. */
    OTHER("neither a file nor a folder");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** With its article, such as {@code a symbolic link}. */
    public String words() {
      return words;
    }
  }

  /** Whether it is at the path of a file or of one of the file's folders. */
  public boolean isInTheWayOf(String file) {
    return file.equals(path) || file.startsWith(path + "/");
  }

  /** What was found and what was expected, as the end of a sentence about a file. */
  public String found(String file) {
    return file.equals(path)
        ? "is " + kind.words() + "; expected a file"
        : "cannot be there, because " + path + " is " + kind.words() + "; expected a folder";
  }
}
