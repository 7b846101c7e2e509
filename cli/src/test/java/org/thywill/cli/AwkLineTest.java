package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.log.RowHistory;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.demo.Demo;
import org.thywill.operations.recovery.RowHistoryQuery;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * The line of {@code awk} in FORMAT.md finds a prayer at a point in time, as {@code as-of} does.
 */
class AwkLineTest {
  private static final int QUESTIONS = 80;
  private static final Instant END = Demo.Options.DEFAULT.end();

  @TempDir Path folder;

  @Test
  void lineOfTheDocument_answersAsTheCommandDoes() throws IOException, InterruptedException {
    RandomGenerator random = Seeds.random("AwkLineTest");
    Path archive = folder.resolve("text_archives");
    Path database = folder.resolve("community.db");
    new Demo(archive, database, Demo.Options.DEFAULT.withSeed(random.nextLong()))
        .play(ProgressListener.NONE);
    List<String> prayers = prayers(database);
    removeAndAddPrayers(archive, database, prayers);
    assertThat(ArchiveReader.open(new FileSystemDisk(archive), 0).tail()).isNotEmpty();
    String command = awkLine();
    long from = Timestamps.micros(END.minus(Duration.ofDays(430)));
    long until = Timestamps.micros(END.plus(Duration.ofDays(5)));
    int answered = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      String prayer =
          i % 4 == 0 ? prayers.get(random.nextInt(6)) : prayers.get(random.nextInt(prayers.size()));
      long at =
          i % 4 == 0
              ? random.nextLong(Timestamps.micros(END), until)
              : random.nextLong(from, until);
      String expected = asOf(archive, at, prayer);
      assertThat(awk(command, archive, prayer, Timestamps.format(at)))
          .as(prayer + " at " + Timestamps.format(at))
          .isEqualTo(expected);
      answered += expected.isEmpty() ? 0 : 1;
    }
    assertThat(answered).isBetween(1, QUESTIONS - 1);
  }

  private static List<String> prayers(Path database) throws IOException {
    List<String> prayers = new ArrayList<>();
    try (SqliteReader view = SqliteReader.open(database)) {
      view.forEach(Catalog.PRAYERS, row -> prayers.add(row.key()));
    }
    return prayers;
  }

  /**
   * Removes six prayers, and after a checkpoint adds three of them again.
   *
   * <p>The ledger removes no prayer, but the format allows it, and another program may have written
   * an archive.
   */
  private static void removeAndAddPrayers(Path archive, Path database, List<String> prayers)
      throws IOException {
    List<Row> removed = new ArrayList<>();
    try (SqliteReader view = SqliteReader.open(database)) {
      for (String prayer : prayers.subList(0, 6)) {
        removed.add(view.find(Catalog.PRAYERS, prayer).orElseThrow());
      }
    }
    try (ArchiveWriter writer = ArchiveWriter.open(new FileSystemDisk(archive), 0)) {
      append(writer, Operation.REMOVED, removed, END.plus(Duration.ofDays(1)));
      writer.checkpoint(writer.head().digest(), PageLocator.UNKNOWN);
      List<Row> added =
          removed.subList(0, 3).stream()
              .map(row -> row.with(Values.of(Catalog.Prayers.TEXT, "a|b\\")))
              .toList();
      append(writer, Operation.ADDED, added, END.plus(Duration.ofDays(3)));
      append(writer, Operation.REMOVED, added.subList(0, 1), END.plus(Duration.ofDays(4)));
    }
  }

  private static void append(ArchiveWriter writer, Operation operation, List<Row> rows, Instant at)
      throws IOException {
    long first = writer.lastSeq() + 1;
    Change.TransactionInfo stamp =
        new Change.TransactionInfo(
            first,
            first + rows.size() - 1,
            first - 1,
            Timestamps.micros(at),
            Change.Cause.by("system").because("asked to"));
    List<Change> changes = new ArrayList<>();
    rows.forEach(row -> changes.add(new Change(operation, row, first + changes.size(), stamp)));
    writer.append(changes);
  }

  private static String asOf(Path archive, long at, String prayer) throws IOException {
    RowHistoryQuery.PastRow standing =
        RowHistoryQuery.run(
                archive, PointInTime.time(at), RowHistoryQuery.Target.parse("prayers/" + prayer))
            .rows()
            .getFirst();
    if (standing.row() == null) {
      return "";
    }
    RowHistory.Occurrence place = standing.lines().getLast();
    String line =
        Files.readString(archive.resolve(place.file())).split("\n", -1)[(int) place.line() - 1];
    return (place.file().startsWith("journal/") ? line.substring("prayers|".length()) : line)
        + "\n";
  }

  private static String awkLine() throws IOException {
    List<String> lines =
        Files.readString(Path.of("..", "docs", "FORMAT.md"))
            .lines()
            .filter(line -> line.contains("awk -F"))
            .toList();
    assertThat(lines).filteredOn(line -> line.startsWith("ID=")).hasSize(1);
    return lines.stream().filter(line -> line.startsWith("ID=")).findFirst().orElseThrow();
  }

  private String awk(String command, Path archive, String prayer, String at)
      throws IOException, InterruptedException {
    String script =
        command.replaceFirst("ID=\\S+", "ID=" + prayer).replaceFirst("AT=\\S+", "AT=" + at);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(archive.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(process.exitValue())
        .as(
            "this test runs a line of docs/FORMAT.md and needs awk (such as mawk): install it; the"
                + " shell printed: "
                + output)
        .isZero();
    return output;
  }
}
