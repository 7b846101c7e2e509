package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Sha256;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * Each ended month has one seal, by whichever writer its changes came, and each names the last one.
 */
class MonthSealerTest {
  private static Map<String, byte[]> seals(SimulatedDisk disk) throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    files.keySet().removeIf(file -> !SealFile.isSeal(file));
    return files;
  }

  private static List<String> lines(Map<String, byte[]> files, String file) {
    return new String(Objects.requireNonNull(files.get(file)), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  private static long field(List<String> lines, String name) {
    return Long.parseLong(
        lines.stream()
            .filter(line -> line.startsWith(name + "|"))
            .findFirst()
            .orElseThrow()
            .substring(name.length() + 1));
  }

  @Test
  void seals_ofHistoryAndOfLivingMonths_haveEveryChangeOnce_andNameTheOneBefore()
      throws IOException {
    RandomGenerator random = Seeds.random("MonthSealerTest");
    SimulatedDisk disk = ArchiveFixture.rich(random);
    Map<String, byte[]> seals = seals(disk);
    Head head = Head.read(disk);
    assertThat(seals)
        .hasSizeGreaterThan(1)
        .doesNotContainKey(SealFile.file(SealFile.month(head.atMicros())));
    long last = 0;
    String previous = "previous||";
    for (String file : seals.keySet()) {
      List<String> lines = lines(seals, file);
      assertThat(field(lines, "first")).as(file).isEqualTo(last + 1);
      last = field(lines, "last");
      assertThat(lines).as(file).contains(previous);
      previous =
          "previous|"
              + SealFile.monthOf(file)
              + "|"
              + Sha256.hex(Objects.requireNonNull(seals.get(file)));
    }
    assertThat(last).isLessThan(head.seq());
  }

  @Test
  void seal_ofATinyArchive_saysWhatItsLogsAre() throws IOException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    byte[] members = Objects.requireNonNull(files.get("users/2023_11_users.txt"));
    assertThat(lines(files, "seals/2023_11.txt"))
        .startsWith(
            "# ThyWill: the seal of a month that has ended. README.txt explains the rest.",
            "month|2023_11",
            "first|1",
            "last|5",
            "previous||")
        .contains("log|users/2023_11_users.txt|6|" + members.length + "|" + Sha256.hex(members));
  }

  /** December has one change, which shows that November has ended. */
  @Test
  void sealOfTheMonthBefore_isExpected_whenTheOnlyChangeOfTheLastMonthIsLost() throws IOException {
    Map<String, byte[]> damaged = ArchiveFixture.files(ArchiveFixture.tiny());
    for (String file :
        List.of("operations/2023_operations.txt", "journal/2023_12_000000000006.txt")) {
      String text = new String(Objects.requireNonNull(damaged.get(file)), StandardCharsets.UTF_8);
      String left =
          text.lines()
              .filter(line -> !line.contains("|drill|equal|"))
              .map(line -> line + "\n")
              .collect(Collectors.joining());
      assertThat(left).isNotEqualTo(text);
      damaged.put(file, left.getBytes(StandardCharsets.UTF_8));
    }
    CheckReport report = ArchiveFixture.check(damaged);
    assertThat(report.sound()).isFalse();
    assertThat(report.findings())
        .noneMatch(
            finding ->
                finding.file().equals(SealFile.file("2023_11"))
                    || finding.file().equals(ParityEncoder.file("2023_11")));
  }

  @Test
  void seal_isNotWrittenOnADamagedOne() throws IOException {
    ArchiveFixture fixture =
        new ArchiveFixture(new SimulatedDisk(), Seeds.random("MonthSealerTest"));
    fixture.history(60, 30);
    String file = new ArrayList<>(seals(fixture.disk()).keySet()).getLast();
    byte[] sound = Objects.requireNonNull(seals(fixture.disk()).get(file));
    fixture.disk().replace(file, Arrays.copyOf(sound, sound.length - 1));
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 12, 24 * 40);
      assertThatThrownBy(() -> fixture.checkpoint(writer))
          .isInstanceOf(DamagedArchiveException.class)
          .hasMessageContaining(file);
    }
  }

  @Test
  void seal_isNotWrittenForALogThatIsShort() throws IOException {
    ArchiveFixture fixture =
        new ArchiveFixture(new SimulatedDisk(), Seeds.random("MonthSealerTest"));
    fixture.history(60, 30);
    Head head = Head.read(fixture.disk());
    String month = SealFile.monthOf(seals(fixture.disk()).keySet().iterator().next());
    String log =
        head.logs().keySet().stream()
            .filter(file -> file.contains(month))
            .findFirst()
            .orElseThrow();
    byte[] sound = Objects.requireNonNull(ArchiveFixture.files(fixture.disk()).get(log));
    fixture.disk().replace(log, Arrays.copyOf(sound, sound.length - 1));
    Map<String, byte[]> before = seals(fixture.disk());
    assertThatThrownBy(() -> new MonthSealer(fixture.disk()).seal(month, head.seq(), head.logs()))
        .isInstanceOf(DamagedArchiveException.class)
        .hasMessageContaining(log)
        .hasMessageContaining((sound.length - 1) + " bytes, expected " + sound.length);
    assertThat(seals(fixture.disk()).keySet()).isEqualTo(before.keySet());
  }
}
