package org.thywill.ledger.realrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.ledger.ConcurrentWriterMain;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.simulation.Seeds;

/**
 * A real process writes with six threads on a real file system, while its files are replaced,
 * removed or moved, the process is stopped for a while, or the disk is full.
 *
 * <p>The process is killed in the end. What it acknowledged is in a file of its output.
 */
@Tag("slow")
class RealRunTest {
  private static final int ROUNDS = Seeds.times(2);
  private static final int ENOUGH_ANSWERS = 60;
  private static final int FULL_DISK_ROUNDS = 3;
  private static final String TMPFS_BYTES = "6m";

  @TempDir Path folder;
  private final List<Path> answers = new ArrayList<>();
  private final List<Process> writers = new ArrayList<>();

  @AfterEach
  void endWriters() {
    writers.forEach(Process::destroyForcibly);
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private Process startWriter(Path archive, Path database, List<String> prefix) throws IOException {
    Path file = folder.resolve("answers-" + answers.size());
    answers.add(file);
    List<String> line = new ArrayList<>(prefix);
    line.addAll(
        RealRuns.java(
            ConcurrentWriterMain.class,
            archive.toString(),
            database.toString(),
            Integer.toString(answers.size())));
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(file.toFile()).start();
    writers.add(process);
    return process;
  }

  private Process startWriter() throws IOException {
    return startWriter(archive(), database(), List.of());
  }

  private long linesOf(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private void awaitAnswers(Process writer, long more) {
    Path file = answers.get(writers.indexOf(writer));
    long before = linesOf(file);
    Await.until(() -> !writer.isAlive() || linesOf(file) >= before + more);
  }

  private static void kill(Process process) throws InterruptedException {
    assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private Set<String> acknowledged() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (Path file : answers) {
      String all = Files.readString(file);
      all.substring(0, all.lastIndexOf('\n') + 1)
          .lines()
          .filter(line -> line.matches("\\d+-\\d+-\\d+ \\d+ \\d+"))
          .forEach(line -> ids.add(line.substring(0, line.indexOf(' '))));
    }
    return ids;
  }

  /** Any id of a writer may be there: the last of each thread was not answered. */
  private long check(Path archive, Path database) throws IOException {
    Set<String> acknowledged = acknowledged();
    assertThat(acknowledged).isNotEmpty();
    RealRuns.check(
        archive,
        database,
        acknowledged,
        id -> id.matches("\\d+-\\d+-\\d+|after-\\d+"),
        InstantSource.system());
    return acknowledged.size();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void stoppedAndContinued_nobodyElseGetsIn_andNothingIsLost() throws Exception {
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    long all = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process writer = startWriter();
      awaitAnswers(writer, ENOUGH_ANSWERS);
      RealRuns.runWell("kill", "-STOP", Long.toString(writer.pid()));
      String second =
          RealRuns.run(
              RealRuns.java(
                  StoryMain.class,
                  archive().toString(),
                  database().toString(),
                  folder.resolve("scratch").toString(),
                  "write"));
      assertThat(second).contains("Held", "another process holds the archive");
      RealRuns.runWell("kill", "-CONT", Long.toString(writer.pid()));
      awaitAnswers(writer, ENOUGH_ANSWERS);
      kill(writer);
      all = check(archive(), database());
    }
    RealRuns.proved(
        "real-stop", ROUNDS, "processes stopped and continued, " + all + " writes there");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void journalReplacedByAnEqualFile_nothingAcknowledgedIsLost() throws Exception {
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    long all = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process writer = startWriter();
      awaitAnswers(writer, ENOUGH_ANSWERS);
      Path journal;
      try (Stream<Path> files = Files.list(archive().resolve("journal"))) {
        journal =
            files
                .filter(file -> file.toString().matches(".*_\\d{12}\\.txt"))
                .sorted()
                .reduce((_, last) -> last)
                .orElseThrow();
      }
      Path copy = folder.resolve("copy");
      Files.copy(journal, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, journal, StandardCopyOption.ATOMIC_MOVE);
      // A thread whose change is refused ends.
      Path file = answers.get(writers.indexOf(writer));
      long before = linesOf(file);
      Await.until(
          () -> !writer.isAlive() || isRefusing(file) || linesOf(file) >= before + ENOUGH_ANSWERS);
      kill(writer);
      all = check(archive(), database());
    }
    RealRuns.proved("real-journal", ROUNDS, "journals replaced, " + all + " writes there");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void lockRemovedAndASecondWriter_changesNeverInterleave() throws Exception {
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    long all = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process first = startWriter();
      awaitAnswers(first, ENOUGH_ANSWERS);
      Files.delete(archive().resolve(".lock"));
      Process second = startWriter();
      awaitAnswers(second, ENOUGH_ANSWERS);
      kill(first);
      kill(second);
      all = check(archive(), database());
    }
    RealRuns.proved("real-lock", ROUNDS, "locks removed, " + all + " writes there");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void folderMovedAwayAndBack_nothingAcknowledgedIsLost() throws Exception {
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    long all = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process writer = startWriter();
      awaitAnswers(writer, ENOUGH_ANSWERS);
      Path away = folder.resolve("away");
      Files.move(archive(), away);
      Path file = answers.get(writers.indexOf(writer));
      Await.until(() -> !writer.isAlive() || isRefusing(file));
      kill(writer);
      assertThat(archive()).as("nothing is written where the folder was").doesNotExist();
      Files.move(away, archive());
      all = check(archive(), database());
    }
    RealRuns.proved("real-moved", ROUNDS, "folders moved, " + all + " writes there");
  }

  private static boolean isRefusing(Path file) {
    try {
      return Files.readString(file).contains("failed: ");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void diskFullAndFreed_isSaid_andNothingAcknowledgedIsLost() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    RealRuns.requireOrNotRun(
        RealRuns.hasProgram("mount")
            && new ProcessBuilder(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + TMPFS_BYTES,
                        "tmpfs",
                        disk.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor()
                == 0,
        "real-full",
        "this user may not mount a tmpfs");
    try {
      Path archive = disk.resolve("text_archives");
      Ledger.found(archive, "c0ffee", InstantSource.system());
      long all = 0;
      for (int round = 0; round < FULL_DISK_ROUNDS; round++) {
        Process writer = startWriter(archive, database(), List.of());
        awaitAnswers(writer, ENOUGH_ANSWERS / 6);
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        Path file = answers.get(writers.indexOf(writer));
        Await.until(() -> !writer.isAlive() || isRefusing(file));
        assertThat(Files.readString(file)).contains("disk full");
        kill(writer);
        Files.delete(ballast);
        all = check(archive, database());
      }
      RealRuns.proved("real-full", FULL_DISK_ROUNDS, "full disks, " + all + " writes there");
    } finally {
      writers.forEach(Process::destroyForcibly);
      RealRuns.runWell("umount", "-l", disk.toString());
    }
  }

  private static void fill(Path ballast) throws IOException, InterruptedException {
    Process fill =
        new ProcessBuilder("dd", "if=/dev/zero", "of=" + ballast, "bs=4096")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(fill.waitFor()).as("the disk is full").isEqualTo(1);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void clockSetBackByYears_timesNeverFall() throws Exception {
    RealRuns.requireOrNotRun(
        RealRuns.hasProgram("faketime"), "real-clock", "faketime is not installed");
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    try (Ledger ledger =
        Ledger.open(archive(), database(), InstantSource.system(), ProgressListener.NONE)) {
      StoryMain.write(ledger, "1-0-0");
    }
    Process writer = startWriter(archive(), database(), List.of("faketime", "-f", "-3y"));
    awaitAnswers(writer, 1);
    kill(writer);
    Set<String> acknowledged = acknowledged();
    acknowledged.add("1-0-0");
    RealRuns.check(
        archive(),
        database(),
        acknowledged,
        id -> id.matches("\\d+-\\d+-\\d+"),
        InstantSource.system());
    RealRuns.proved("real-clock", 1, "clock set back by three years");
  }
}
