package org.thywill.archive.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Table;

/**
 * The first five lines of every log, journal file and snapshot (FORMAT.md, Headers).
 *
 * <p>They say what the file is and name its columns, and have a check of their own. A header
 * follows from the file's name and the archive's community, so a reader knows every byte of it.
 */
public final class Header {
  /** The format that this program reads and writes. */
  public static final String FORMAT = "1-draft";

  private static final String FIRST = "# ThyWill archive, format " + FORMAT + ": ";
  private static final String OF_COMMUNITY = " of community ";
  private static final String CHECK = "# header check|";
  private static final int HEADER_BYTES_MAX = 4096;

  /** The number of lines. */
  public static final int LINES = 5;

  private Header() {}

  /** The header of a log. */
  public static byte[] ofLog(String community, Table table, String file) {
    return render(
        "the log " + file + OF_COMMUNITY + community,
        table.description()
            + " A line is one change and carries the whole row; the last line of a row is its"
            + " present state.",
        "How to read, check and rebuild: README.txt at the top of the archive. Fields, separated by"
            + " pipes:",
        LineCodec.columns(table));
  }

  /** The header of a journal file. */
  public static byte[] ofJournal(String community, String file) {
    return render(
        "the journal " + file + OF_COMMUNITY + community,
        "The newest changes of all kinds in the order in which they happened. Each line stands, or"
            + " soon will, in the log of its table too.",
        "How to read, check and rebuild: README.txt at the top of the archive. Fields, separated by"
            + " pipes:",
        "table|then the fields of that table's log");
  }

  /** The header of a snapshot. */
  public static byte[] ofSnapshot(String community, Table table, String file) {
    return render(
        "the snapshot " + file + OF_COMMUNITY + community,
        table.description()
            + " A line is a row as it stands now; the time of its last change follows the columns.",
        "How to read, check and rebuild: README.txt at the top of the archive. Fields, separated by"
            + " pipes:",
        SnapshotCodec.columns(table));
  }

  private static byte[] render(String title, String meaning, String help, String columns) {
    String text =
        FIRST + title + "\n# " + meaning + "\n# " + help + "\n#|" + columns + "\n" + CHECK;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return (text + LineCodec.crc(bytes, 0, bytes.length) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The community that the header of a log, a journal file or a snapshot names; empty if the file
   * is missing, or its header is damaged or of another format.
   */
  public static Optional<String> communityOf(Disk disk, String file) throws IOException {
    byte[] start;
    try (InputStream in = disk.read(file, 0)) {
      start = in.readNBytes(HEADER_BYTES_MAX);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    // One byte is one character, so that positions in the text are those in the file.
    String text = new String(start, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    int check = text.indexOf("\n" + CHECK) + 1;
    int named = text.lastIndexOf(OF_COMMUNITY, Math.max(end, 0));
    int checked = check + CHECK.length();
    boolean isWhole =
        text.startsWith(FIRST)
            && named > 0
            && check > 0
            && text.startsWith(LineCodec.crc(start, 0, checked) + "\n", checked);
    return isWhole
        ? Optional.of(text.substring(named + OF_COMMUNITY.length(), end))
        : Optional.empty();
  }

  /** Whether the header of a file is sound and names another community. */
  public static boolean isForeign(Disk disk, String file, String community) throws IOException {
    return communityOf(disk, file).filter(named -> !named.equals(community)).isPresent();
  }

  /**
   * Checks that a file begins with its header.
   *
   * @param start the first bytes of the file: at least as many as the header has, if there are so
   *     many
   * @return the finding, or nothing
   */
  public static List<Finding> check(byte[] start, byte[] expected, String file) {
    if (start.length >= expected.length
        && Arrays.equals(start, 0, expected.length, expected, 0, expected.length)) {
      return List.of();
    }
    int same = Arrays.mismatch(start, expected);
    int line = 1;
    for (int i = 0; i < Math.min(same, expected.length); i++) {
      line += expected[i] == '\n' ? 1 : 0;
    }
    return List.of(
        Finding.error(
            "header-damaged",
            file,
            line,
            "the header differs at byte " + same + " from the one this file must have"));
  }
}
