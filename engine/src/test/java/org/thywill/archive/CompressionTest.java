package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/** Files of an ended month can be compressed, read, and repaired exactly after any damage. */
class CompressionTest {
  private static final int RANDOM_DAMAGES = Seeds.times(60);
  private static final long ALL = Long.MAX_VALUE;

  /** An archive of some months; the last one has not ended. */
  private static SimulatedDisk archive(long seed) throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(40, 60);
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 6, 20);
      fixture.checkpoint(writer);
    }
    return fixture.disk();
  }

  private static SimulatedDisk diskOf(Map<String, byte[]> files) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      disk.replace(file.getKey(), file.getValue());
    }
    return disk;
  }

  private static List<String> compress(Disk disk) throws IOException {
    return Compression.run(new GzipDisk(disk), ALL, ProgressListener.NONE);
  }

  private static CheckReport check(Disk disk) throws IOException {
    return new ArchiveChecker(new GzipDisk(disk))
        .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE);
  }

  private static void assertSame(Map<String, byte[]> files, Map<String, byte[]> expected) {
    assertThat(files.keySet()).isEqualTo(expected.keySet());
    files.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(expected.get(file)));
  }

  /**
   * All files but those in quarantine and one that the damage has renamed, which a repair leaves.
   */
  private static Map<String, byte[]> withoutQuarantine(Disk disk) throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    files
        .keySet()
        .removeIf(file -> file.startsWith(Quarantine.FOLDER + "/") || file.endsWith(".bak"));
    return files;
  }

  @Test
  void sealedMonths_areCompressed_readAsBefore_andByAnyProgramThatKnowsGzip() throws IOException {
    SimulatedDisk disk = archive(Seeds.seed("CompressionTest"));
    Map<String, byte[]> plain = ArchiveFixture.files(disk);
    assertThat(
            Compression.run(
                new GzipDisk(disk),
                ArchiveFixture.micros("2023-11-01T00:00:00Z"),
                ProgressListener.NONE))
        .as("nothing had ended by then")
        .isEmpty();

    List<String> compressed = compress(disk);
    assertThat(compressed)
        .as("logs and journal files")
        .anyMatch(file -> file.startsWith("users/"))
        .anyMatch(JournalFile::isJournal)
        .anyMatch(file -> file.startsWith("activity/"));
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    long before = 0;
    long after = 0;
    for (String file : compressed) {
      assertThat(files).doesNotContainKey(file);
      byte[] gz = Objects.requireNonNull(files.get(file + ".gz"));
      assertThat(new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes())
          .isEqualTo(plain.get(file));
      before += Objects.requireNonNull(plain.get(file)).length;
      after += gz.length;
    }
    assertThat(after).isLessThan(before);
    assertSame(ArchiveFixture.files(new GzipDisk(disk)), plain);
    CheckReport report = check(disk);
    assertThat(report.sound()).as("%s", report.findings()).isTrue();
    assertThat(report)
        .isEqualTo(
            new ArchiveChecker(new ArchiveFixture.Fixed(plain))
                .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE));
    assertThat(
            new ArchiveChecker(new GzipDisk(disk))
                .check(ArchiveChecker.Mode.QUICK, ProgressListener.NONE)
                .sound())
        .isTrue();
    assertThat(compress(disk)).as("the second time").isEmpty();
    String open = JournalFile.list(disk).getLast();
    assertThat(disk.exists(open)).as("what is still written to").isTrue();
  }

  @Test
  void everyBitOfACompressedFile_flipped_isFound() throws IOException {
    SimulatedDisk disk = archive(Seeds.seed("CompressionTest"));
    String log =
        compress(disk).stream()
            .filter(file -> !JournalFile.isJournal(file))
            .min(Comparator.comparingLong(file -> size(disk, file)))
            .orElseThrow();
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    byte[] gz = Objects.requireNonNull(files.get(log + ".gz"));
    byte[] plain = Objects.requireNonNull(ArchiveFixture.files(new GzipDisk(disk)).get(log));
    for (int bit = 0; bit < gz.length * 8; bit++) {
      byte[] flipped = gz.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] read =
          new GzipDisk(new ArchiveFixture.Fixed(ArchiveFixture.with(files, log + ".gz", flipped)))
              .readAll(log);
      assertThat(Arrays.equals(read, plain)).as("bit %s of %s", bit, log).isFalse();
    }
    for (int length = 0; length < gz.length; length++) {
      byte[] cut = Arrays.copyOf(gz, length);
      assertThat(
              new GzipDisk(new ArchiveFixture.Fixed(ArchiveFixture.with(files, log + ".gz", cut)))
                  .readAll(log))
          .as("cut to %s", length)
          .isNotEqualTo(plain);
    }
    byte[] longer = Arrays.copyOf(gz, gz.length + 1);
    assertThat(
            new GzipDisk(new ArchiveFixture.Fixed(ArchiveFixture.with(files, log + ".gz", longer)))
                .readAll(log))
        .as("a byte at the end")
        .isNotEqualTo(plain);
  }

  private static long size(Disk disk, String file) {
    try {
      return disk.size(file + ".gz");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void compressedFiles_damagedOrMissing_areNamed_repairedToTheByte_andWhatStoodThereIsKept()
      throws IOException {
    long seed = Seeds.seed("CompressionTest");
    SimulatedDisk disk = archive(seed);
    Map<String, byte[]> plain = ArchiveFixture.files(disk);
    List<String> compressed = compress(disk);
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    AtomicInteger repaired = new AtomicInteger();
    IntStream.range(0, RANDOM_DAMAGES)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              String file = compressed.get(random.nextInt(compressed.size()));
              Map<String, byte[]> damaged = new TreeMap<>(files);
              String what =
                  random.nextInt(4) == 0
                      ? "removal"
                      : FileDamage.one(damaged, file + ".gz", random);
              if (what.equals("removal")) {
                damaged.remove(file + ".gz");
              }
              try {
                SimulatedDisk hurt = diskOf(damaged);
                CheckReport found = check(hurt);
                assertThat(found.sound()).isFalse();
                assertThat(ArchiveFixture.names(found, file)).as("%s", found.findings()).isTrue();
                ArchiveRepairer repair =
                    ArchiveRepairer.plan(
                        new GzipDisk(hurt), Map.of(), new SimulatedDisk(), ProgressListener.NONE);
                repair.apply();
                assertThat(repair.after().sound()).as("%s", repair.after().findings()).isTrue();
                assertSame(withoutQuarantine(new GzipDisk(hurt)), plain);
                if (damaged.containsKey(file + ".gz")) {
                  byte[] kept =
                      Objects.requireNonNull(
                          ArchiveFixture.files(hurt)
                              .get(Quarantine.FOLDER + "/" + file.replace('/', '_') + ".gz"));
                  assertThat(kept).isEqualTo(damaged.get(file + ".gz"));
                }
                assertThat(compress(hurt)).contains(file);
                assertSame(withoutQuarantine(hurt), withoutQuarantine(disk));
                repaired.incrementAndGet();
              } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(
                    "damage " + i + " of seed " + seed + ": " + what + " of " + file, e);
              }
            });
    assertThat(repaired.get()).isEqualTo(RANDOM_DAMAGES);
  }

  @Test
  void logThatIsNotAsItWasSealed_staysPlain_forARepair() throws IOException {
    SimulatedDisk disk = archive(Seeds.seed("CompressionTest"));
    String log =
        ArchiveFixture.files(disk).keySet().stream()
            .filter(file -> file.startsWith("users/"))
            .findFirst()
            .orElseThrow();
    byte[] damaged =
        new String(disk.readAll(log), StandardCharsets.ISO_8859_1)
            .replaceFirst("\\|added\\|", "|addde|")
            .getBytes(StandardCharsets.ISO_8859_1);
    disk.replace(log, damaged);
    assertThat(compress(disk)).isNotEmpty().doesNotContain(log);
    assertThat(disk.readAll(log)).isEqualTo(damaged);
  }

  @Test
  void crashAtEveryOperation_leavesEachFileWhole_andTheNextTryGoesOn() throws IOException {
    long seed = Seeds.seed("CompressionTest");
    SimulatedDisk disk = archive(seed).restart(LossPattern.ALL_KEPT, Seeds.random(seed));
    Map<String, byte[]> plain = ArchiveFixture.files(disk);
    SimulatedDisk counted = disk.copy();
    long start = counted.operations();
    compress(counted);
    long operations = counted.operations() - start;
    assertThat(operations).isGreaterThan(20);
    for (long crash = 1; crash <= operations; crash += Math.max(1, operations / 15)) {
      for (LossPattern pattern : LossPattern.values()) {
        SimulatedDisk crashing = disk.copy();
        crashing.crashAt(crashing.operations() + crash);
        try {
          compress(crashing);
        } catch (SimulatedCrash e) {
          assertThat(crashing.crashed()).isTrue();
        }
        SimulatedDisk left = crashing.restart(pattern, Seeds.random(seed + crash));
        Map<String, byte[]> shown = ArchiveFixture.files(new GzipDisk(left));
        shown.keySet().removeIf(file -> file.endsWith(".gz") || file.endsWith(Disk.PARTIAL));
        assertSame(shown, plain);
        compress(left);
        Map<String, byte[]> after = ArchiveFixture.files(new GzipDisk(left));
        after.keySet().removeIf(file -> file.endsWith(Disk.PARTIAL));
        assertSame(after, plain);
      }
    }
  }
}
