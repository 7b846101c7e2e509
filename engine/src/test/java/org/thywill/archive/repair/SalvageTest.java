package org.thywill.archive.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** A salvage finds every change of a damaged archive that any file has, and names all others. */
class SalvageTest {
  private static final int RANDOM_DAMAGES = Seeds.times(400);

  /** The journal lines of all changes, by seq. */
  private static SortedMap<Long, String> lines(Map<String, byte[]> files) {
    SortedMap<Long, String> lines = new TreeMap<>();
    LineCodec codec = new LineCodec();
    files.forEach(
        (file, bytes) -> {
          if (JournalFile.isJournal(file)) {
            new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .skip(Header.LINES)
                .forEach(
                    line -> {
                      byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
                      try {
                        lines.put(codec.decodeJournal(utf8, 0, utf8.length).seq(), line);
                      } catch (MalformedLineException e) {
                        throw new AssertionError(file + ": " + line, e);
                      }
                    });
          }
        });
    return lines;
  }

  private static String line(Change change) {
    LineBuffer out = new LineBuffer();
    new LineCodec().encode(change, out);
    return new String(out.copy(0), StandardCharsets.UTF_8).stripTrailing();
  }

  private static SortedMap<Long, String> changesOf(Salvage salvage) throws IOException {
    SortedMap<Long, String> had = new TreeMap<>();
    List<Change> changes = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      long[] last = {0};
      salvage.forEach(
          table,
          change -> {
            assertThat(change.table()).isEqualTo(table);
            assertThat(change.seq()).isGreaterThan(last[0]);
            last[0] = change.seq();
            return changes.add(change);
          });
    }
    changes.addAll(salvage.tail());
    for (Change change : changes) {
      assertThat(had.put(change.seq(), line(change)))
          .as("change %s comes once", change.seq())
          .isNull();
    }
    return had;
  }

  /** The seqs of the changes of which no file has the whole line any more. */
  private static SortedSet<Long> gone(SortedMap<Long, String> lines, Map<String, byte[]> damaged) {
    StringBuilder journals = new StringBuilder("\n");
    StringBuilder logs = new StringBuilder("\n");
    damaged.forEach(
        (file, bytes) -> {
          String text = new String(bytes, StandardCharsets.UTF_8) + "\n";
          if (JournalFile.isJournal(file)) {
            journals.append(text);
          } else if (Catalog.ofLog(file).isPresent()) {
            logs.append(text);
          }
        });
    SortedSet<Long> gone = new TreeSet<>();
    lines.forEach(
        (seq, line) -> {
          String log = line.substring(line.indexOf('|') + 1);
          if (journals.indexOf("\n" + line + "\n") < 0 && logs.indexOf("\n" + log + "\n") < 0) {
            gone.add(seq);
          }
        });
    return gone;
  }

  @Test
  void randomDamage_everyChangeThatAnyFileHasIsFound_andTheOthersAreNamed() throws IOException {
    long seed = Seeds.seed("SalvageTest");
    Map<String, byte[]> sound = archive(seed);
    SortedMap<Long, String> lines = lines(sound);
    List<String> files =
        sound.keySet().stream()
            .filter(
                file ->
                    JournalFile.isJournal(file)
                        || Catalog.ofLog(file).isPresent()
                        || PrayerPageFile.isPage(file))
            .toList();
    AtomicInteger lossy = new AtomicInteger();
    IntStream.range(0, RANDOM_DAMAGES)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              Map<String, byte[]> damaged = new TreeMap<>(sound);
              StringBuilder what = new StringBuilder("damage " + i + ": ");
              for (int n = 1 + random.nextInt(30); n > 0; n--) {
                String file = files.get(random.nextInt(files.size()));
                if (Arrays.equals(damaged.get(file), sound.get(file))) {
                  what.append(FileDamage.one(damaged, file, random))
                      .append(" of ")
                      .append(file)
                      .append(", ");
                }
              }
              try {
                Salvage salvage = Salvage.of(new ArchiveFixture.Fixed(damaged));
                SortedMap<Long, String> had = changesOf(salvage);
                had.forEach(
                    (seq, line) -> assertThat(line).as("change %s", seq).isEqualTo(lines.get(seq)));
                SortedSet<Long> lost = new TreeSet<>();
                salvage
                    .lost()
                    .forEach(
                        each -> {
                          for (long seq = each.first(); seq <= each.last(); seq++) {
                            lost.add(seq);
                          }
                        });
                SortedSet<Long> missing =
                    new TreeSet<>(lines.headMap(salvage.lastSeq() + 1).keySet());
                missing.removeAll(had.keySet());
                assertThat(lost).isEqualTo(missing);
                assertThat(gone(lines, damaged)).containsAll(lost);
                lossy.addAndGet(lost.isEmpty() ? 0 : 1);
              } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(what.toString(), e);
              }
            });
    assertThat(lossy.get())
        .as("archives that really had lost something")
        .isGreaterThan(RANDOM_DAMAGES / 40);
  }

  @Test
  void soundArchive_isReadWhole() throws IOException {
    Map<String, byte[]> sound = archive(Seeds.seed("SalvageTest"));
    Disk disk = new ArchiveFixture.Fixed(sound);
    Salvage salvage = Salvage.of(disk);
    assertThat(salvage.lost()).isEmpty();
    assertThat(changesOf(salvage)).isEqualTo(lines(sound));
    assertThat(salvage.lastSeq()).isEqualTo(Objects.requireNonNull(lines(sound)).lastKey());
  }

  /** Some months with changes that only the journal has. */
  private static Map<String, byte[]> archive(long seed) throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(30, 40);
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 12, 60);
      fixture.checkpoint(writer);
      fixture.live(writer, 4, 1);
    }
    return ArchiveFixture.files(fixture.disk());
  }
}
