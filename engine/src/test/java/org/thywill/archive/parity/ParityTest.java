package org.thywill.archive.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.MonthSealer;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/**
 * A parity restores what a month added to its logs, also without the journal.
 *
 * <p>If too much is lost, it restores nothing and the repair says so.
 */
@Tag("slow")
class ParityTest {
  private static final int RANDOM_DAMAGES = Seeds.times(1_000);
  private static final int RANDOM_LAYOUTS = Seeds.times(25);

  private static byte[] of(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  /** A disk with some logs of a month, and the layout of their parity. */
  private record Month(Map<String, byte[]> files, ParityLayout layout) {
    static Month random(RandomGenerator random, int logs, int bytesMax) {
      Map<String, byte[]> files = new TreeMap<>();
      Map<String, SealFile.SealedLog> sealed = new TreeMap<>();
      Map<String, SealFile.SealedLog> before = new TreeMap<>();
      for (int i = 0; i < logs; i++) {
        byte[] bytes = new byte[1 + random.nextInt(bytesMax)];
        random.nextBytes(bytes);
        files.put("log" + i, bytes);
        sealed.put("log" + i, log(bytes.length));
        if (random.nextInt(4) == 0) {
          before.put("log" + i, log(random.nextInt(bytes.length + 1)));
        }
      }
      return new Month(files, ParityLayout.of("2024_01", sealed, before));
    }

    private static SealFile.SealedLog log(long bytes) {
      return new SealFile.SealedLog(new Head.Extent(1, bytes), "");
    }

    void writeParity() throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new ParityEncoder(new ArchiveFixture.Fixed(files), layout).render(out::write);
      files.put(ParityEncoder.file("2024_01"), out.toByteArray());
    }

    ParityDecoder restore(Map<String, byte[]> damaged) throws IOException {
      Disk disk = new ArchiveFixture.Fixed(damaged);
      return ParityDecoder.of(ParityFile.read(disk, "2024_01").orElseThrow(), List.of(disk));
    }

    /** Whether everything is restored; the decoder's own answer must agree. */
    boolean isRestored(Map<String, byte[]> damaged) throws IOException {
      ParityDecoder restore = restore(damaged);
      boolean all = true;
      for (ParityLayout.Piece piece : layout.pieces()) {
        Optional<byte[]> back = restore.piece(piece.file());
        all &= back.isPresent();
        back.ifPresent(
            bytes ->
                assertThat(bytes)
                    .isEqualTo(
                        Arrays.copyOfRange(
                            of(files, piece.file()), (int) piece.from(), (int) piece.to())));
      }
      assertThat(restore.isWhole()).isEqualTo(all);
      return all;
    }
  }

  @Test
  void anyLog_missing_comesBack_whateverTheSizes() throws IOException {
    RandomGenerator random = Seeds.random("ParityTest");
    for (int i = 0; i < RANDOM_LAYOUTS; i++) {
      Month month =
          Month.random(
              random,
              1 + random.nextInt(i % 5 == 0 ? 300 : 12),
              i % 4 == 0 ? 400_000 / (1 + i) : 20_000);
      month.writeParity();
      for (ParityLayout.Piece piece : month.layout.pieces()) {
        Map<String, byte[]> damaged = new TreeMap<>(month.files);
        damaged.remove(piece.file());
        assertThat(month.isRestored(damaged)).as("%s of %s", piece, month.layout).isTrue();
        if (random.nextInt(20) == 0) {
          break;
        }
      }
    }
  }

  @Test
  void anyBlocks_asManyAsAStripeHasParity_comeBack_andOneMoreDoesNot() throws IOException {
    RandomGenerator random = Seeds.random("ParityTest");
    for (int i = 0; i < RANDOM_LAYOUTS; i++) {
      Month month = Month.random(random, 4 + random.nextInt(10), 12_000);
      month.writeParity();
      ParityLayout layout = month.layout;
      Map<String, byte[]> damaged = new LinkedHashMap<>();
      month.files.forEach((file, bytes) -> damaged.put(file, bytes.clone()));
      int stripe = random.nextInt(layout.stripes());
      int rows = random.nextInt(Math.min(layout.rows(), layout.positions(stripe)) + 1);
      List<Integer> positions =
          new ArrayList<>(IntStream.range(0, layout.positions(stripe)).boxed().toList());
      Collections.shuffle(positions, new Random(random.nextLong()));
      positions
          .subList(0, rows)
          .forEach(position -> damage(damaged, layout, layout.block(stripe, position), random));
      damageParity(damaged, stripe, layout.rows() - rows, random);
      assertThat(month.isRestored(damaged))
          .as("%s blocks lost of stripe %s in %s", rows, stripe, layout)
          .isTrue();
      if (rows < positions.size()) {
        damage(damaged, layout, layout.block(stripe, positions.get(rows)), random);
        assertThat(month.isRestored(damaged)).as("one block more").isFalse();
      }
    }
  }

