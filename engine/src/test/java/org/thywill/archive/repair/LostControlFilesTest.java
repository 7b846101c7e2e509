package org.thywill.archive.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** Control files of which no copy is left are made again from the rest of the archive. */
class LostControlFilesTest {
  private static final List<String> HEADS = List.of(Head.FILE.file(), Head.FILE.copy());
  private static final List<String> IDENTITIES =
      List.of(ArchiveIdentity.FILE.file(), ArchiveIdentity.FILE.copy());

  private final long seed = Seeds.seed("LostControlFilesTest");
  private final Map<String, byte[]> sound;

  LostControlFilesTest() throws IOException {
    sound = ArchiveFixture.files(ArchiveFixture.rich(Seeds.random(seed)));
  }

  private Map<String, byte[]> without(List<String> files) {
    Map<String, byte[]> left = new TreeMap<>(sound);
    files.forEach(left::remove);
    return left;
  }

  private static Disk changeable(Map<String, byte[]> files) {
    return new OverlayDisk(new ArchiveFixture.Fixed(files), new SimulatedDisk());
  }

  private static ArchiveRepairer plan(Disk disk, Map<String, Disk> places) throws IOException {
    return ArchiveRepairer.plan(disk, places, new SimulatedDisk(), ProgressListener.NONE);
  }

  private static Map<String, byte[]> repaired(Map<String, byte[]> damaged) throws IOException {
    return repaired(damaged, Map.of());
  }

  private static Map<String, byte[]> repaired(Map<String, byte[]> damaged, Map<String, Disk> places)
      throws IOException {
    Disk disk = changeable(damaged);
    ArchiveRepairer repair = plan(disk, places);
    assertThat(repair.after().sound()).as("%s", repair.after().findings()).isTrue();
    repair.apply();
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    files.keySet().removeIf(file -> file.startsWith(Quarantine.FOLDER + "/"));
    return files;
  }

  private static byte[] of(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  private void requireSame(Map<String, byte[]> files) {
    assertThat(files.keySet()).isEqualTo(sound.keySet());
    files.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(sound.get(file)));
  }

  private static List<String> codes(CheckReport report) {
    return report.findings().stream().map(Finding::code).distinct().toList();
  }

