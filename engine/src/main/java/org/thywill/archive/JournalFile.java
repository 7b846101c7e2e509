package org.thywill.archive;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Timestamps;

/**
 * How journal files are called: {@code journal/2024_01_000000000123.txt} begins in January 2024
 * with change 123.
 */
final class JournalFile {
  static final String FOLDER = "journal";
  private static final Pattern NAME =
      Pattern.compile("journal/\\d{4}_(0[1-9]|1[0-2])_\\d{12}\\.txt");

  private JournalFile() {}

  static String name(long at, long firstSeq) {
    String time = Timestamps.format(at);
    return FOLDER
        + "/"
        + time.substring(0, 4)
        + "_"
        + time.substring(5, 7)
        + String.format(Locale.ROOT, "_%012d.txt", firstSeq);
  }

  static boolean isJournal(String file) {
    return NAME.matcher(file).matches();
  }

  static long firstSeq(String file) {
    return Long.parseLong(file.substring(file.length() - 16, file.length() - 4));
  }

  /** {@code 2024_01}. */
  static String month(String file) {
    return file.substring(FOLDER.length() + 1, FOLDER.length() + 8);
  }

  /** All journal files in the order of their changes. */
  static List<String> list(Disk disk) throws IOException {
    return disk.list(FOLDER).stream()
        .filter(JournalFile::isJournal)
        .sorted(java.util.Comparator.comparingLong(JournalFile::firstSeq))
        .toList();
  }
}
