package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** Damage to a sealed month that no other month follows is found and undone too. */
class LastMonthSealedTest {
  private static final int DAMAGES = Seeds.times(150);

  @Test
  void damageOfAnyFileOfTheMonth_isFoundAndUndone() throws IOException {
    long seed = Seeds.seed("LastMonthSealedTest");
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(30, 20);
    Map<String, byte[]> sound = ArchiveFixture.files(ArchiveFixture.sealed(fixture.disk()));
    assertThat(ArchiveFixture.damage(ArchiveFixture.check(sound))).isEmpty();
    String month = SealFile.month(Head.read(new ArchiveFixture.Fixed(sound)).atMicros());
    List<String> files = sound.keySet().stream().filter(file -> file.contains(month)).toList();
    assertThat(files).contains(SealFile.file(month), ParityEncoder.file(month));
    IntStream.range(0, DAMAGES)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              Map<String, byte[]> damaged = new TreeMap<>(sound);
              String file = files.get(random.nextInt(files.size()));
              String what = FileDamage.one(damaged, file, random) + " of " + file;
              try {
                requireUndone(damaged, sound, file, what);
              } catch (IOException | RuntimeException e) {
                throw new AssertionError(what, e);
              }
            });
  }

  private static void requireUndone(
      Map<String, byte[]> damaged, Map<String, byte[]> sound, String file, String what)
      throws IOException {
    boolean isSealGone = SealFile.isSeal(file) && !damaged.containsKey(file);
    CheckReport found = ArchiveFixture.check(damaged);
    if (isSealGone) { // then the month counts as not sealed, and the next start seals it
      assertThat(found.findings())
          .as(what)
          .anyMatch(
              finding -> finding.code().equals("seal-unfinished") && finding.file().equals(file));
      return;
    }
    assertThat(ArchiveFixture.names(found, file))
        .as("%s is named in %s", what, found.findings())
        .isTrue();
    Disk disk = new OverlayDisk(new ArchiveFixture.Fixed(damaged), new SimulatedDisk());
    ArchiveRepairer.plan(disk, Map.of(), new SimulatedDisk(), ProgressListener.NONE).apply();
    Map<String, byte[]> now = ArchiveFixture.files(disk);
    sound.forEach(
        (name, bytes) ->
            assertThat(Objects.requireNonNull(now.get(name), name))
                .as("%s: %s", what, name)
                .isEqualTo(bytes));
  }
}
