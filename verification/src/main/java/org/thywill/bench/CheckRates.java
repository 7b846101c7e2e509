package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.FileSystemDisk;

/**
 * How fast the parts of an archive are checked within a running program.
 *
 * @param logMegabytes of logs, a second; the time to list the files is counted in
 * @param pages a second; the time to check the seals is counted in
 */
record CheckRates(double logMegabytes, double pages) {
  /** How far a part has come, and when. */
  private record Mark(long done, long at) {}

  /** Checks an archive, which must be sound. */
  static CheckRates measure(Path archive) throws IOException {
    Map<String, Mark> marks = new HashMap<>();
    long began = System.nanoTime();
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
        logs.done() / 1e6 / seconds(began, logs.at()),
        pages.done() / seconds(journal.at(), pages.at()));
  }

  private static Mark mark(Map<String, Mark> marks, String what) throws IOException {
    Mark mark = marks.get(what);
    if (mark == null) {
      throw new IOException("the check did not say how it came along with " + what);
    }
    return mark;
  }

  private static double seconds(long from, long until) {
    return (until - from) / 1e9;
  }
}
