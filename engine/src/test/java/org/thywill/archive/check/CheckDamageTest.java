package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** A check reports every damage to a file of a closed archive, with the name of the file. */
@Tag("slow")
class CheckDamageTest {
  private static final int RANDOM_DAMAGES = Seeds.times(1_000);

  private static final String LAST_JOURNAL = "journal/2023_12_000000000006.txt";

  private static final String PARITY = "seals/2023_11_parity.txt";

  /**
   * A parity is long and its lines are alike. Every ninth bit covers almost every byte, and every
   * position within a byte.
   */
  private static final int PARITY_STEP = 9;

  /**
   * A file of each kind: log, journal, page, snapshot, seal, parity, both control files and their
   * copies.
   */
  private static final List<String> KINDS =
      List.of(
          "users/2023_11_users.txt",
          "journal/2023_11_000000000001.txt",
          LAST_JOURNAL,
          "prayers/2023/11/2023_11_20_prayer_at_1000_p1.txt",
          "system/feature_flags.txt",
          "seals/2023_11.txt",
          PARITY,
          "archive.txt",
          "archive.copy.txt",
          "journal/head.txt",
          "journal/head.copy.txt");

  private final Map<String, byte[]> tiny;

  CheckDamageTest() throws IOException {
    tiny = ArchiveFixture.files(ArchiveFixture.tiny());
  }

  private byte[] tiny(String file) {
    return Objects.requireNonNull(tiny.get(file), file);
  }

