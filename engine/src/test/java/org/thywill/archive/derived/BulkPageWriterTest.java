package org.thywill.archive.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** With any limit of memory, the pages of a history are those that its logs lead to. */
class BulkPageWriterTest {
  private static final ArchiveIdentity IDENTITY =
      new ArchiveIdentity("c0ffee", ArchiveFixture.micros("2024-01-20T10:00:00Z"));
  private static final long HOUR = 3_600_000_000L;
  private static final long PLENTY = 1 << 24;
  private static final int PRAYERS = 60;
  private static final int MARKS = 600;
  private static final long SEED = Seeds.seed("BulkPageWriterTest");

  /** From room for some lines, so that partitions are divided again and again, to room for most. */
  @ParameterizedTest
  @ValueSource(longs = {1, 700, 20_000, 150_000})
  void writePages_withLittleMemory_writesTheSameFilesAsWithPlenty(long sortingBytes)
      throws IOException {
    Map<String, String> written = files(written(sortingBytes));
    assertThat(written).isEqualTo(files(written(PLENTY)));
    assertThat(written.keySet()).filteredOn(PrayerPageFile::isPage).hasSize(PRAYERS);
    assertThat(written.keySet()).noneMatch(file -> file.endsWith(Disk.PARTIAL));
  }

  @Test
  void writePages_givesEveryPrayerThePageThatItsLogsAskFor() throws IOException {
    SimulatedDisk disk = written(700);
    Map<String, String> pages = files(disk);
    pages.keySet().removeIf(file -> !PrayerPageFile.isPage(file));
    new PageUpdater(disk, ArchiveIdentity.read(disk), Head.read(disk))
        .forEachExpected(
            (file, content) -> assertThat(pages.remove(file)).isEqualTo(text(content)));
    assertThat(pages).isEmpty();
  }

  @Test
  void finish_leavesNothingToLose() throws IOException {
    SimulatedDisk disk = written(700);
    assertThat(files(disk.restart(LossPattern.ALL_LOST, new Random(1))))
        .isEqualTo(files(written(700)));
  }

  @Test
  void close_afterAFailure_takesThePartialFilesAway() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    IOException full = new IOException("no room");
    assertThatThrownBy(
            () -> {
              try (BulkArchiveWriter writer = new BulkArchiveWriter(disk, IDENTITY, 700)) {
                addHistory(writer);
                assertThat(disk.list(PrayerPageFile.FOLDER))
                    .anyMatch(file -> file.endsWith(Disk.PARTIAL));
                throw full;
              }
            })
        .isSameAs(full);
    assertThat(disk.list("")).noneMatch(file -> file.endsWith(Disk.PARTIAL));
  }

  private static SimulatedDisk written(long sortingBytes) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (BulkArchiveWriter writer = new BulkArchiveWriter(disk, IDENTITY, sortingBytes)) {
      addHistory(writer);
      writer.finish();
    }
    return disk;
  }

  /**
   * Adds prayers of three months and marks of them in later ones; every eighth prayer has a mark
   * before it is added.
   */
  private static void addHistory(BulkArchiveWriter writer) throws IOException {
    RandomGenerator random = Seeds.random(SEED);
    HostileText texts = new HostileText(random);
    long at = IDENTITY.createdAt();
    for (int i = 0; i < PRAYERS; i++) {
      at += HOUR * random.nextInt(72);
      List<Row> rows = new ArrayList<>();
      Row prayer =
          Row.in(Catalog.PRAYERS)
              .set(Catalog.Prayers.ID, "p" + i)
              .set(Catalog.Prayers.AUTHOR, "mary")
              .set(Catalog.Prayers.TEXT, texts.next())
              .build();
      rows.add(prayer);
      rows.add(i % 8 == 0 ? 0 : 1, mark("first" + i, "p" + i));
      writer.add(rows, at, Change.Cause.by("mary"));
    }
    for (int i = 0; i < MARKS; i++) {
      at += HOUR * random.nextInt(9);
      writer.add(List.of(mark("m" + i, "p" + random.nextInt(PRAYERS))), at, Change.Cause.by("tom"));
    }
  }

  private static Row mark(String id, String prayer) {
    return Row.in(Catalog.MARKS)
        .set(Catalog.Marks.ID, id)
        .set(Catalog.Marks.PRAYER, prayer)
        .set(Catalog.Marks.MEMBER, "tom")
        .build();
  }

  private static Map<String, String> files(Disk disk) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : disk.list("")) {
      files.put(file, text(disk.readAll(file)));
    }
    return files;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