  private static void damage(
      Map<String, byte[]> files, ParityLayout layout, int block, RandomGenerator random) {
    int first = 0;
    for (ParityLayout.Piece piece : layout.pieces()) {
      if (block < first + layout.blocks(piece)) {
        int at = (int) piece.from() + (block - first) * layout.blockBytes();
        of(files, piece.file())[
                at + random.nextInt((int) Math.min(layout.blockBytes(), piece.to() - at))] ^=
            (byte) (1 << random.nextInt(8));
        return;
      }
      first += layout.blocks(piece);
    }
  }

  /** Damages some parity blocks of a stripe. */
  private static void damageParity(
      Map<String, byte[]> files, int stripe, int count, RandomGenerator random) {
    List<byte[]> lines = FileDamage.lines(of(files, ParityEncoder.file("2024_01")));
    List<byte[]> own =
        new ArrayList<>(
            lines.stream()
                .filter(
                    line ->
                        new String(line, StandardCharsets.UTF_8)
                            .startsWith("parity|" + stripe + "|"))
                .toList());
    for (int i = 0; i < count; i++) {
      byte[] line = own.remove(random.nextInt(own.size()));
      line[random.nextInt(line.length - 1)] ^= 1;
    }
    files.put(ParityEncoder.file("2024_01"), FileDamage.joined(lines));
  }

  @Test
  void aDecoderWrittenFromTheFormatDocument_findsTheBytes() throws IOException {
    RandomGenerator random = Seeds.random("ParityTest");
    Month month = Month.random(random, 5, 3_000);
    month.writeParity();
    ParityLayout layout = month.layout;
    Disk disk = new ArchiveFixture.Fixed(month.files);
    BitSet all = new BitSet();
    all.set(0, layout.stripes());
    Map<Integer, byte[][]> parity = ParityFile.read(disk, "2024_01").orElseThrow().parityOf(all);
    for (int stripe = 0; stripe < layout.stripes(); stripe++) {
      for (int row = 0; row < layout.rows(); row++) {
        byte[] sum = new byte[layout.blockBytes()];
        for (int position = 0; position < layout.positions(stripe); position++) {
          byte[] block = new byte[layout.blockBytes()];
          try (ParityBlocks blocks = new ParityBlocks(disk, layout)) {
            blocks.read(layout.block(stripe, position), 1, block);
          }
          for (int i = 0; i < sum.length; i++) {
            sum[i] ^= (byte) quotient(block[i] & 0xff, row ^ (8 + position));
          }
        }
        assertThat(Objects.requireNonNull(parity.get(stripe))[row]).isEqualTo(sum);
      }
    }
  }

  /** Found by trying; the product of the polynomials is reduced step by step. */
  private static int quotient(int a, int by) {
    return IntStream.range(0, 256).filter(q -> product(q, by) == a).findFirst().orElseThrow();
  }

  private static int product(int a, int b) {
    int product = 0;
    for (int bit = 7; bit >= 0; bit--) {
      product = product << 1 ^ ((product & 0x80) != 0 ? 0x11d : 0) ^ ((b >> bit & 1) != 0 ? a : 0);
    }
    return product;
  }

