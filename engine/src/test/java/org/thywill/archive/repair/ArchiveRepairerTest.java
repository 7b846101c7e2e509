package org.thywill.archive.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/**
 * A repair restores a file exactly, or line by line where some of its lines are lost everywhere, or
 * leaves it as it is; and it reports what is left.
 */
@Tag("slow")
class ArchiveRepairerTest {
  private static final int RANDOM_DAMAGES = Seeds.times(1_000);

  /** All files but those in quarantine and those that the damage has renamed. */
  private static Map<String, byte[]> archive(Disk disk) throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    files
        .keySet()
        .removeIf(file -> file.startsWith(Quarantine.FOLDER + "/") || file.endsWith(".bak"));
    return files;
  }

  private static Disk changeable(Map<String, byte[]> files) {
    return new OverlayDisk(new ArchiveFixture.Fixed(files), new SimulatedDisk());
  }

  private static ArchiveRepairer plan(Disk disk) throws IOException {
    return plan(disk, Map.of());
  }

  private static ArchiveRepairer plan(Disk disk, Map<String, Disk> locations) throws IOException {
    return ArchiveRepairer.plan(disk, locations, new SimulatedDisk(), ProgressListener.NONE);
  }

  private static void requireSame(
      Map<String, byte[]> files, Map<String, byte[]> sound, String what) {
    assertThat(files.keySet()).as(what).isEqualTo(sound.keySet());
    files.forEach(
        (file, bytes) ->
            assertThat(Arrays.equals(bytes, sound.get(file)))
                .as("%s: %s is as before", what, file)
                .isTrue());
  }

  /**
   * Requires that each file is as before the damage or as after it, and as before if the repair
   * reports a sound archive.
   */
  private static boolean isRepaired(
      Map<String, byte[]> damaged, Map<String, byte[]> sound, String what) {
    try {
      Disk disk = changeable(damaged);
      ArchiveRepairer repair = plan(disk);
      repair.apply();
      Map<String, byte[]> now = archive(disk);
      if (repair.after().sound()) {
        requireSame(now, sound, what);
        return true;
      }
      CheckReport report = ArchiveFixture.check(disk);
      assertThat(ArchiveFixture.damage(report)).as(what).containsAll(errors(repair.after()));
      now.forEach(
          (file, bytes) ->
              assertThat(
                      Arrays.equals(bytes, sound.get(file))
                          || Arrays.equals(bytes, damaged.get(file))
                          || ArchiveFixture.isBetter(bytes, damaged.get(file), sound.get(file)))
                  .as("%s: %s holds something new", what, file)
                  .isTrue());
      damaged
          .keySet()
          .forEach(
              file ->
                  assertThat(file.endsWith(".bak") || now.containsKey(file))
                      .as("%s: %s is gone", what, file)
                      .isTrue());
      return false;
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }

  private static List<Finding> errors(CheckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }

  @Test
  void randomDamage_inOneFile_isAlwaysUndoneToTheByte() throws IOException {
    long seed = Seeds.seed("ArchiveRepairerTest");
    Map<String, byte[]> rich = months(seed);
    List<String> files = List.copyOf(rich.keySet());
    IntStream.range(0, RANDOM_DAMAGES)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              Map<String, byte[]> damaged = new TreeMap<>(rich);
              String file = files.get(random.nextInt(files.size()));
              String what = FileDamage.one(damaged, file, random) + " of " + file;
              if (file.equals(ReadmeFile.FILE) && damaged.containsKey(file)) {
                return; // a text for people; nothing checks what it says
              }
              if (!isRepaired(damaged, rich, what)) {
                fail("%s was not repaired (damage %s)", what, i);
              }
            });
  }

  @Test
  void randomDamage_inManyFiles_isUndone_orLeavesThemAsTheyAre() throws IOException {
    long seed = Seeds.seed("ArchiveRepairerTest");
    Map<String, byte[]> rich = months(seed);
    List<String> files =
        rich.keySet().stream().filter(file -> !file.equals(ReadmeFile.FILE)).toList();
    AtomicInteger repaired = new AtomicInteger();
    IntStream.range(0, RANDOM_DAMAGES / 4)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              Map<String, byte[]> damaged = new TreeMap<>(rich);
              StringBuilder what = new StringBuilder();
              for (int n = 2 + random.nextInt(6); n > 0; n--) {
                String file = files.get(random.nextInt(files.size()));
                if (damaged.containsKey(file) && Arrays.equals(damaged.get(file), rich.get(file))) {
                  what.append(FileDamage.one(damaged, file, random))
                      .append(" of ")
                      .append(file)
                      .append(", ");
                }
              }
              repaired.addAndGet(isRepaired(damaged, rich, what.toString()) ? 1 : 0);
            });
    assertThat(repaired.get()).isGreaterThan(RANDOM_DAMAGES / 8);
  }

  @Test
  void missingJournalFile_ofWhichTheFirstChangeIsLost_isNotMadeUnderAnotherName()
      throws IOException {
    Map<String, byte[]> sound = months(Seeds.seed("ArchiveRepairerTest"));
    List<String> journals = sound.keySet().stream().filter(JournalFile::isJournal).skip(1).toList();
    assertThat(journals).isNotEmpty();
    for (String journal : journals) {
      List<String> lines = new String(of(sound, journal), StandardCharsets.UTF_8).lines().toList();
      String first = lines.get(Header.LINES);
      String inLog = first.substring(first.indexOf('|') + 1);
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      damaged.remove(journal);
      damaged.replaceAll(
          (file, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.contains(inLog)
                ? text.replace(inLog, "").getBytes(StandardCharsets.UTF_8)
                : bytes;
          });
      isRepaired(damaged, sound, "absence of " + journal + " and of its first change");
    }
  }

  /**
   * Some months with rows of all tables, sealed but for the last one. The checkpoint covers all
   * changes.
   */
  private static Map<String, byte[]> months(long seed) throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(30, 40);
    try (ArchiveWriter writer = fixture.open()) {
      for (int i = 0; i < 2; i++) {
        fixture.live(writer, 8, 120);
        fixture.checkpoint(writer);
      }
    }
    return ArchiveFixture.files(fixture.disk());
  }

  private static Map<String, byte[]> tiny() throws IOException {
    return ArchiveFixture.files(ArchiveFixture.tiny());
  }

  private static byte[] of(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  private static Map<String, byte[]> each(Map<String, byte[]> files, UnaryOperator<byte[]> change) {
    Map<String, byte[]> changed = new TreeMap<>();
    files.forEach((file, bytes) -> changed.put(file, change.apply(bytes)));
    return changed;
  }

  private static byte[] recoded(byte[] bytes, Charset from, Charset to) {
    return new String(bytes, from).getBytes(to);
  }

  @Test
  void soundArchive_isNotChanged() throws IOException {
    SimulatedDisk disk = ArchiveFixture.rich(Seeds.random("ArchiveRepairerTest"));
    long operations = disk.operations();
    ArchiveRepairer repair = plan(disk);
    assertThat(repair.repairedFiles()).isEmpty();
    repair.apply();
    assertThat(disk.operations()).isEqualTo(operations);
  }

  @Test
  void encodingDamageOfAWholeFile_isUndone() throws IOException {
    Map<String, byte[]> sound = tiny();
    sound.remove(ReadmeFile.FILE);
    Map<String, UnaryOperator<byte[]>> damages = new TreeMap<>();
    damages.put(
        "CR LF",
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    damages.put(
        "byte-order mark",
        bytes ->
            ("\uFEFF" + new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
    damages.put(
        "UTF-16",
        bytes ->
            ("\uFEFF" + new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_16LE));
    damages.put(
        "taken for Latin-1",
        bytes -> recoded(bytes, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8));
    damages.put("last newline lost", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    damages.put(
        "blank lines",
        bytes ->
            (new String(bytes, StandardCharsets.ISO_8859_1) + "\n\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages.entrySet()) {
      assertThat(
              isRepaired(
                  withReadme(each(sound, damage.getValue())), withReadme(sound), damage.getKey()))
          .as(damage.getKey())
          .isTrue();
    }
  }

  private static Map<String, byte[]> withReadme(Map<String, byte[]> files) throws IOException {
    return ArchiveFixture.with(files, ReadmeFile.FILE, of(tiny(), ReadmeFile.FILE));
  }

  @Test
  void sortedLines_orAnEditorsBackup_areEnough() throws IOException {
    Map<String, byte[]> sound = tiny();
    for (String file : sound.keySet()) {
      Map<String, byte[]> sorted =
          ArchiveFixture.with(
              sound,
              file,
              String.join(
                      "\n",
                      new String(of(sound, file), StandardCharsets.UTF_8).lines().sorted().toList())
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(
              file.equals(ReadmeFile.FILE) || isRepaired(sorted, sound, "sorted lines of " + file))
          .isTrue();
    }
    Map<String, byte[]> renamed = new TreeMap<>();
    sound.forEach(
        (file, bytes) ->
            renamed.put(
                file.startsWith("journal/2")
                        || file.startsWith("users/")
                        || file.startsWith("archive")
                    ? file + ".bak"
                    : file,
                bytes));
    assertThat(isRepaired(renamed, sound, "renamed log and journal")).isTrue();
  }

  @Test
  void whatIsLostHere_isTakenFromAnotherLocation_andSaysSo() throws IOException {
    Map<String, byte[]> sound = tiny();
    Map<String, byte[]> damaged = new TreeMap<>(sound);
    for (String file : List.of("users/2023_11_users.txt", "journal/2023_11_000000000001.txt")) {
      damaged.put(
          file,
          new String(of(sound, file), StandardCharsets.UTF_8)
              .replace("Mary", "Nary")
              .getBytes(StandardCharsets.UTF_8));
    }
    damaged.put(ParityEncoder.file("2023_11"), new byte[] {'#'});
    Disk single = changeable(damaged);
    ArchiveRepairer tried = plan(single);
    tried.apply();
    assertThat(tried.repairedFiles()).isEmpty();
    assertThat(errors(tried.after()))
        .extracting(Finding::toString)
        .anyMatch(
            message ->
                message.startsWith("users/2023_11_users.txt:6: ")
                    && message.endsWith("; it was change 1, which exists nowhere else"));
    requireSame(archive(single), damaged, "beyond reach");

    Disk disk = changeable(damaged);
    ArchiveRepairer repair = plan(disk, Map.of("/stick", new ArchiveFixture.Fixed(sound)));
    repair.apply();
    requireSame(archive(disk), sound, "from another location");
    assertThat(repair.repairedFiles())
        .extracting(ArchiveRepairer.RepairedFile::file, ArchiveRepairer.RepairedFile::sources)
        .containsExactly(
            Tuple.tuple(
                "journal/2023_11_000000000001.txt",
                List.of("users/2023_11_users.txt")), // which has been restored before
            Tuple.tuple("seals/2023_11_parity.txt", List.of("the logs")),
            Tuple.tuple("users/2023_11_users.txt", List.of("/stick/users/2023_11_users.txt")));
  }

  /** In a month that has not ended, which has no parity. */
  @Test
  void lineThatIsDamagedEverywhere_comesBackFromTheDatabase_ifTheRowIsStillAsItMadeIt()
      throws IOException {
    Map<String, byte[]> sound = tiny();
    Map<String, byte[]> damaged = new TreeMap<>(sound);
    for (String file :
        List.of("operations/2023_operations.txt", "journal/2023_12_000000000006.txt")) {
      String text = new String(of(sound, file), StandardCharsets.UTF_8);
      assertThat(text).contains("drill|equal|");
      damaged.put(
          file, text.replace("drill|equal|", "dri\0l|equ_l|").getBytes(StandardCharsets.UTF_8));
    }
    Row row =
        Row.in(Catalog.OPERATIONS)
            .set(Catalog.Operations.ID, "d")
            .set(Catalog.Operations.KIND, "drill")
            .set(Catalog.Operations.OUTCOME, "equal")
            .build();
    for (Row present : List.of(row, row.with(Values.of(Catalog.Operations.OUTCOME, "differs")))) {
      Disk disk = changeable(damaged);
      ArchiveRepairer repair =
          ArchiveRepairer.plan(
              disk,
              Map.of(),
              (table, key) ->
                  table == row.table() && key.equals("d") ? Optional.of(present) : Optional.empty(),
              new SimulatedDisk(),
              ProgressListener.NONE);
      repair.apply();
      if (present.equals(row)) {
        requireSame(archive(disk), sound, "from the database");
        assertThat(repair.repairedFiles())
            .anyMatch(
                mended ->
                    mended.file().equals("operations/2023_operations.txt")
                        && mended.sources().contains(LiveRowSource.NAME));
      } else {
        requireSame(archive(disk), damaged, "the row has changed since, or somebody changed it");
        assertThat(repair.after().sound()).isFalse();
      }
    }
  }

  /**
   * For any line of any table whose row is present: all columns but the key are made unreadable in
   * log and journal.
   */
  @Test
  void columnsDamagedEverywhere_comeBackFromTheDatabase_whateverTheyHold() throws IOException {
    long seed = Seeds.seed("ArchiveRepairerTest");
    RandomGenerator random = Seeds.random(seed);
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), random);
    fixture.history(40, 4);
    Map<String, byte[]> sound = ArchiveFixture.files(fixture.disk());
    String journal =
        sound.keySet().stream()
            .filter(JournalFile::isJournal)
            .reduce((_, last) -> last)
            .orElseThrow();
    List<byte[]> lines = FileDamage.lines(of(sound, journal));
    LineCodec codec = new LineCodec();
    for (int tried = 0; tried < 20; tried++) {
      byte[] line = lines.get(Header.LINES + random.nextInt(lines.size() - Header.LINES));
      Change change = decoded(codec, line);
      String[] fields = new String(line, StandardCharsets.UTF_8).split("\\|", -1);
      int column = random.nextInt(change.table().columns().size());
      if (!change.table().columns().get(column).equals(change.table().keyColumn())) {
        fields[2 + column] = "#" + fields[2 + column];
      }
      String rotten = String.join("|", fields);
      String log = change.table().logLocation().file(change.at());
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      damaged.replaceAll(
          (file, bytes) ->
              file.equals(journal) || file.equals(log) || PrayerPageFile.isPage(file)
                  ? withLine(file, bytes, line, change, rotten)
                  : bytes);
      Disk disk = changeable(damaged);
      ArchiveRepairer.plan(
              disk, Map.of(), fixture::find, new SimulatedDisk(), ProgressListener.NONE)
          .apply();
      requireSame(archive(disk), sound, "columns of " + change + " in " + log);
    }
  }

  private static Change decoded(LineCodec codec, byte[] line) {
    try {
      return codec.decodeJournal(line, 0, line.length - 1);
    } catch (MalformedLineException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] withLine(
      String file, byte[] bytes, byte[] line, Change change, String rotten) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String journalLine = new String(line, StandardCharsets.UTF_8);
    int prefix = LineCodec.prefixLength(change.table());
    boolean isLog = Catalog.ofLog(file).isPresent();
    return text.replace(
            isLog ? journalLine.substring(prefix) : journalLine,
            isLog ? rotten.substring(prefix) : rotten)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void bothCopiesOfAControlFile_comeBackFromTheRest_andFromAnotherLocation() throws IOException {
    Map<String, byte[]> sound = tiny();
    for (ControlFile control : List.of(ArchiveIdentity.FILE, Head.FILE)) {
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      damaged.remove(control.file());
      damaged.remove(control.copy());
      assertThat(isRepaired(damaged, sound, control.file())).isTrue();
      Disk disk = changeable(damaged);
      plan(disk, Map.of("/stick", new ArchiveFixture.Fixed(sound))).apply();
      requireSame(archive(disk), sound, control.file());
    }
  }

  @Test
  void twoSoundLinesThatContradictEachOther_areDecidedByTheSealOrTheParity_orNotAtAll()
      throws IOException {
    Map<String, byte[]> sound = tiny();
    String log = "users/2023_11_users.txt";
    Map<String, byte[]> rewritten =
        ArchiveFixture.rewritten(sound, log, Catalog.MEMBERS, "Mary", "Nary");
    assertThat(isRepaired(rewritten, sound, "a line rewritten in a sealed log")).isTrue();
    Map<String, byte[]> unsealed = new TreeMap<>(rewritten);
    unsealed.remove("seals/2023_11.txt");
    assertThat(
            isRepaired(unsealed, sound, "a line rewritten, no seal, and the parity of the month"))
        .isTrue();
    unsealed.remove(ParityEncoder.file("2023_11"));
    assertThat(isRepaired(unsealed, sound, "a line rewritten, and neither seal nor parity"))
        .isFalse();
  }

  @Test
  void lineRewrittenInLogAndJournal_isNotBelieved_whereTheSealSaysOtherwise() throws IOException {
    Map<String, byte[]> sound = tiny();
    Map<String, byte[]> rewritten =
        ArchiveFixture.rewritten(sound, "users/2023_11_users.txt", Catalog.MEMBERS, "Mary", "Nary");
    String journal = "journal/2023_11_000000000001.txt";
    String log = new String(of(rewritten, "users/2023_11_users.txt"), StandardCharsets.UTF_8);
    String line = log.lines().filter(each -> each.contains("Nary")).findFirst().orElseThrow();
    String was =
        new String(of(sound, "users/2023_11_users.txt"), StandardCharsets.UTF_8)
            .lines()
            .filter(each -> each.contains("Mary"))
            .findFirst()
            .orElseThrow();
    rewritten.put(
        journal,
        new String(of(sound, journal), StandardCharsets.UTF_8)
            .replace(was, line)
            .getBytes(StandardCharsets.UTF_8));
    Disk disk = changeable(rewritten);
    plan(disk).apply();
    assertThat(ArchiveFixture.check(disk).sound()).isFalse();
    assertThat(archive(disk).get("seals/2023_11.txt")).isEqualTo(of(sound, "seals/2023_11.txt"));
  }

  @Test
  void damageAfterTheCheckpoint_isRepairedOrNamed_andNoAcknowledgedChangeIsDropped()
      throws IOException {
    long seed = Seeds.seed("ArchiveRepairerTest");
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(40, 30);
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 12, 1);
    }
    Map<String, byte[]> sound = ArchiveFixture.files(fixture.disk());
    CheckReport whole = ArchiveFixture.check(fixture.disk());
    assertThat(whole.sound()).isTrue();
    List<String> files =
        sound.keySet().stream()
            .filter(file -> JournalFile.isJournal(file) || Head.FILE.file().equals(file))
            .toList();
    for (int i = 0; i < RANDOM_DAMAGES / 10; i++) {
      RandomGenerator random = Seeds.random(seed + i);
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      String file = files.get(random.nextInt(files.size()));
      String what = FileDamage.one(damaged, file, random) + " of " + file;
      Disk disk = changeable(damaged);
      ArchiveRepairer repair = plan(disk, Map.of("/stick", new ArchiveFixture.Fixed(sound)));
      if (repair.before().sound()) {
        continue; // at the end of the journal: as if the machine had stopped before the answer
      }
      repair.apply();
      requireSame(archive(disk), sound, what);
    }
  }

  @Test
  void crashAnywhereInARepair_theNextOneEndsIt() throws IOException {
    Map<String, byte[]> sound = tiny();
    SimulatedDisk damaged = new SimulatedDisk();
    for (Map.Entry<String, byte[]> file : sound.entrySet()) {
      byte[] bytes = file.getValue();
      damaged.replace(
          file.getKey(),
          file.getKey().startsWith("users/")
                  || file.getKey().startsWith("seals/")
                  || file.getKey().startsWith("journal/2")
              ? new String(bytes, StandardCharsets.UTF_8)
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.UTF_8)
              : bytes);
    }
    damaged.delete("system/feature_flags.txt");
    damaged.forceFolder("system");
    int crashes = 0;
    for (int operation = 1; ; operation++, crashes++) {
      SimulatedDisk disk = damaged.copy();
      ArchiveRepairer repair = plan(disk);
      disk.crashAt(operation);
      try {
        repair.apply();
        break;
      } catch (SimulatedCrash e) {
        for (LossPattern pattern : LossPattern.values()) {
          SimulatedDisk after = disk.restart(pattern, Seeds.random(operation));
          plan(after).apply();
          Map<String, byte[]> now = archive(after);
          now.keySet().removeIf(file -> file.endsWith(Disk.PARTIAL));
          requireSame(now, sound, "crash at " + operation + " with " + pattern);
          assertThat(plan(after).repairedFiles()).isEmpty();
        }
      }
    }
    assertThat(crashes).isGreaterThan(20);
  }

  @Test
  void theReplacedFile_isKept_withAListOfTheBytesThatChanged() throws IOException {
    Map<String, byte[]> sound = tiny();
    String log = "users/2023_11_users.txt";
    byte[] damaged =
        new String(of(sound, log), StandardCharsets.UTF_8)
            .replace("Mary", "Nary")
            .getBytes(StandardCharsets.UTF_8);
    Disk disk = changeable(ArchiveFixture.with(sound, log, damaged));
    plan(disk).apply();
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    assertThat(of(files, "quarantine/users_2023_11_users.txt")).isEqualTo(damaged);
    int at = Arrays.mismatch(damaged, of(sound, log));
    assertThat(
            ControlFile.lines(of(files, "quarantine/users_2023_11_users_changes.txt"))
                .orElseThrow())
        .containsExactly(
            "was|" + damaged.length + "|" + Sha256.hex(damaged),
            "is|" + damaged.length + "|" + Sha256.hex(of(sound, log)),
            "from|journal/2023_11_000000000001.txt",
            "changed|" + at + "|" + (at + 1) + "|" + at + "|" + (at + 1));
    assertThat(errors(ArchiveFixture.check(disk))).isEmpty();
  }
}
