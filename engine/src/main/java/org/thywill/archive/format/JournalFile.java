package org.thywill.archive.format;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Timestamps;

/**
 * The names of journal files.
 *
 * <p>{@code journal/2024_01_000000000123.txt} begins in January 2024 with change 123.
 */
public final class JournalFile {
  public static final String FOLDER = "journal";
  private static final Pattern NAME =
      Pattern.compile("journal/\\d{4}_(0[1-9]|1[0-2])_\\d{12}\\.txt");

  private JournalFile() {}

  /**
   * The path of the file that begins with a change.
   *
   * @param atMicros the time of the change, in microseconds since 1970
   */
  public static String name(long atMicros, long firstSeq) {
    String time = Timestamps.format(atMicros);
    return FOLDER
        + "/"
        + time.substring(0, 4)
        + "_"
        + time.substring(5, 7)
        + String.format(Locale.ROOT, "_%012d.txt", firstSeq);
  }

  /** Whether a path is that of a journal file. */
  public static boolean isJournal(String file) {
    return NAME.matcher(file).matches();
  }

  /** The change with which a file begins, by its name. */
  public static long firstSeq(String file) {
    return Long.parseLong(file.substring(file.length() - 16, file.length() - 4));
  }

  /** The month of a file by its name, such as {@code 2024_01}. */
  public static String month(String file) {
    return file.substring(FOLDER.length() + 1, FOLDER.length() + 8);
  }

  /** All journal files in the order of their changes. */
  public static List<String> list(Disk disk) throws IOException {
    return disk.list(FOLDER).stream()
        .filter(JournalFile::isJournal)
        .sorted(Comparator.comparingLong(JournalFile::firstSeq))
        .toList();
  }
}
