package org.thywill.ledger;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The databases that were set aside for one reason. They are numbered, and the newest has the
 * highest number.
 *
 * <p>A program that goes on damaging the database must not fill the disk with copies of it, so only
 * the newest are kept.
 */
final class SetAsideFiles {
  /** How many are kept. */
  static final int FILES_MAX = 5;

  /** How many bytes those beside the newest take together. */
  static final long BYTES_MAX = 1L << 30;

  private final Path file;
  private final String why;
  private final long bytesMax;

  SetAsideFiles(Path file, String why) {
    this(file, why, BYTES_MAX);
  }

  SetAsideFiles(Path file, String why, long bytesMax) {
    this.file = file;
    this.why = why;
    this.bytesMax = bytesMax;
  }

  /** The path for the next one. */
  Path free() throws IOException {
    NavigableMap<Long, Long> sizes = sizes();
    return path(sizes.isEmpty() ? 1 : sizes.lastKey() + 1);
  }

  /** Deletes those that are too many or too large. The newest always remains. */
  void deleteOldest() throws IOException {
    int kept = 0;
    long bytes = 0;
    for (Map.Entry<Long, Long> each : sizes().descendingMap().entrySet()) {
      bytes += kept == 0 ? 0 : each.getValue();
      if (kept == FILES_MAX || bytes > bytesMax) {
        delete(path(each.getKey()));
      } else {
        kept++;
      }
    }
  }

  private static void delete(Path aside) throws IOException {
    for (String side : ViewFile.SIDE_FILES) {
      Files.deleteIfExists(aside.resolveSibling(aside.getFileName() + side));
    }
  }

  private Path path(long number) {
    return file.resolveSibling(prefix() + number);
  }

  private String prefix() {
    return file.getFileName() + "." + why + "-";
  }

  /** The bytes of each, with its side files, by number. */
  private NavigableMap<Long, Long> sizes() throws IOException {
    NavigableMap<Long, Long> sizes = new TreeMap<>();
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return sizes;
    }
    Pattern name =
        Pattern.compile(
            Pattern.quote(prefix())
                + "([1-9][0-9]{0,17})("
                + String.join("|", ViewFile.SIDE_FILES)
                + ")");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        Matcher matcher = name.matcher(String.valueOf(each.getFileName()));
        if (matcher.matches()) {
          sizes.merge(Long.valueOf(matcher.group(1)), Files.size(each), Long::sum);
        }
      }
    }
    return sizes;
  }
}
