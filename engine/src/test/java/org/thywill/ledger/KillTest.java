package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * A real process on a real disk is killed with SIGKILL while many threads write. What it
 * acknowledged is in a file of its output.
 */
@Tag("slow")
class KillTest {
  /** The exit status of a process that signal 9 ended. */
  private static final int SIGKILL_STATUS = 128 + 9;

  private static final int KILLS = Seeds.times(10);

  @TempDir Path folder;

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void killedAgainAndAgain_everythingAcknowledgedIsThere_withAndWithoutTheDatabase()
      throws Exception {
    RandomGenerator random = Seeds.random("KillTest");
    Ledger.found(archive(), "c0ffee", InstantSource.system());
    Map<String, Receipt> acknowledged = new HashMap<>();
    for (int round = 0; round < KILLS; round++) {
      int before = acknowledged.size();
      writeAndKill(round, random.nextInt(20, 400), acknowledged);
      assertThat(acknowledged.size()).as("acknowledged in round %s", round).isGreaterThan(before);
      if (random.nextBoolean()) {
        Files.deleteIfExists(database());
        Files.deleteIfExists(folder.resolve("community.db-wal"));
        Files.deleteIfExists(folder.resolve("community.db-shm"));
      }
      check(acknowledged);
    }
    Seeds.proved(
        3,
        KILLS,
        "processes killed with -9, "
            + acknowledged.size()
            + " acknowledged transactions, all there");
  }

  /** The answers go to a file: a pipe to a killed process is closed with what it still holds. */
  private void writeAndKill(int round, int millis, Map<String, Receipt> acknowledged)
      throws IOException, InterruptedException {
    Path answers = folder.resolve("answers-" + round);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ConcurrentWriterMain.class.getName(),
                archive().toString(),
                database().toString(),
                Integer.toString(round))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(answers.toFile())
            .start();
    try {
      Await.until(() -> !process.isAlive() || answers.toFile().length() > 0);
      // The random time is what the test is about: the process is killed at any point of its work.
      Thread.sleep(millis);
    } finally {
      assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).as("killed by SIGKILL").isEqualTo(SIGKILL_STATUS);
    String all = Files.readString(answers);
    for (String line : all.substring(0, all.lastIndexOf('\n') + 1).lines().toList()) {
      assertThat(line).doesNotStartWith("failed");
      String[] fields = line.split(" ", -1);
      if (fields.length == 3 && !fields[2].isEmpty()) {
        acknowledged.put(
            fields[0],
            new Receipt(Long.parseLong(fields[1]), Long.parseLong(fields[1]) + 2, false));
      }
    }
  }

  private void check(Map<String, Receipt> acknowledged) throws IOException {
    try (Ledger ledger =
            Ledger.open(archive(), database(), InstantSource.system(), ProgressListener.NONE);
        ViewReader view = ledger.read()) {
      for (Map.Entry<String, Receipt> entry : acknowledged.entrySet()) {
        String id = entry.getKey();
        assertThat(view.find(Catalog.PRAYERS, id))
            .contains(
                ConcurrentWriterMain.prayer(id)
                    .with(Values.of(Catalog.Prayers.MODERATION, "flagged")));
        assertThat(view.find(Catalog.MARKS, "mark-" + id)).contains(ConcurrentWriterMain.mark(id));
        assertThat(view.request(id).map(seqs -> new Receipt(seqs.first(), seqs.last(), false)))
            .contains(entry.getValue());
        assertThat(view.seqOf(Catalog.PRAYERS, id)).contains(entry.getValue().last());
      }
      assertThat(view.computeDigest()).isEqualTo(ledger.digest());
      ledger.checkpoint();
      compareWithArchive(ledger);
    }
  }

  /**
   * Checks that there is nothing that was not written, no seq twice, and no part of a transaction.
   */
  private void compareWithArchive(Ledger ledger) throws IOException {
    FileSystemDisk disk = new FileSystemDisk(archive());
    List<Change> changes = ArchiveProbe.changes(disk);
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      assertThat(change.seq()).isEqualTo(i + 1L);
      assertThat(change.stamp().last()).isEqualTo(change.stamp().first() + 2);
      Row row = change.row();
      String id = change.stamp().cause().idempotencyKey();
      assertThat(
              row.table() == Catalog.MARKS
                  ? row
                  : row.with(Values.of(Catalog.Prayers.MODERATION, "open")))
          .isEqualTo(
              row.table() == Catalog.MARKS
                  ? ConcurrentWriterMain.mark(id)
                  : ConcurrentWriterMain.prayer(id));
    }
    assertThat(changes.size() % 3).isZero();
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(disk)).isEmpty();
    Path rebuilt = folder.resolve("rebuilt.db");
    assertThat(
            Rebuild.into(
                    rebuilt, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE)
                .digest())
        .isEqualTo(ledger.digest());
    try (SqliteReader reader = SqliteReader.open(rebuilt)) {
      assertThat(reader.computeDigest()).isEqualTo(ledger.digest());
    }
    Files.delete(rebuilt);
  }
}