  /** Sealed months with rows of all tables. Files of the last, open month are not damaged below. */
  private static Map<String, byte[]> months(long seed) throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), Seeds.random(seed));
    fixture.history(40, 30);
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 16, 120);
      fixture.checkpoint(writer);
    }
    return ArchiveFixture.files(fixture.disk());
  }

  private static Disk changeable(Map<String, byte[]> files) {
    return new OverlayDisk(new ArchiveFixture.Fixed(files), new SimulatedDisk());
  }

  private static ArchiveRepairer plan(Disk disk) throws IOException {
    return ArchiveRepairer.plan(disk, Map.of(), new SimulatedDisk(), ProgressListener.NONE);
  }

  private static Map<String, byte[]> archive(Disk disk) throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    files
        .keySet()
        .removeIf(
            file ->
                file.startsWith(Quarantine.FOLDER + "/")
                    || file.endsWith(".bak")
                    || file.endsWith(Disk.PARTIAL));
    return files;
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

  private static List<String> sealedLogs(Map<String, byte[]> files, String month) {
    return files.keySet().stream()
        .filter(file -> Catalog.ofLog(file).isPresent() && file.contains(month))
        .toList();
  }

  private static List<String> sealedMonths(Map<String, byte[]> files) {
    return files.keySet().stream().filter(SealFile::isSeal).map(SealFile::monthOf).toList();
  }

  /** Deletes the month's lines in all other files: journal, pages and snapshots. */
  private static void loseCopies(Map<String, byte[]> files, String month) {
    files
        .keySet()
        .removeIf(
            file ->
                file.startsWith("journal/" + month)
                    || PrayerPageFile.isPage(file)
                    || Snapshots.tables().stream()
                        .anyMatch(table -> Snapshots.file(table).equals(file)));
  }

  @Test
  void anyLogOfASealedMonth_andAllOtherCopiesOfItsLines_comeBack() throws IOException {
    long seed = Seeds.seed("ParityTest");
    RandomGenerator random = Seeds.random(seed);
    Map<String, byte[]> sound = months(seed);
    for (String month : sealedMonths(sound)) {
      List<String> logs = sealedLogs(sound, month);
      for (int n = 0; n < Seeds.times(5); n++) {
        String log = logs.get(random.nextInt(logs.size()));
        Map<String, byte[]> damaged = new TreeMap<>(sound);
        damaged.remove(log);
        loseCopies(damaged, month);
        Disk disk = changeable(damaged);
        CheckReport before = ArchiveFixture.check(disk);
        assertThat(before.findings())
            .as(log)
            .filteredOn(finding -> finding.file().equals(log))
            .isNotEmpty()
            .allMatch(Finding::repairable);
        plan(disk).apply();
        requireSame(archive(disk), sound, "absence of " + log + " and of all copies");
        assertThat(plan(disk).repairedFiles()).isEmpty();
      }
    }
  }

  @Test
  void logThatGoesOnOverMonths_comesBackFromTheParityOfEach() throws IOException {
    Map<String, byte[]> sound = months(Seeds.seed("ParityTest"));
    String log = "roles/role_history.txt";
    Map<String, byte[]> damaged = new TreeMap<>(sound);
    damaged.remove(log);
    sealedMonths(sound).forEach(month -> loseCopies(damaged, month));
    Disk disk = changeable(damaged);
    plan(disk).apply();
    requireSame(archive(disk), sound, "absence of " + log);
  }

  /** Damages several ranges of logs without any other copy, and of their parity. */
  @Test
  void randomDamages_withinTheReachOfTheParity_areFoundAndUndone_beyondItOnlySoundLinesComeBack()
      throws IOException {
    long seed = Seeds.seed("ParityTest");
    Map<String, byte[]> sound = months(seed);
    List<String> months = sealedMonths(sound);
    AtomicInteger undone = new AtomicInteger();
    IntStream.range(0, RANDOM_DAMAGES / 4)
        .parallel()
        .forEach(
            i -> {
              RandomGenerator random = Seeds.random(seed + i);
              String month = months.get(random.nextInt(months.size()));
              Map<String, byte[]> damaged = new TreeMap<>(sound);
              loseCopies(damaged, month);
              List<String> files = new ArrayList<>(sealedLogs(sound, month));
              files.add(ParityEncoder.file(month));
              StringBuilder what = new StringBuilder();
              TreeSet<String> hit = new TreeSet<>();
              for (int n = 1 + random.nextInt(3); n > 0; n--) {
                String file = files.get(random.nextInt(files.size()));
                if (hit.add(file)) {
                  what.append(FileDamage.one(damaged, file, random))
                      .append(" of ")
                      .append(file)
                      .append(", ");
                }
              }
              try {
                undone.addAndGet(isUndone(damaged, sound, month, hit, what.toString()) ? 1 : 0);
              } catch (IOException | RuntimeException e) {
                throw new AssertionError(what.toString(), e);
              }
            });
    assertThat(undone.get()).as("undone").isGreaterThan(RANDOM_DAMAGES / 16);
  }

  private static boolean isUndone(
      Map<String, byte[]> damaged,
      Map<String, byte[]> sound,
      String month,
      Set<String> hit,
      String what)
      throws IOException {
    Disk disk = changeable(damaged);
    CheckReport found = ArchiveFixture.check(disk);
    hit.forEach(
        file ->
            assertThat(ArchiveFixture.names(found, file))
                .as("%s: %s is named", what, file)
                .isTrue());
    boolean within = isWithinReach(damaged, sound, month);
    ArchiveRepairer repair = plan(disk);
    repair.apply();
    assertThat(repair.after().sound() || !within).as("%s is within reach", what).isTrue();
    if (repair.after().sound()) {
      requireSame(
          archive(disk),
          sound,
          what); // also where the lines of a log have only changed places, and no parity is needed
    } else {
      archive(disk)
          .forEach(
              (file, bytes) ->
                  assertThat(
                          Arrays.equals(bytes, sound.get(file))
                              || Arrays.equals(bytes, damaged.get(file))
                              || ArchiveFixture.isBetter(bytes, damaged.get(file), sound.get(file)))
                      .as("%s: %s holds something new", what, file)
                      .isTrue());
    }
    assertThat(plan(disk).repairedFiles()).as("%s: once more", what).isEmpty();
    return within;
  }

  /** Counted from the sound bytes, without the program's decoder. */
  private static boolean isWithinReach(
      Map<String, byte[]> damaged, Map<String, byte[]> sound, String month) throws IOException {
    ParityLayout layout =
        ParityLayout.ofSeals(new ArchiveFixture.Fixed(sound), month).orElseThrow();
    int[] lost = new int[layout.stripes()];
    int block = 0;
    for (ParityLayout.Piece piece : layout.pieces()) {
      for (long at = piece.from(); at < piece.to(); at += layout.blockBytes(), block++) {
        lost[block % layout.stripes()] +=
            isSame(
                    damaged.getOrDefault(piece.file(), new byte[0]),
                    of(sound, piece.file()),
                    (int) at,
                    (int) Math.min(piece.to(), at + layout.blockBytes()))
                ? 0
                : 1;
      }
    }
    List<String> left =
        new String(
                damaged.getOrDefault(ParityEncoder.file(month), new byte[0]),
                StandardCharsets.ISO_8859_1)
            .lines()
            .toList();
    List<String> lines =
        new String(of(sound, ParityEncoder.file(month)), StandardCharsets.ISO_8859_1)
            .lines()
            .toList();
    boolean within = true;
    for (int stripe = 0; stripe < layout.stripes(); stripe++) {
      String own = stripe + "|";
      long rows =
          lines.stream()
              .filter(line -> line.startsWith("parity|" + own) && left.contains(line))
              .count();
      boolean known =
          lines.stream().anyMatch(line -> line.startsWith("blocks|" + own) && left.contains(line));
      within &= lost[stripe] == 0 || known && lost[stripe] <= rows;
    }
    return within;
  }

  private static boolean isSame(byte[] damaged, byte[] sound, int from, int to) {
    return damaged.length >= to && Arrays.equals(damaged, from, to, sound, from, to);
  }

  @Test
  void crashWhileAParityIsWritten_leavesNothingHalf_andTheNextSealIsTheSame() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveFixture fixture = new ArchiveFixture(disk, Seeds.random("ParityTest"));
    fixture.history(30, 20);
    Head head = Head.read(disk);
    String month = SealFile.month(head.atMicros());
    SimulatedDisk sealed = disk.copy();
    new MonthSealer(sealed).seal(month, head.seq(), head.logs());
    byte[] whole = of(ArchiveFixture.files(sealed), ParityEncoder.file(month));
    int crashes = 0;
    for (int operation = 1; ; operation++, crashes++) {
      SimulatedDisk crashing = disk.copy();
      crashing.crashAt(operation);
      try {
        new MonthSealer(crashing).seal(month, head.seq(), head.logs());
        break;
      } catch (SimulatedCrash e) {
        for (LossPattern pattern : LossPattern.values()) {
          SimulatedDisk after = crashing.restart(pattern, Seeds.random(operation));
          assertThat(
                  !after.exists(ParityEncoder.file(month))
                      || ParityEncoder.isWhole(after, ParityEncoder.file(month)))
              .as("crash at %s, %s", operation, pattern)
              .isTrue();
          new MonthSealer(after).seal(month, head.seq(), head.logs());
          assertThat(of(ArchiveFixture.files(after), ParityEncoder.file(month))).isEqualTo(whole);
          assertThat(ArchiveFixture.files(after)).containsKey(SealFile.file(month));
        }
      }
    }
    assertThat(crashes).isGreaterThan(5);
  }

  @Test
  void whatIsSealed_isNotSealedAgain_whenItsLogHasBeenDamagedSince() throws IOException {
    Map<String, byte[]> sound = ArchiveFixture.files(ArchiveFixture.tiny());
    String log = "users/2023_11_users.txt";
    SimulatedDisk disk = ArchiveFixture.tiny();
    disk.replace(
        log,
        new String(of(sound, log), StandardCharsets.UTF_8)
            .replace("Mary", "Nary")
            .getBytes(StandardCharsets.UTF_8));
    Head head = Head.read(disk);
    new MonthSealer(disk).seal("2023_11", 5, head.logs());
    disk.delete(ParityEncoder.file("2023_11"));
    new MonthSealer(disk).seal("2023_11", 5, head.logs());
    Map<String, byte[]> now = ArchiveFixture.files(disk);
    assertThat(of(now, SealFile.file("2023_11"))).isEqualTo(of(sound, SealFile.file("2023_11")));
    assertThat(now).doesNotContainKey(ParityEncoder.file("2023_11"));
  }
}