  @Test
  void bothHeadsAreLost_theyAreMadeFromTheLogs_toTheByte() throws IOException {
    CheckReport report = ArchiveFixture.check(without(HEADS));
    assertThat(report.sound()).isFalse();
    assertThat(report.findings())
        .filteredOn(finding -> finding.code().equals(ControlFiles.HEAD_DERIVED))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.message()).contains("Not proven: that none came after");
              assertThat(finding.repairable()).isTrue();
              assertThat(finding.next()).isEqualTo("thywill repair-archives --apply");
            });
    requireSame(repaired(without(HEADS)));
  }

  /** A head with a right check may name any number; only what the logs hold is memory for. */
  @Test
  void headsNameASeqThatTheLogsDoNotLeadTo_theyAreMadeFromTheLogs_toTheByte() throws IOException {
    for (String seq : List.of("7", "2000000000", "9000000000000000000", "-1")) {
      Map<String, byte[]> forged = new TreeMap<>(sound);
      String content = new String(of(sound, HEADS.getFirst()), StandardCharsets.UTF_8);
      String lines = content.substring(0, content.lastIndexOf("check|"));
      byte[] head =
          ControlFile.content(lines.replaceFirst("\nseq\\|\\d+\n", "\nseq|" + seq + "\n"));
      HEADS.forEach(file -> forged.put(file, head));
      CheckReport report = ArchiveFixture.check(forged);
      assertThat(report.findings())
          .as(seq)
          .anyMatch(finding -> finding.message().contains("the seq is " + seq + "; expected"));
      requireSame(repaired(forged));
    }
  }

  @Test
  void headsAndJournalAreLost_theyAreMadeFromTheLogs() throws IOException {
    Map<String, byte[]> left = new TreeMap<>(sound);
    left.keySet().removeIf(file -> file.startsWith(JournalFile.FOLDER + "/"));
    assertThat(ArchiveFixture.check(left).sound()).isFalse();
    requireSame(repaired(left));
  }

  @Test
  void bothIdentitiesAreLost_theCommunityIsTheOneThatTheHeadersName() throws IOException {
    CheckReport report = ArchiveFixture.check(without(IDENTITIES));
    assertThat(codes(report)).contains(ControlFiles.IDENTITY_DERIVED);
    Map<String, byte[]> made = repaired(without(IDENTITIES));
    assertThat(made.keySet()).isEqualTo(sound.keySet());
    ArchiveIdentity was = ArchiveIdentity.read(new ArchiveFixture.Fixed(sound));
    ArchiveIdentity now = ArchiveIdentity.read(new ArchiveFixture.Fixed(made));
    assertThat(now.community()).isEqualTo(was.community());
    assertThat(now.createdAt()).isGreaterThanOrEqualTo(was.createdAt());
  }

  @Test
  void everyControlFileIsLost_theArchiveIsReadAndMadeAgain() throws IOException {
    List<String> all = new ArrayList<>(HEADS);
    all.addAll(IDENTITIES);
    Map<String, byte[]> left = without(all);
    ArchiveReader reader = ArchiveReader.open(new ArchiveFixture.Fixed(left), 0);
    assertThat(reader.lastSeq())
        .isEqualTo(ArchiveReader.open(new ArchiveFixture.Fixed(sound), 0).lastSeq());
    assertThat(reader.isHeadDerived()).isTrue();
    assertThat(reader.findings())
        .extracting(Finding::code)
        .contains(ControlFiles.HEAD_DERIVED, ControlFiles.IDENTITY_DERIVED);
    assertThat(repaired(left).keySet()).isEqualTo(sound.keySet());
  }

  @Test
  void headIsLost_whileChangesAreOnlyInTheJournal_theyStayThere() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveFixture fixture = new ArchiveFixture(disk, Seeds.random(seed + 1));
    fixture.history(40, 30);
    long last;
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 12, 40);
      fixture.checkpoint(writer);
      fixture.live(writer, 12, 1);
      last = writer.lastSeq();
    }
    for (String head : HEADS) {
      disk.delete(head);
    }
    assertThat(ArchiveReader.open(disk, 0).lastSeq()).isEqualTo(last);
    Map<String, byte[]> made = repaired(ArchiveFixture.files(disk));
    assertThat(ArchiveReader.open(new ArchiveFixture.Fixed(made), 0).lastSeq()).isEqualTo(last);
  }

  @Test
  void bothCopiesHaveEncodingDamage_thatIsRepairable_andNamed() throws IOException {
    for (ControlFile control : List.of(ArchiveIdentity.FILE, Head.FILE)) {
      for (String mark : List.of("\uFEFF", "")) {
        Map<String, byte[]> damaged = new TreeMap<>(sound);
        for (String file : List.of(control.file(), control.copy())) {
          String text = mark + new String(of(sound, file), StandardCharsets.UTF_8);
          damaged.put(
              file,
              (mark.isEmpty() ? text.replace("\n", "\r\n") : text)
                  .getBytes(StandardCharsets.UTF_8));
        }
        CheckReport report = ArchiveFixture.check(damaged);
        for (String file : List.of(control.file(), control.copy())) {
          assertThat(report.findings())
              .as(file)
              .anyMatch(
                  finding ->
                      finding.file().equals(file)
                          && finding.code().equals("control-damaged")
                          && finding.repairable())
              .anyMatch(finding -> finding.file().equals(file) && finding.code().equals("mangled"));
        }
        requireSame(repaired(damaged));
      }
    }
  }

  @Test
  void copiesAreDamagedAtDifferentLines_theyAreProvenTogether() throws IOException {
    RandomGenerator random = Seeds.random(seed + 2);
    for (ControlFile control : List.of(ArchiveIdentity.FILE, Head.FILE)) {
      for (int i = 0; i < 20; i++) {
        byte[] right = of(sound, control.file());
        List<byte[]> lines = FileDamage.lines(right);
        Map<String, byte[]> damaged = new TreeMap<>(sound);
        int one = random.nextInt(lines.size());
        int other = (one + 1 + random.nextInt(lines.size() - 1)) % lines.size();
        damaged.put(control.file(), FileDamage.joined(flipped(lines, one, random)));
        damaged.put(control.copy(), FileDamage.joined(flipped(lines, other, random)));
        assertThat(codes(ArchiveFixture.check(damaged)))
            .doesNotContain(ControlFiles.HEAD_DERIVED, ControlFiles.IDENTITY_DERIVED);
        requireSame(repaired(damaged));
      }
    }
  }

  @Test
  void threeCopiesAreDamagedAtDisjointLines_controlFilesToo_theyAreHealedWhole()
      throws IOException {
    RandomGenerator random = Seeds.random(seed + 3);
    List<Map<String, byte[]>> copies = new ArrayList<>();
    for (int copy = 0; copy < 3; copy++) {
      copies.add(new TreeMap<>(sound));
    }
    sound.forEach(
        (file, bytes) -> {
          List<byte[]> lines = FileDamage.lines(bytes);
          List<List<byte[]>> damaged =
              List.of(new ArrayList<>(lines), new ArrayList<>(lines), new ArrayList<>(lines));
          for (int line = 0; line < lines.size(); line++) {
            int copy = random.nextInt(6); // No line is damaged in two copies, half in none.
            if (copy < 3 && lines.get(line).length > 1) {
              damaged.get(copy).set(line, flipped(lines, line, random).get(line));
            }
          }
          for (int copy = 0; copy < 3; copy++) {
            copies.get(copy).put(file, FileDamage.joined(damaged.get(copy)));
          }
        });
    copies.forEach(copy -> copy.put(ReadmeFile.FILE, of(sound, ReadmeFile.FILE)));
    requireSame(
        repaired(
            copies.getFirst(),
            Map.of(
                "/one", new ArchiveFixture.Fixed(copies.get(1)),
                "/two", new ArchiveFixture.Fixed(copies.get(2)))));
  }

  @Test
  void lineIsDamagedInAllCopies_exactlyThisOneIsNamed_andTheOthersComeBack() throws IOException {
    String log =
        sound.keySet().stream()
            .filter(file -> Catalog.ofLog(file).filter(Catalog.SKIPS::equals).isPresent())
            .max(Comparator.comparingInt(file -> of(sound, file).length))
            .orElseThrow();
    List<byte[]> lines = FileDamage.lines(of(sound, log));
    List<Map<String, byte[]>> copies = new ArrayList<>();
    String lost = new String(lines.getLast(), StandardCharsets.UTF_8);
    for (int copy = 0; copy < 2; copy++) {
      Map<String, byte[]> files = new TreeMap<>(sound);
      files.keySet().removeIf(file -> file.endsWith("_parity.txt"));
      // The last line is lost in every file of both copies, another one only in each.
      files.replaceAll((file, bytes) -> without(bytes, lost));
      for (int line = 5; line < lines.size() - 1; line++) {
        if (line % 2 == copy) {
          String other = new String(lines.get(line), StandardCharsets.UTF_8);
          files.replaceAll((file, bytes) -> without(bytes, other));
        }
      }
      copies.add(files);
    }
    Disk disk = changeable(copies.getFirst());
    ArchiveRepairer repair = plan(disk, Map.of("/one", new ArchiveFixture.Fixed(copies.getLast())));
    repair.apply();
    assertThat(ArchiveFixture.check(disk).findings())
        .filteredOn(finding -> finding.code().equals("line-damaged"))
        .extracting(Finding::file, Finding::line)
        .containsExactly(Tuple.tuple(log, (long) lines.size()));
  }

  /** A file in which a letter of the line is changed, wherever it has it. */
  private static byte[] without(byte[] bytes, String line) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.contains(line)
        ? text.replace(line, line.replaceFirst("\\|(added|changed|removed)\\|", "|spoiled|"))
            .getBytes(StandardCharsets.UTF_8)
        : bytes;
  }

  /** The lines of a file with one letter of one line changed. */
  private static List<byte[]> flipped(List<byte[]> lines, int which, RandomGenerator random) {
    List<byte[]> changed = new ArrayList<>(lines);
    byte[] line = lines.get(which).clone();
    int at = random.nextInt(line.length - 1);
    line[at] = (byte) (line[at] == '#' ? '+' : '#');
    changed.set(which, line);
    return changed;
  }
}
