package org.thywill.archive.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** A file of another community is found and replaced, and makes no sound file less so. */
@Tag("slow")
class ForeignFileTest {
  private final Map<String, byte[]> own;
  private final Map<String, byte[]> foreign;

  ForeignFileTest() throws IOException {
    long seed = Seeds.seed("ForeignFileTest");
    own = ArchiveFixture.files(ArchiveFixture.rich("c0ffee", Seeds.random(seed)));
    foreign = ArchiveFixture.files(ArchiveFixture.rich("0ther", Seeds.random(seed + 1)));
  }

  private static Map<String, byte[]> repaired(Map<String, byte[]> files) throws IOException {
    Disk disk = new OverlayDisk(new ArchiveFixture.Fixed(files), new SimulatedDisk());
    ArchiveRepairer.plan(disk, Map.of(), new SimulatedDisk(), ProgressListener.NONE).apply();
    Map<String, byte[]> now = ArchiveFixture.files(disk);
    now.keySet().removeIf(file -> file.startsWith(Quarantine.FOLDER + "/"));
    return now;
  }

  private static byte[] of(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  private void requireOwn(Map<String, byte[]> files, String but) {
    assertThat(files.keySet()).as(but).isEqualTo(own.keySet());
    files.forEach(
        (file, bytes) -> {
          if (!file.equals(but)) {
            assertThat(bytes).as("%s, with a foreign %s", file, but).isEqualTo(own.get(file));
          }
        });
  }

  @Test
  void everyFileOfOneCommunity_inThePlaceOfTheSameFileOfAnother_isReplaced() throws IOException {
    List<String> left = new ArrayList<>();
    int tried = 0;
    for (String file : own.keySet()) {
      if (!foreign.containsKey(file) || file.equals(ReadmeFile.FILE)) {
        continue;
      }
      tried++;
      Map<String, byte[]> mixed = ArchiveFixture.with(own, file, of(foreign, file));
      CheckReport report = ArchiveFixture.check(mixed);
      assertThat(report.sound()).as(file).isFalse();
      Map<String, byte[]> now = repaired(mixed);
      requireOwn(now, file);
      if (!Arrays.equals(of(now, file), of(own, file))) {
        left.add(file);
        assertThat(of(now, file)).as(file).isEqualTo(of(foreign, file));
      }
    }
    assertThat(tried).isGreaterThan(50);
    assertThat(left).isEmpty();
  }

  @Test
  void bothCopiesOfAForeignControlFile_areOutvotedByTheOtherFiles() throws IOException {
    for (List<String> files :
        List.of(
            List.of(ArchiveIdentity.FILE.file(), ArchiveIdentity.FILE.copy()),
            List.of(Head.FILE.file(), Head.FILE.copy()))) {
      Map<String, byte[]> mixed = new TreeMap<>(own);
      files.forEach(file -> mixed.put(file, of(foreign, file)));
      assertThat(ArchiveFixture.check(mixed).findings())
          .filteredOn(finding -> finding.code().equals(ControlFiles.FOREIGN))
          .extracting(Finding::file)
          .containsExactlyInAnyOrderElementsOf(files);
      Map<String, byte[]> now = repaired(mixed);
      own.forEach(
          (file, bytes) -> {
            if (!files.contains(file) || file.contains("head")) {
              assertThat(now.get(file)).as("%s, foreign %s", file, files).isEqualTo(bytes);
            }
          });
      assertThat(ArchiveIdentity.read(new ArchiveFixture.Fixed(now)).community())
          .isEqualTo("c0ffee");
    }
  }
}
