package org.thywill.ledger.realrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Values;
import org.thywill.ledger.ConcurrentWriterMain;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/** What the tests with real processes on a real file system share. */
final class RealRuns {
  private static final int SECONDS_MAX = 120;

  private RealRuns() {}

  /** Whether all of a row is to be tried; an ordinary build tries a part of it. */
  static boolean isWhole() {
    return "all".equals(System.getProperty("thywill.real"));
  }

  /** Whether a program is on the path. */
  static boolean hasProgram(String name) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Skips a test, and tells {@code ./prove} why the row was not run. */
  static void requireOrNotRun(boolean isPossible, String row, String why) {
    if (!isPossible) {
      System.out.println("row " + row + ": not run: " + why);
    }
    Assumptions.assumeTrue(isPossible, why);
  }

  /** Prints what a row has tried; {@code ./prove} collects these lines. */
  static void proved(String row, long count, String what) {
    System.out.println("row " + row + ": " + count + " " + what);
  }

  static List<String> java(Class<?> main, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    line.addAll(List.of(arguments));
    return line;
  }

  /** Runs a program to its end, which must come; returns its output. */
  static String run(List<String> line) throws IOException, InterruptedException {
    Path output = Files.createTempFile("real-run-", ".out");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("it hangs: " + line + "\n" + Files.readString(output));
      }
      return Files.readString(output);
    } finally {
      Files.delete(output);
    }
  }

  static void runWell(String... line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", line)).isZero();
  }

  /**
   * Opens what a process has left, goes on writing, and compares everything with everything.
   *
   * @param acknowledged must be there
   * @param tried whether the transaction of an id may be there, and then as a whole
   * @return the ids that are there
   */
  static Set<String> check(
      Path archive,
      Path database,
      Set<String> acknowledged,
      Predicate<String> tried,
      InstantSource clock)
      throws IOException {
    Set<String> present = new TreeSet<>();
    FileSystemDisk disk = new FileSystemDisk(archive);
    try (Ledger ledger = Ledger.open(archive, database, clock, ProgressListener.NONE)) {
      try (ViewReader view = ledger.read()) {
        view.forEach(Catalog.PRAYERS, row -> present.add(row.key()));
        assertThat(present).containsAll(acknowledged);
        for (String id : present) {
          assertThat(tried.test(id)).as("%s is invented", id).isTrue();
          assertThat(view.find(Catalog.PRAYERS, id))
              .contains(
                  ConcurrentWriterMain.prayer(id)
                      .with(Values.of(Catalog.Prayers.MODERATION, "flagged")));
          assertThat(view.find(Catalog.MARKS, "mark-" + id))
              .contains(ConcurrentWriterMain.mark(id));
        }
      }
      StoryMain.write(ledger, "after-" + System.nanoTime());
      ledger.checkpoint();
      try (ViewReader view = ledger.read()) {
        assertThat(view.computeDigest()).isEqualTo(ledger.digest());
      }
      CheckReport report =
          new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, ProgressListener.NONE);
      assertThat(report.sound()).as("%s", report.findings()).isTrue();
      assertThat(rebuilt(disk, database)).isEqualTo(ledger.digest());
    }
    return present;
  }

  private static Digest rebuilt(FileSystemDisk disk, Path database) throws IOException {
    Path scratch = database.resolveSibling("rebuilt.db");
    try {
      return Rebuild.into(
              scratch, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE)
          .digest();
    } finally {
      Files.deleteIfExists(scratch);
    }
  }
}