  private static void requireNamed(Map<String, byte[]> files, String file, String what) {
    try {
      CheckReport report = ArchiveFixture.check(files);
      if (!ArchiveFixture.names(report, file)) {
        fail("%s of %s was not found, but %s", what, file, report.findings());
      }
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what + " of " + file, e);
    }
  }

  @Test
  void everySingleBit_flippedInAFileOfEachKind_isFound() {
    for (String file : KINDS) {
      byte[] sound = tiny(file);
      IntStream.range(0, sound.length * 8)
          .filter(bit -> !file.equals(PARITY) || bit % PARITY_STEP == 0)
          .parallel()
          .forEach(
              bit -> {
                byte[] flipped = sound.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                requireNamed(
                    ArchiveFixture.with(tiny, file, flipped),
                    file,
                    "bit " + bit % 8 + " of byte " + bit / 8);
              });
    }
    Seeds.proved(
        7,
        KINDS.stream()
            .mapToLong(file -> tiny(file).length * 8L / (file.equals(PARITY) ? PARITY_STEP : 1))
            .sum(),
        "bits flipped in files of " + KINDS.size() + " kinds");
  }

  @Test
  void everyLine_deletedDoubledSwappedOrCut_isFound() {
    for (String file : KINDS) {
      List<byte[]> lines = FileDamage.lines(tiny(file));
      IntStream.range(0, lines.size())
          .parallel()
          .forEach(
              i -> {
                List<byte[]> deleted = new ArrayList<>(lines);
                deleted.remove(i);
                requireNamed(file, deleted, "line " + (i + 1) + " deleted");
                List<byte[]> doubled = new ArrayList<>(lines);
                doubled.add(i, lines.get(i));
                requireNamed(file, doubled, "line " + (i + 1) + " doubled");
                List<byte[]> cut = new ArrayList<>(lines.subList(0, i));
                requireNamed(file, cut, "all from line " + (i + 1) + " on cut off");
                byte[] line = lines.get(i);
                for (int length = 0; length < line.length; length++) {
                  List<byte[]> shorter = new ArrayList<>(lines);
                  shorter.set(i, Arrays.copyOf(line, length));
                  requireNamed(file, shorter, "line " + (i + 1) + " cut to " + length);
                }
                if (i + 1 < lines.size() && !Arrays.equals(line, lines.get(i + 1))) {
                  List<byte[]> swapped = new ArrayList<>(lines);
                  Collections.swap(swapped, i, i + 1);
                  requireNamed(file, swapped, "line " + (i + 1) + " swapped");
                }
              });
    }
  }

  private void requireNamed(String file, List<byte[]> lines, String what) {
    requireNamed(ArchiveFixture.with(tiny, file, FileDamage.joined(lines)), file, what);
  }

  @Test
  void everyFile_missingOrTruncatedAnywhere_isFound() throws IOException {
    long seed = Seeds.seed("CheckDamageTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(Seeds.random(seed)));
    rich.keySet().stream().filter(file -> !file.equals(ReadmeFile.FILE)).toList().parallelStream()
        .forEach(
            file -> {
              byte[] sound = Objects.requireNonNull(rich.get(file));
              Map<String, byte[]> without = new TreeMap<>(rich);
              without.remove(file);
              requireNamed(without, file, "absence");
              RandomGenerator places = Seeds.random(seed + file.hashCode());
              for (int length : new int[] {0, places.nextInt(sound.length), sound.length - 1}) {
                requireNamed(
                    ArchiveFixture.with(rich, file, Arrays.copyOf(sound, length)),
                    file,
                    "truncation to " + length);
              }
            });
  }

  @Test
  void randomDamage_isFoundAndNamesItsFile() throws IOException {
    long seed = Seeds.seed("CheckDamageTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(Seeds.random(seed)));
    List<String> files =
        rich.keySet().stream().filter(file -> !file.equals(ReadmeFile.FILE)).toList();
    IntStream.range(0, RANDOM_DAMAGES)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              Map<String, byte[]> damaged = new TreeMap<>(rich);
              String one = files.get(random.nextInt(files.size()));
              String first = FileDamage.one(damaged, one, random);
              String other = files.get(random.nextInt(files.size()));
              if (i % 4 > 0 || other.equals(one)) {
                requireNamed(damaged, one, first);
                return;
              }
              String second = FileDamage.one(damaged, other, random);
              requireNamed(damaged, one, first + " together with " + second + " of " + other);
              requireNamed(damaged, other, second + " together with " + first + " of " + one);
            });
    Seeds.proved(8, RANDOM_DAMAGES, "archives damaged at random");
  }

  @Test
  void everyFile_replacedByAnOlderOne_isFound() throws IOException {
    RandomGenerator random = Seeds.random("CheckDamageTest");
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), random);
    fixture.history(30, 10);
    Map<String, byte[]> older = ArchiveFixture.files(fixture.disk());
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 60, 10);
      fixture.checkpoint(writer);
    }
    Map<String, byte[]> now = ArchiveFixture.files(fixture.disk());
    int replaced = 0;
    for (Map.Entry<String, byte[]> old : older.entrySet()) {
      if (!Arrays.equals(old.getValue(), now.get(old.getKey()))) {
        requireNamed(
            ArchiveFixture.with(now, old.getKey(), old.getValue()),
            old.getKey(),
            "an older version");
        replaced++;
      }
    }
    assertThat(replaced).isGreaterThan(20);
  }

  @Test
  void everyFile_putInThePlaceOfAnother_isFound() throws IOException {
    RandomGenerator random = Seeds.random("CheckDamageTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(random));
    List<String> files =
        rich.keySet().stream().filter(file -> !file.equals(ReadmeFile.FILE)).toList();
    for (String file : files) {
      byte[] other = Objects.requireNonNull(rich.get(files.get(random.nextInt(files.size()))));
      if (!Arrays.equals(other, rich.get(file))) {
        requireNamed(ArchiveFixture.with(rich, file, other), file, "the content of another file");
      }
    }
  }

  /**
   * Encoding damage by mail programs, editors and sync tools. Blank lines after the last journal
   * line are torn and not damage: an append may leave any bytes.
   */
  @Test
  void encodingDamage_isFoundAndNamed() throws IOException {
    for (String file : KINDS) {
      byte[] sound = tiny(file);
      String text = new String(sound, StandardCharsets.UTF_8);
      requireEncodingDamage(
          file, text.replace("\n", "\r\n"), "its lines end in CR LF instead of LF");
      requireEncodingDamage(file, "\uFEFF" + text, "it begins with a byte-order mark");
      requireEncodingDamage(
          file,
          text.substring(0, text.length() - 1),
          "its last line has lost its line feed, or its end");
      if (!file.startsWith("prayers")) {
        String sorted = String.join("\n", text.lines().sorted().toList()) + "\n";
        if (!sorted.equals(text)) {
          requireEncodingDamage(file, sorted, "its lines have been sorted");
        }
      }
      if (file.equals(LAST_JOURNAL)) {
        assertThat(
                ArchiveFixture.check(
                        ArchiveFixture.with(
                            tiny, file, (text + "\n").getBytes(StandardCharsets.UTF_8)))
                    .findingsByCode())
            .containsOnlyKeys("journal-torn");
      } else {
        requireEncodingDamage(file, text + "\n", "it has blank lines at its end");
      }
    }
  }

  private void requireEncodingDamage(String file, String text, String trait) throws IOException {
    CheckReport report =
        ArchiveFixture.check(
            ArchiveFixture.with(tiny, file, text.getBytes(StandardCharsets.UTF_8)));
    assertThat(report).as(trait + " in " + file).matches(each -> ArchiveFixture.names(each, file));
    assertThat(report.findings())
        .as(file)
        .anyMatch(
            finding ->
                finding.code().equals("mangled")
                    && finding.file().equals(file)
                    && finding.message().contains(trait));
  }

  @Test
  void oneDamagedLine_isNamedWithItsLineAndWhatItWas() throws IOException {
    String log = "prayers/marks/2023_11_marks.txt";
    byte[] damaged = tiny(log).clone();
    damaged[damaged.length - 20] ^= 1;
    CheckReport report = ArchiveFixture.check(ArchiveFixture.with(tiny, log, damaged));
    assertThat(report.findings()).hasSize(1);
    Finding finding = report.findings().getFirst();
    assertThat(finding.code()).isEqualTo("line-damaged");
    assertThat(finding.toString())
        .startsWith(log + ":6: the check does not match; expected ")
        .endsWith("; it was change 4, which exists elsewhere too");
    assertThat(finding.repairable()).isTrue();
    assertThat(finding.next()).isEqualTo("thywill repair-archives");
  }

  @Test
  void aChangeThatNothingHasAnyMore_isNotCalledRepairable() throws IOException {
    Map<String, byte[]> damaged = new TreeMap<>(tiny);
    List<String> files = List.of("users/2023_11_users.txt", "journal/2023_11_000000000001.txt");
    for (String file : files) {
      String text = new String(tiny(file), StandardCharsets.UTF_8);
      damaged.put(file, text.replace("Mary", "Nary").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(ArchiveFixture.check(damaged).findings())
        .extracting(finding -> finding.file() + " " + finding.code() + " " + finding.repairable())
        .containsExactly(
            "journal/2023_11_000000000001.txt journal-damaged true",
            "users/2023_11_users.txt line-damaged true");
    damaged.remove(PARITY);
    assertThat(ArchiveFixture.check(damaged).findings())
        .extracting(finding -> finding.file() + " " + finding.code() + " " + finding.repairable())
        .containsExactly(
            "journal/2023_11_000000000001.txt journal-damaged false",
            PARITY + " parity-missing false",
            "users/2023_11_users.txt line-damaged false");
  }

  @Test
  void quickCheck_seesWhatShowsWithoutReadingEverything() throws IOException {
    for (String file : KINDS) {
      if (file.startsWith("prayers/2")
          || file.equals(PARITY)
          || file.startsWith("journal/2") && !file.equals(LAST_JOURNAL)) {
        continue; // pages, parities and the journals of months gone by are for the full check
      }
      Map<String, byte[]> damaged =
          ArchiveFixture.with(tiny, file, Arrays.copyOf(tiny(file), tiny(file).length - 1));
      CheckReport report =
          new ArchiveChecker(new ArchiveFixture.Fixed(damaged))
              .check(ArchiveChecker.Mode.QUICK, ProgressListener.NONE);
      assertThat(report).as(file).matches(each -> ArchiveFixture.names(each, file));
    }
  }
}
