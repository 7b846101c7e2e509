package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** The quick check notices a file that has another size than it must have, and nothing else. */
class QuickCheckTest {
  private static CheckReport quick(Map<String, byte[]> files) throws IOException {
    return new ArchiveChecker(new ArchiveFixture.Fixed(files))
        .check(ArchiveChecker.Mode.QUICK, ProgressListener.NONE);
  }

  private static byte[] bytes(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file));
  }

  private static void assertNamed(Map<String, byte[]> files, String file, String... codes)
      throws IOException {
    CheckReport report = quick(files);
    assertThat(report.sound()).as(file).isFalse();
    assertThat(report.findings())
        .as(file)
        .anyMatch(
            finding ->
                finding.file().equals(file)
                    && finding.severity() == Finding.Severity.ERROR
                    && List.of(codes).contains(finding.code()));
  }

  @Test
  void aByteMoreOrLess_inAnyJournalFileOrParityOfAnEndedMonth_isNoticed() throws IOException {
    RandomGenerator random = Seeds.random("QuickCheckTest");
    for (int run = 0; run < 5; run++) {
      SimulatedDisk disk = ArchiveFixture.rich(Seeds.random(random.nextLong()));
      Map<String, byte[]> files = ArchiveFixture.files(disk);
      assertThat(quick(files).findings()).isEmpty();
      String current = Head.read(disk).journal();
      for (String file : files.keySet()) {
        byte[] content = bytes(files, file);
        byte[] shorter = Arrays.copyOf(content, content.length - 1);
        byte[] longer = Arrays.copyOf(content, content.length + 1);
        if (ParityEncoder.isParity(file)) {
          assertNamed(ArchiveFixture.with(files, file, shorter), file, "parity-damaged");
          assertNamed(ArchiveFixture.with(files, file, longer), file, "parity-damaged");
        } else if (JournalFile.isJournal(file) && !file.equals(current)) {
          String last = lastOfMonth(files, JournalFile.month(file));
          assertNamed(ArchiveFixture.with(files, file, shorter), last, "journal-short");
          assertNamed(ArchiveFixture.with(files, file, longer), last, "journal-long");
        }
      }
    }
  }

  private static String lastOfMonth(Map<String, byte[]> files, String month) {
    return files.keySet().stream()
        .filter(JournalFile::isJournal)
        .filter(file -> JournalFile.month(file).equals(month))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  @Test
  void pageThatIsEmptyOrTooSmallForAny_isNoticed() throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(ArchiveFixture.tiny());
    String page = files.keySet().stream().filter(PrayerPageFile::isPage).findFirst().orElseThrow();
    assertNamed(ArchiveFixture.with(files, page, new byte[0]), page, "page-damaged");
    byte[] cut = Arrays.copyOf(bytes(files, page), PrayerPageFile.BYTES_MIN - 1);
    assertNamed(ArchiveFixture.with(files, page, cut), page, "page-damaged");
  }

  @Test
  void fileThatIsReadAsAWhole_andIsLargerThanAnyMayBe_isDamaged() throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(ArchiveFixture.tiny());
    String page = files.keySet().stream().filter(PrayerPageFile::isPage).findFirst().orElseThrow();
    for (String file : List.of(page, "system/feature_flags.txt")) {
      byte[] grown = Arrays.copyOf(bytes(files, file), Disk.WHOLE_BYTES_MAX + 1);
      Disk disk = new ArchiveFixture.Fixed(ArchiveFixture.with(files, file, grown));
      assertThat(disk.readAll(file)).hasSize(Disk.WHOLE_BYTES_MAX);
      CheckReport full = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, (_, _, _) -> {});
      assertThat(full.findings())
          .anyMatch(finding -> finding.file().equals(file) && finding.code().endsWith("-damaged"));
    }
  }
}
