package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;

/**
 * The file {@code README.txt} of an archive.
 *
 * <p>It says how to read, check and rebuild the archive without the program.
 */
public final class ReadmeFile {
  /** Its path. */
  public static final String FILE = "README.txt";

  private ReadmeFile() {}

  /** Its bytes. */
  public static byte[] content(ArchiveIdentity identity) {
    return """
    This folder is the memory of a praying community, as plain text (UTF-8).
    Community %s, format %s.

    What is where
      prayers/YYYY/MM/*.txt    a page for each prayer: its text, its answer, who prayed for it
      */YYYY_MM_*.txt          the logs: every change of one kind of row in one month, in order; those of
                               months long past may be compressed (.txt.gz; zcat and zgrep read them)
      roles/role_definitions.txt, system/*.txt   snapshots: how small things stand now
      journal/                 the newest changes of all kinds; journal/head.txt says up to where the logs go
      seals/                   how every log was when a month ended, with its SHA-256; each names the seal before it. Beside each a
                               parity, from which the program makes damaged logs of that month again
      quarantine/              what was set aside after a crash or a repair
      archive.txt              which tables there are, in which files, with which fields

    How to read a log
      One line is one change and carries the whole row. Fields are separated by pipes; the line "#|..." at the top names them.
      The last line of a row is its present state, unless its operation is "removed".
      Escapes: \\\\ backslash, \\p pipe, \\n line feed, \\r carriage return, \\t tab, \\u{hex} a character that editors hide;
      \\N alone in a field means that there is no value. Times are UTC.

    How to check a line
      The last field is the CRC-32 (as in zlib, eight hexadecimal digits) of the name of the table, a pipe, and the line up to and
      including its last pipe. The field "seq" counts 1, 2, 3 ... over all logs together, without a gap.
      docs/check_archive.py among the program's documents checks all of an archive, in a hundred lines of Python.

    How to rebuild the database
      thywill recover --archive THIS_FOLDER --db sqlite:community.db
      Without the program: for each table take its logs in the order of their names, and keep the last line of each key.
    """
        .formatted(identity.community(), Header.FORMAT)
        .getBytes(StandardCharsets.UTF_8);
  }
}
