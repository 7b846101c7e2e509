package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.FileSystemDisk;

/**
 * The rates at which the parts of an archive are checked within a running program.
 *
 * @param logMegabytes of logs per second, with the time to list the files
 * @param pages per second, with the time to check the seals
 */
record CheckRates(double logMegabytes, double pages) {
  /** The progress of a part at a time. */
  private record Mark(long done, long atNanos) {}

  /**
   * Checks an archive.
   *
   * @throws IOException if it is not sound, or cannot be read
   */
  static CheckRates measure(Path archive) throws IOException {
    Map<String, Mark> marks = new HashMap<>();
    long startedNanos = System.nanoTime();
    CheckReport report =
        new ArchiveChecker(new FileSystemDisk(archive))
            .check(
                ArchiveChecker.Mode.FULL,
                (what, done, total) -> {
                  synchronized (marks) {
                    marks.put(what, new Mark(done, System.nanoTime()));
                  }
                });
    if (!report.sound()) {
      throw new IOException(archive + " is not sound; its speed says nothing");
    }
    Mark logs = mark(marks, "logs");
    Mark journal = mark(marks, "journal");
    Mark pages = mark(marks, "pages");
    return new CheckRates(
        logs.done() / 1e6 / seconds(startedNanos, logs.atNanos()),
        pages.done() / seconds(journal.atNanos(), pages.atNanos()));
  }

  private static Mark mark(Map<String, Mark> marks, String what) throws IOException {
    Mark mark = marks.get(what);
    if (mark == null) {
      throw new IOException("the check reported no progress with " + what);
    }
    return mark;
  }

  private static double seconds(long fromNanos, long untilNanos) {
    return (untilNanos - fromNanos) / 1e9;
  }
}
