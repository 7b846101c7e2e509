package org.thywill.archive.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.Quarantine;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * All ways in which a journal may end.
 *
 * <p>After the checkpoint, if there is one, it has six lines: transactions of two, one and three.
 * If bytes are missing that had been forced, that is damage, and nothing is changed. Bytes that had
 * never been forced are torn, and go to quarantine.
 */
@Tag("slow")
class JournalTailTest {
  private static final long JANUARY = Timestamps.parse("2024-01-15T10:30:00.000000Z");
  private static final long FEBRUARY = Timestamps.parse("2024-02-15T10:30:00.000000Z");
  private static final long MARCH = Timestamps.parse("2024-03-15T10:30:00.000000Z");

  private static int cases;

  /**
   * In which files the six lines are, and whether the last two transactions were forced together.
   */
  enum Layout {
    FIRST_FILE(0, JANUARY, false),
    FIRST_FILE_ONE_FORCE(0, JANUARY, true),
    BEHIND_THE_CHECKPOINT(2, JANUARY, false),
    BEHIND_THE_CHECKPOINT_ONE_FORCE(2, JANUARY, true),
    NEW_FILE(2, FEBRUARY, false),
    NEW_FILE_ONE_FORCE(2, FEBRUARY, true);

    final int before;
    final long at;
    final boolean oneForce;

    Layout(int before, long at, boolean oneForce) {
      this.before = before;
      this.at = at;
      this.oneForce = oneForce;
    }
  }

  private enum Expected {
    CLEAN,
    TORN,
    DAMAGED
  }

  @AfterAll
  static void sayHowMany() {
    Seeds.proved(9, cases, "ends of a journal");
  }

  /** An archive with its six lines, and what is needed to damage them. */
  private static final class Journal {
    final SimulatedDisk disk = new SimulatedDisk();
    final ArchiveIdentity identity = new ArchiveIdentity("c0ffee", JANUARY);
    final int before;
    final String file;
    final byte[] bytes;
    final int start;
    final int[] offsets = new int[7];

    Journal(Layout layout) throws IOException {
      before = layout.before;
      ArchiveWriter.create(disk, identity);
      try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
        if (before > 0) {
          archive.append(transactions(archive, JANUARY, before));
          archive.checkpoint(Digest.empty(), PageLocator.UNKNOWN);
        }
        archive.append(transactions(archive, layout.at, 2));
        if (layout.oneForce) {
          archive.append(transactions(archive, layout.at, 1, 3));
        } else {
          archive.append(transactions(archive, layout.at, 1));
          archive.append(transactions(archive, layout.at, 3));
        }
      }
      file = JournalFile.list(disk).getLast();
      bytes = disk.readAll(file);
      int offset = bytes.length;
      for (int line = 6; line >= 0; line--) {
        offsets[line] = offset;
        for (offset--; offset > 0 && bytes[offset - 1] != '\n'; ) {
          offset--;
        }
      }
      start = offsets[0];
    }

    Head head() throws IOException {
      return Head.read(disk);
    }

    boolean isNewFile() throws IOException {
      return !head().journal().equals(file);
    }

    byte[] line(int n) {
      return Arrays.copyOfRange(bytes, offsets[n], offsets[n + 1]);
    }

    Change change(int n) throws MalformedLineException {
      return new LineCodec().decodeJournal(bytes, offsets[n], offsets[n + 1] - 1);
    }

    /** How many lines belong to whole transactions if only the first lines are there. */
    static int whole(int lines) {
      if (lines >= 6) {
        return 6;
      }
      if (lines >= 3) {
        return 3;
      }
      return lines >= 2 ? 2 : 0;
    }

    SimulatedDisk with(byte[] content) throws IOException {
      return with(file, content);
    }

