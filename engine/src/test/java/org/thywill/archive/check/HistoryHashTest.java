package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.HistoryHash;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.log.JournalLines;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Sha256;
import org.thywill.simulation.SimulatedDisk;

/** The running hash covers every byte of every change. */
class HistoryHashTest {
  private static final String FLAGS = "system/2023_12_feature_flags.txt";

  private static String text(Map<String, byte[]> files, String file) {
    return new String(Objects.requireNonNull(files.get(file), file), StandardCharsets.UTF_8);
  }

  private static Disk fixed(Map<String, byte[]> files) {
    return new ArchiveFixture.Fixed(files);
  }

  private static SimulatedDisk changeable(Map<String, byte[]> files) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      disk.replace(file.getKey(), file.getValue());
    }
    return disk;
  }

  /** As FORMAT.md says it, without the class that the program uses. */
  private static String computed(Map<String, byte[]> files, long last) {
    String hash = HistoryHash.START;
    List<String> lines =
        files.keySet().stream()
            .filter(file -> file.matches("journal/\\d.*"))
            .sorted()
            .flatMap(file -> text(files, file).lines())
            .filter(line -> !line.startsWith("#"))
            .limit(last)
            .toList();
    for (String line : lines) {
      hash = Sha256.hex(hash + Sha256.hex(line));
    }
    return hash;
  }

  @Test
  void head_hasTheRunningHash_afterABulkWriteAndAfterEachCheckpoint() throws IOException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    assertThat(Head.read(disk).history()).isEqualTo(computed(ArchiveFixture.files(disk), 6));
    append(disk);
    Head head = Head.read(disk);
    assertThat(head.seq()).isEqualTo(7);
    assertThat(head.history()).isEqualTo(computed(ArchiveFixture.files(disk), 7));
    assertThat(new JournalLines(disk).hash(7)).contains(computed(ArchiveFixture.files(disk), 7));
    assertThat(new JournalLines(disk).hash(8)).isEmpty();
  }

  private static void append(SimulatedDisk disk) throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      Row flag =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "o")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      Digest.Running digest = new Digest.Running(writer.head().digest());
      digest.add(flag);
      long at = ArchiveFixture.micros("2023-12-02T00:00:00Z");
      writer.append(
          List.of(
              new Change(
                  Operation.ADDED,
                  flag,
                  7,
                  new Change.TransactionInfo(7, 7, 6, at, Change.Cause.by("mary")))));
      writer.checkpoint(digest.digest(), PageLocator.UNKNOWN);
    }
  }

  /** The line's own check is right in each file, no seal covers it yet, and no row is another. */
  @Test
  void actorChangedWithItsChecksInEveryFile_isFound() throws IOException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    append(disk);
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    assertThat(ArchiveFixture.check(fixed(files)).findings()).isEmpty();
    String line = new String(new JournalLines(disk).line(7), StandardCharsets.UTF_8);
    String crafted = line.replace("|mary|", "|sara|");
    crafted = crafted.substring(0, crafted.length() - 8);
    byte[] bytes = crafted.getBytes(StandardCharsets.UTF_8);
    crafted += LineCodec.crc(bytes, 0, bytes.length);
    int log = LineCodec.prefixLength(Catalog.FEATURE_FLAGS);
    for (Map.Entry<String, byte[]> file : Map.copyOf(files).entrySet()) {
      String changed =
          text(files, file.getKey()).replace(line.substring(log), crafted.substring(log));
      files.put(file.getKey(), changed.getBytes(StandardCharsets.UTF_8));
    }
    String snapshot = text(files, "system/feature_flags.txt");
    String was = "mary|||" + "|" + line.substring(line.length() - 8);
    assertThat(snapshot).contains(was);
    snapshot = snapshot.replace(was, "sara||||" + crafted.substring(crafted.length() - 8));
    files.put(
        "system/feature_flags.txt",
        ControlFile.content(snapshot.substring(0, snapshot.length() - 15)));
    assertThat(text(files, FLAGS)).contains("|sara|");
    assertThat(ArchiveFixture.check(fixed(files)).findings())
        .extracting(Finding::code)
        .containsExactly("history-differs");
  }

  /** The command in FORMAT.md, in a shell. */
  @Test
  void commandOfTheDocument_printsTheRunningHashOfTheHead(@TempDir Path folder)
      throws IOException, InterruptedException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    append(disk);
    for (Map.Entry<String, byte[]> file : ArchiveFixture.files(disk).entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, file.getValue());
    }
    String command =
        Files.readString(Path.of("..", "docs", "FORMAT.md"))
            .lines()
            .filter(line -> line.startsWith("zcat -f"))
            .findFirst()
            .orElseThrow();
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo(Head.read(disk).history() + "\n");
  }

  /** An archive that was last written before there was a running hash. */
  @Test
  void headWithoutIt_isRead_andGetsItWithTheNextCheckpoint() throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(ArchiveFixture.tiny());
    for (String head : List.of("journal/head.txt", "journal/head.copy.txt")) {
      String without = text(files, head).replaceFirst("history\\|\\w+\n", "");
      files.put(head, ControlFile.content(without.substring(0, without.length() - 15)));
    }
    SimulatedDisk disk = changeable(files);
    assertThat(Head.read(disk).history()).isNull();
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
    assertThat(ArchiveReader.open(disk, 0).lastSeq()).isEqualTo(6);
    append(disk);
    assertThat(Head.read(disk).history()).isEqualTo(computed(ArchiveFixture.files(disk), 7));
    assertThat(ArchiveFixture.check(disk).findings()).isEmpty();
  }
}