    SimulatedDisk with(String name, byte[] content) throws IOException {
      SimulatedDisk copy = disk.copy();
      copy.replace(name, content);
      return copy;
    }
  }

  private static List<Change> transactions(ArchiveWriter archive, long at, int... sizes) {
    List<Change> changes = new ArrayList<>();
    long first = archive.lastSeq() + 1;
    for (int size : sizes) {
      Change.TransactionInfo stamp =
          new Change.TransactionInfo(
              first,
              first + size - 1,
              archive.lastSeq(),
              at,
              Change.Cause.by("mary").because("be | cause\n"));
      for (int i = 0; i < size; i++, first++) {
        Row row =
            Row.in(Catalog.FEATURE_FLAGS)
                .set(Catalog.FeatureFlags.NAME, "flag " + first)
                .set(Catalog.FeatureFlags.ENABLED, true)
                .set(Catalog.FeatureFlags.DETAILS, "Zeile für Zeile")
                .build();
        changes.add(new Change(Operation.ADDED, row, first, stamp));
      }
    }
    return changes;
  }

  @ParameterizedTest
  @EnumSource
  void nothingAfterTheLastLine_isClean(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    expect(journal, journal.disk.copy(), Expected.CLEAN, 6, List.of());
  }

  @ParameterizedTest
  @EnumSource
  void cutAtAnyByte_isTorn_orCleanBetweenTransactions(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    for (int end = journal.isNewFile() ? 0 : journal.start; end < journal.bytes.length; end++) {
      int cut = end;
      int lines =
          (int) Arrays.stream(journal.offsets).skip(1).filter(offset -> offset <= cut).count();
      int whole = Journal.whole(lines);
      boolean clean = end == journal.offsets[whole];
      int from = end < journal.start ? 0 : journal.offsets[whole];
      byte[] left = Arrays.copyOf(journal.bytes, end);
      expect(
          journal,
          journal.with(left),
          clean ? Expected.CLEAN : Expected.TORN,
          whole,
          clean ? List.of() : List.of(Arrays.copyOfRange(left, from, end)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void zerosOrGarbageAfterTheLastLine_areTorn(Layout layout) throws IOException {
    RandomGenerator random = Seeds.random("JournalTailTest.garbage");
    Journal journal = new Journal(layout);
    for (int length : new int[] {1, 2, 10, 511, 512, 700}) {
      byte[] garbage = new byte[length];
      expect(
          journal,
          journal.with(joined(journal.bytes, garbage)),
          Expected.TORN,
          6,
          List.of(garbage));
      for (int draw = 0; draw < 20; draw++) {
        random.nextBytes(garbage);
        expect(
            journal,
            journal.with(joined(journal.bytes, garbage)),
            Expected.TORN,
            6,
            List.of(garbage));
        byte[] terminated = joined(garbage, new byte[] {'\n'});
        expect(
            journal,
            journal.with(joined(journal.bytes, terminated)),
            Expected.TORN,
            6,
            List.of(terminated));
      }
    }
  }

  /**
   * A hole is damage if a later line shows that everything up to the hole had been forced before.
   */
  @ParameterizedTest
  @EnumSource
  void aLineDestroyed_isDamageIfALaterOneShowsThatItWasSafe_andTornOtherwise(Layout layout)
      throws IOException, MalformedLineException {
    Journal journal = new Journal(layout);
    for (int line = 0; line < 6; line++) {
      for (int at = journal.offsets[line]; at < journal.offsets[line + 1]; at++) {
        byte[] flipped = journal.bytes.clone();
        flipped[at] ^= 1;
        boolean merged = at == journal.offsets[line + 1] - 1;
        expectHole(journal, line, merged ? line + 2 : line + 1, flipped);
      }
      byte[] zeroed = journal.bytes.clone();
      Arrays.fill(zeroed, journal.offsets[line], journal.offsets[line + 1], (byte) 0);
      expectHole(journal, line, line + 2, zeroed);
    }
  }

  private void expectHole(Journal journal, int line, int firstGoodAfter, byte[] content)
      throws IOException, MalformedLineException {
    boolean isShownSafe = false;
    for (int later = firstGoodAfter; later < 6; later++) {
      isShownSafe |= journal.change(later).stamp().durableSeq() >= journal.change(line).seq();
    }
    int whole = Journal.whole(line);
    byte[] torn = Arrays.copyOfRange(content, journal.offsets[whole], content.length);
    expect(
        journal,
        journal.with(content),
        isShownSafe ? Expected.DAMAGED : Expected.TORN,
        whole,
        isShownSafe ? List.of() : List.of(torn));
  }

  @ParameterizedTest
  @EnumSource
  void aLineMissing_doubled_orOutOfPlace_isDamage(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    for (int line = 0; line < 6; line++) {
      byte[] above = Arrays.copyOf(journal.bytes, journal.offsets[line]);
      byte[] below =
          Arrays.copyOfRange(journal.bytes, journal.offsets[line + 1], journal.bytes.length);
      expect(
          journal,
          journal.with(joined(above, journal.line(line), journal.line(line), below)),
          Expected.DAMAGED,
          -1,
          List.of());
      if (line < 5) {
        expect(journal, journal.with(joined(above, below)), Expected.DAMAGED, -1, List.of());
        byte[] rest =
            Arrays.copyOfRange(journal.bytes, journal.offsets[line + 2], journal.bytes.length);
        expect(
            journal,
            journal.with(joined(above, journal.line(line + 1), journal.line(line), rest)),
            Expected.DAMAGED,
            -1,
            List.of());
      }
    }
    // Without its last transaction, a journal is as before that was written.
    expect(
        journal,
        journal.with(Arrays.copyOf(journal.bytes, journal.offsets[3])),
        Expected.CLEAN,
        3,
        List.of());
  }

  @ParameterizedTest
  @EnumSource
  void aNextFileWithAnUnfinishedHeader_isTornAsAWhole(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    String next = JournalFile.name(MARCH, journal.before + 7L);
    byte[] header = Header.ofJournal("c0ffee", next);
    for (int end = 0; end < header.length; end++) {
      byte[] left = Arrays.copyOf(header, end);
      expect(journal, journal.with(next, left), Expected.TORN, 6, List.of(left));
      byte[] zeroed = Arrays.copyOf(left, header.length);
      expect(journal, journal.with(next, zeroed), Expected.TORN, 6, List.of(zeroed));
    }
    expect(journal, journal.with(next, header), Expected.CLEAN, 6, List.of());
  }

  @ParameterizedTest
  @EnumSource
  void aNextFileThatGoesOn_showsWhatHadBeenSafe(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    SimulatedDisk longer = journal.disk.copy();
    try (ArchiveWriter archive = ArchiveWriter.open(longer, 0)) {
      archive.append(transactions(archive, MARCH, 1));
      archive.append(transactions(archive, MARCH, 2));
    }
    String next = JournalFile.list(longer).getLast();
    byte[] bytes = longer.readAll(next);
    int header = Header.ofJournal("c0ffee", next).length;
    int second = header;
    while (bytes[second++] != '\n') {}
    // An unfinished header before one transaction that was never forced, and before a second one
    // that
    // shows that the first was forced.
    byte[] spoilt = bytes.clone();
    spoilt[3] ^= 1;
    byte[] first = Arrays.copyOf(spoilt, second);
    expect(journal, journal.with(next, first), Expected.TORN, 6, List.of(first));
    expect(journal, journal.with(next, spoilt), Expected.DAMAGED, 6, List.of());
    // The second one is where a line of the header should be.
    for (int end = 0; end < header; end++) {
      if (end == 0 || bytes[end - 1] == '\n') {
        byte[] swapped = Arrays.copyOf(bytes, second + end - header + bytes.length - second);
        System.arraycopy(bytes, second, swapped, end, bytes.length - second);
        System.arraycopy(bytes, header, swapped, end + bytes.length - second, second - header);
        expect(journal, journal.with(next, swapped), Expected.DAMAGED, 6, List.of());
      }
    }
    // The file before has lost its end, or a byte. The next one was begun when all of it was safe.
    SimulatedDisk shorter = longer.copy();
    shorter.replace(journal.file, Arrays.copyOf(journal.bytes, journal.bytes.length - 1));
    expect(journal, shorter, Expected.DAMAGED, 3, List.of());
    SimulatedDisk without = longer.copy();
    without.replace(journal.file, Arrays.copyOf(journal.bytes, journal.offsets[3]));
    expect(journal, without, Expected.DAMAGED, 3, List.of());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheCheckpointCovers_missing_isDamage(Layout layout) throws IOException {
    Journal journal = new Journal(layout);
    if (journal.before == 0) {
      return;
    }
    String covered = journal.head().journal();
    SimulatedDisk without = journal.disk.copy();
    without.delete(covered);
    expect(journal, without, Expected.DAMAGED, -1, List.of());
    for (int end = 0; end < journal.head().journalExtent().bytes(); end += 7) {
      expect(
          journal,
          journal.with(covered, Arrays.copyOf(journal.disk.readAll(covered), end)),
          Expected.DAMAGED,
          -1,
          List.of());
    }
  }

  /**
   * An unfinished checkpoint had copied lines to the logs, so they had been safe in the journal.
   */
  @ParameterizedTest
  @EnumSource
  void aLogWithMoreThanTheJournal_showsThatTheJournalLostSomething(Layout layout)
      throws IOException {
    Journal journal = new Journal(layout);
    String log = Catalog.FEATURE_FLAGS.logLocation().file(layout.at);
    byte[] covered =
        journal.disk.exists(log)
            ? journal.disk.readAll(log)
            : Header.ofLog("c0ffee", Catalog.FEATURE_FLAGS, log);
    byte[] line = journal.line(5);
    byte[] tail =
        Arrays.copyOfRange(line, LineCodec.prefixLength(Catalog.FEATURE_FLAGS), line.length);
    SimulatedDisk whole = journal.with(log, joined(covered, tail));
    ArchiveWriter.open(whole.copy(), 0).close();
    whole.replace(journal.file, Arrays.copyOf(journal.bytes, journal.offsets[3]));
    assertThatThrownBy(() -> ArchiveWriter.open(whole, 0))
        .isInstanceOf(DamagedArchiveException.class)
        .hasMessageContaining("known to have been safe");
    SimulatedDisk torn = journal.with(log, joined(covered, Arrays.copyOf(tail, tail.length - 1)));
    torn.replace(journal.file, Arrays.copyOf(journal.bytes, journal.offsets[3]));
    ArchiveWriter.open(torn, 0).close();
    cases += 3;
  }

  /**
   * Checks the result for a journal: of the tail, for every seq that may be known from elsewhere,
   * and of a writer that opens the archive.
   *
   * @param kept how many of the six lines count; -1 for any number
   * @param torn what must go to quarantine
   */
  private void expect(
      Journal journal, SimulatedDisk disk, Expected expected, int kept, List<byte[]> torn)
      throws IOException {
    cases++;
    Head head = Head.read(disk);
    JournalTail tail = JournalTail.read(disk, journal.identity, head, 0);
    assertThat(state(tail)).as(() -> tail.state().toString()).isEqualTo(expected);
    if (expected != Expected.DAMAGED) {
      assertThat(tail.lines()).hasSize(kept);
      for (int n = 0; n < kept; n++) {
        assertThat(tail.lines().get(n).bytes()).isEqualTo(journal.line(n));
      }
    }
    for (long known = 0; known <= journal.before + 7L; known++) {
      Expected withKnown =
          expected != Expected.DAMAGED && known > journal.before + kept
              ? Expected.DAMAGED
              : expected;
      assertThat(state(JournalTail.read(disk, journal.identity, head, known)))
          .as("known " + known)
          .isEqualTo(withKnown);
      if (withKnown == Expected.DAMAGED) {
        refusesAndTouchesNothing(disk, known);
      }
    }
    if (expected != Expected.DAMAGED) {
      opensAndSetsAside(journal, disk, kept, torn);
    }
  }

  private static Expected state(JournalTail tail) {
    return switch (tail.state()) {
      case JournalTail.State.Clean() -> Expected.CLEAN;
      case JournalTail.State.Torn torn -> Expected.TORN;
      case JournalTail.State.Damaged damaged -> Expected.DAMAGED;
    };
  }

  private static void refusesAndTouchesNothing(SimulatedDisk disk, long known) throws IOException {
    Map<String, String> before = everything(disk);
    assertThatThrownBy(() -> ArchiveWriter.open(disk, known))
        .isInstanceOf(DamagedArchiveException.class);
    assertThatThrownBy(() -> ArchiveReader.open(disk, known))
        .isInstanceOf(DamagedArchiveException.class);
    assertThat(everything(disk)).isEqualTo(before);
  }

  private static void opensAndSetsAside(
      Journal journal, SimulatedDisk disk, int kept, List<byte[]> torn) throws IOException {
    try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
      assertThat(archive.pendingCount()).isEqualTo(kept);
      assertThat(archive.lastSeq()).isEqualTo(journal.before + (long) kept);
      assertThat(archive.findings())
          .extracting(Finding::code)
          .isEqualTo(torn.isEmpty() ? List.of() : List.of("journal-torn"));
    }
    List<String> aside = disk.list(Quarantine.FOLDER);
    assertThat(aside).hasSize(torn.size());
    for (int i = 0; i < torn.size(); i++) {
      assertThat(disk.readAll(aside.get(i))).isEqualTo(torn.get(i));
    }
    JournalTail again =
        JournalTail.read(disk, journal.identity, Head.read(disk), journal.before + (long) kept);
    assertThat(state(again)).isEqualTo(Expected.CLEAN);
    assertThat(again.lines()).hasSize(kept);
    try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
      assertThat(archive.findings()).isEmpty();
      archive.append(transactions(archive, MARCH, 2));
    }
    assertThat(JournalTail.read(disk, journal.identity, Head.read(disk), 0).lines())
        .hasSize(kept + 2);
  }

  private static Map<String, String> everything(Disk disk) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String file : disk.list("")) {
      files.put(file, HexFormat.of().formatHex(disk.readAll(file)));
    }
    return files;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
