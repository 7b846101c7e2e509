package org.thywill.archive.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.Obstacle;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.HistoryHash;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.LostChange;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.SimulatedDisk;

/** A minimal archive for each code of a finding, from which docs/FINDINGS.md is made. */
public final class FindingExamples {
  private static final String USERS = "users/2023_11_users.txt";
  private static final String FLAGS = "system/2023_11_feature_flags.txt";
  private static final String MARKS = "prayers/marks/2023_11_marks.txt";
  private static final String JOURNAL = "journal/2023_11_000000000001.txt";
  private static final String LAST_JOURNAL = "journal/2023_12_000000000006.txt";
  private static final String PAGE = "prayers/2023/11/2023_11_20_prayer_at_1000_p1.txt";
  private static final String SNAPSHOT = "system/feature_flags.txt";
  private static final String SEAL = "seals/2023_11.txt";
  private static final String PARITY = "seals/2023_11_parity.txt";
  private static final long NOON = ArchiveFixture.micros("2023-11-20T12:00:00Z");
  private static final long HOUR = 3_600_000_000L;

  private final List<Example> examples = new ArrayList<>();
  private final Map<String, byte[]> tiny;
  private final Map<String, byte[]> open;

  /** What {@code repair-archives} does about a finding. */
  public enum Remedy {
    /** It restores the archive exactly. */
    RESTORED,
    /** It changes nothing, since only a copy of the archive may have the lost bytes. */
    STAYS,
    /** There is nothing to restore. */
    NONE
  }

  /** Finds something in an archive. */
  public interface Look {
    List<Finding> at(Disk disk) throws IOException;
  }

  /**
   * An archive that has a finding.
   *
   * @param meaning of the code
   * @param done what was done to a sound archive
   */
  public record Example(
      String code,
      String meaning,
      String done,
      String file,
      long line,
      Remedy remedy,
      Map<String, byte[]> files,
      Look look) {
    @Override
    public String toString() {
      return code;
    }
  }

  private FindingExamples() throws IOException {
    tiny = ArchiveFixture.files(ArchiveFixture.tiny());
    open = open();
    control();
    lostControl();
    logs();
    rows();
    digest();
    journal();
    pages();
    snapshotsAndSeals();
    parity();
    files();
    semantics();
  }

  /** An example of each code. */
  public static List<Example> all() throws IOException {
    return new FindingExamples().examples;
  }

  /** A community whose last changes are only in the journal. */
  private static Map<String, byte[]> open() throws IOException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      Row mark =
          Row.in(Catalog.MARKS)
              .set(Catalog.Marks.ID, "m2")
              .set(Catalog.Marks.PRAYER, "p1")
              .set(Catalog.Marks.MEMBER, "mary")
              .set(Catalog.Marks.CREATED_AT, NOON)
              .build();
      Row flag =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "o")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      long at = ArchiveFixture.micros("2023-12-02T00:00:00Z");
      Change.TransactionInfo stamp =
          new Change.TransactionInfo(7, 8, 6, at, Change.Cause.by("mary"));
      writer.append(
          List.of(
              new Change(Operation.ADDED, mark, 7, stamp),
              new Change(Operation.ADDED, flag, 8, stamp)));
    }
    return ArchiveFixture.files(disk);
  }

  private static List<Finding> check(Disk disk) throws IOException {
    return ArchiveFixture.check(disk).findings();
  }

  private void add(
      String code,
      String meaning,
      String done,
      String file,
      long line,
      Remedy remedy,
      Map<String, byte[]> files) {
    examples.add(
        new Example(code, meaning, done, file, line, remedy, files, FindingExamples::check));
  }

  private byte[] bytes(String file) {
    return Objects.requireNonNull(tiny.get(file), file);
  }

  private Map<String, byte[]> with(String file, byte[] content) {
    return ArchiveFixture.with(tiny, file, content);
  }

  private Map<String, byte[]> with(String file, String from, String to) {
    return with(
        file,
        new String(bytes(file), StandardCharsets.UTF_8)
            .replace(from, to)
            .getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, byte[]> without(String file) {
    Map<String, byte[]> files = new TreeMap<>(tiny);
    files.remove(file);
    return files;
  }

  /** Lines of a file in another order, or fewer, or some twice; counted from 0. */
  private Map<String, byte[]> lines(String file, int... order) {
    List<byte[]> lines = FileDamage.lines(bytes(file));
    List<byte[]> now = new ArrayList<>(lines.subList(0, Header.LINES));
    for (int i : order) {
      now.add(lines.get(Header.LINES + i));
    }
    return with(file, FileDamage.joined(now));
  }

  private void control() throws IOException {
    add(
        "control-damaged",
        "One of the two copies of `archive.txt` or `journal/head.txt` is missing, or is not as it"
            + " was written.",
        "a letter of `archive.txt` changed",
        "archive.txt",
        0,
        Remedy.RESTORED,
        with("archive.txt", "format|", "f0rmat|"));
    add(
        "control-differs",
        "The two copies are sound, and say something else; of the head, the one with the higher seq"
            + " counts.",
        "`journal/head.copy.txt` replaced by an older one",
        "journal/head.copy.txt",
        2,
        Remedy.RESTORED,
        with("journal/head.copy.txt", olderHead()));
    byte[] otherHistory =
        ControlFile.content(
            Head.parse(ControlFile.lines(bytes("journal/head.txt")).orElseThrow())
                .withHistory(HistoryHash.START)
                .content());
    add(
        "history-differs",
        "Every file is as it must be by itself, but the changes do not have the running hash that"
            + " the head records.",
        "another running hash written to both copies of the head, with their checks",
        "journal/head.txt",
        0,
        Remedy.STAYS,
        ArchiveFixture.with(
            with("journal/head.txt", otherHistory), "journal/head.copy.txt", otherHistory));
    examples.add(
        new Example(
            "control-mended",
            "A copy of a control file was missing, damaged or older, and was written again when the"
                + " archive was opened.",
            "`archive.copy.txt` deleted, and the archive opened",
            "archive.copy.txt",
            0,
            Remedy.NONE,
            without("archive.copy.txt"),
            disk -> {
              SimulatedDisk changeable = new SimulatedDisk();
              for (Map.Entry<String, byte[]> file : ArchiveFixture.files(disk).entrySet()) {
                changeable.replace(file.getKey(), file.getValue());
              }
              try (ArchiveWriter writer = ArchiveWriter.open(changeable, 0)) {
                return writer.findings();
              }
            }));
  }

  private void lostControl() {
    add(
        "control-foreign",
        "A copy of `archive.txt` names another community than the files of the archive, or a head"
            + " describes other logs.",
        "`archive.txt` replaced by that of another community",
        "archive.txt",
        0,
        Remedy.RESTORED,
        with("archive.txt", ControlFile.content(new ArchiveIdentity("0ther", NOON).content())));
    Map<String, byte[]> unnamed = without("archive.txt");
    unnamed.remove("archive.copy.txt");
    add(
        "identity-derived",
        "No copy of `archive.txt` can be read; the headers of the other files say which community"
            + " it is.",
        "`archive.txt` and its copy deleted",
        "archive.txt",
        0,
        Remedy.RESTORED,
        unnamed);
    Map<String, byte[]> headless = without("journal/head.txt");
    headless.remove("journal/head.copy.txt");
    add(
        "head-derived",
        "No copy of the head can be read; it was made from the logs. What came after their last"
            + " change, if anything, is not known.",
        "`journal/head.txt` and its copy deleted",
        "journal/head.txt",
        0,
        Remedy.RESTORED,
        headless);
  }

  /** The notes of a start that restores missing files. */
  private static List<Finding> started(Disk disk) throws IOException {
    SimulatedDisk changeable = new SimulatedDisk();
    for (Map.Entry<String, byte[]> file : ArchiveFixture.files(disk).entrySet()) {
      changeable.replace(file.getKey(), file.getValue());
    }
    try (ArchiveWriter writer = ArchiveWriter.open(changeable, 0)) {
      return writer.restoreMissing(each -> each.prayer("p1", NOON - 2 * HOUR));
    }
  }

  private byte[] olderHead() throws IOException {
    Head now = Head.parse(ControlFile.lines(bytes("journal/head.txt")).orElseThrow());
    Map<String, Head.Extent> logs = new TreeMap<>(now.logs());
    logs.computeIfPresent(
        USERS, (log, extent) -> new Head.Extent(extent.lines() - 1, extent.bytes()));
    return ControlFile.content(
        new Head(5, NOON - HOUR, JOURNAL, now.journalExtent(), Digest.empty(), logs, null)
            .content());
  }

  private void logs() {
    add(
        "header-damaged",
        "The first five lines of a log or a journal file are not those that it must have.",
        "a letter in the header of a log changed",
        USERS,
        1,
        Remedy.RESTORED,
        with(USERS, "# ThyWill", "# ThyWi11"));
    add(
        "line-damaged",
        "A line of a log is not as it was written.",
        "a letter of a name changed",
        USERS,
        6,
        Remedy.RESTORED,
        with(USERS, "Mary", "Nary"));
    add(
        "log-missing",
        "A log that the head names is not there.",
        "a log deleted",
        USERS,
        0,
        Remedy.RESTORED,
        without(USERS));
    add(
        "log-short",
        "A log has fewer lines or bytes than the head says.",
        "the last line of a log deleted",
        FLAGS,
        0,
        Remedy.RESTORED,
        lines(FLAGS, 0));
    add(
        "log-long",
        "A log has more than the head and the journal say.",
        "a word added at the end of a log",
        USERS,
        7,
        Remedy.RESTORED,
        with(
            USERS,
            (new String(bytes(USERS), StandardCharsets.UTF_8) + "word")
                .getBytes(StandardCharsets.UTF_8)));
    add(
        "log-unexpected",
        "There is a log that the head does not name.",
        "a log copied to the name of another month",
        "users/2031_01_users.txt",
        0,
        Remedy.RESTORED,
        ArchiveFixture.with(tiny, "users/2031_01_users.txt", bytes(USERS)));
    Map<String, byte[]> copied = new TreeMap<>(open);
    byte[] flags = Header.ofLog("c0ffee", Catalog.MARKS, "prayers/marks/2023_12_marks.txt");
    copied.put("prayers/marks/2023_12_marks.txt", flags);
    add(
        "log-ahead",
        "A checkpoint was stopped while it copied from the journal; the next start does it again.",
        "the machine stopped in the middle of a checkpoint",
        "prayers/marks/2023_12_marks.txt",
        0,
        Remedy.NONE,
        copied);
    add(
        "seq-order",
        "The numbers of the changes in a log do not rise.",
        "two lines of a log swapped",
        FLAGS,
        7,
        Remedy.RESTORED,
        lines(FLAGS, 1, 0));
    add(
        "seq-doubled",
        "Two lines of the logs have the same number.",
        "a line of a log doubled",
        FLAGS,
        6,
        Remedy.RESTORED,
        lines(FLAGS, 0, 0, 1));
    add(
        "seq-gap",
        "A number is in no log.",
        "the only line of a log deleted",
        MARKS,
        0,
        Remedy.RESTORED,
        lines(MARKS));
    add(
        "wrong-period",
        "A line is in the file of another month.",
        "the month in a line changed, and its check made right",
        MARKS,
        6,
        Remedy.RESTORED,
        ArchiveFixture.rewritten(tiny, MARKS, Catalog.MARKS, "2023-11-20", "2023-12-20"));
    add(
        "time-backwards",
        "A change is of an earlier time than the one before it.",
        "the time in a line changed, and its check made right",
        MARKS,
        6,
        Remedy.RESTORED,
        ArchiveFixture.rewritten(tiny, MARKS, Catalog.MARKS, "T11:00", "T09:00"));
    add(
        "transaction-cut",
        "A transaction is not whole.",
        "the bounds of a transaction changed in one of its lines, and the check made right",
        FLAGS,
        7,
        Remedy.RESTORED,
        ArchiveFixture.rewritten(tiny, MARKS, Catalog.MARKS, "|4-5|", "|4-4|"));
    Map<String, byte[]> both = with(USERS, "Mary", "Nary");
    both.put(
        JOURNAL,
        new String(bytes(JOURNAL), StandardCharsets.UTF_8)
            .replace("Mary", "Nary")
            .getBytes(StandardCharsets.UTF_8));
    examples.add(
        new Example(
            "log-lost",
            "`recover` found a log damaged, and the journal does not have all of its lines either.",
            "the same line damaged in a log and in the journal",
            USERS,
            0,
            Remedy.RESTORED,
            both,
            FindingExamples::rebuilt));
  }

  private static List<Finding> rebuilt(Disk disk) throws IOException {
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        reader.forEach(Catalog.MEMBERS, new BitSet(), change -> true);
      } catch (DamagedArchiveException e) {
        if (attempt == 1) {
          return List.of(e.finding());
        }
        reader.readFromJournal(e);
      }
    }
    return List.of();
  }

  private void rows() throws IOException {
    Row mark =
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.ID, "m")
            .set(Catalog.Marks.PRAYER, "p1")
            .set(Catalog.Marks.MEMBER, "mary")
            .set(Catalog.Marks.CREATED_AT, NOON)
            .build();
    add(
        "row-added-twice",
        "A row was added that was there already. `accept-gap` with the number of the change writes"
            + " it as what it amounts to.",
        "a row added twice",
        "prayers/marks/2023_12_marks.txt",
        6,
        Remedy.STAYS,
        after(Operation.ADDED, mark));
    add(
        "row-absent",
        "A row was changed or removed that was not there. `accept-gap` with the number of the"
            + " change writes it as what it amounts to.",
        "a row changed that was never added",
        "prayers/marks/2023_12_marks.txt",
        6,
        Remedy.STAYS,
        after(Operation.CHANGED, mark.with(Values.of(Catalog.Marks.ID, "m9"))));
    add(
        "rows-differ",
        "The head gives another number of rows than the logs lead to.",
        "a head written with the digest of nothing",
        "journal/head.txt",
        0,
        Remedy.STAYS,
        after(Operation.ADDED, mark.with(Values.of(Catalog.Marks.ID, "m9"))));
  }

  private void digest() throws IOException {
    Head now = Head.parse(ControlFile.lines(bytes("journal/head.txt")).orElseThrow());
    Map<String, Digest.Entry> tables = new TreeMap<>(now.digest().tables());
    Digest.Entry flags = Objects.requireNonNull(tables.get(Catalog.FEATURE_FLAGS.name()));
    tables.put(
        Catalog.FEATURE_FLAGS.name(),
        new Digest.Entry(flags.rows(), flags.hex().replaceAll("[0-7]", "8")));
    byte[] other = ControlFile.content(now.with(new Digest(tables)).content());
    Map<String, byte[]> files = with("journal/head.txt", other);
    files.put("journal/head.copy.txt", other);
    add(
        "digest-differs",
        "The head records another digest than that of the rows, although every line is sound by"
            + " itself. `recover` builds the database all the same, and reports this.",
        "the digest of a table changed in both copies of the head, and their checks made right",
        "journal/head.txt",
        0,
        Remedy.STAYS,
        files);
  }

  /** The tiny community with one more change, and a head that has no rows. */
  private static Map<String, byte[]> after(Operation operation, Row row) throws IOException {
    SimulatedDisk disk = ArchiveFixture.tiny();
    ArchiveFixture fixture = new ArchiveFixture(disk, RandomGenerator.getDefault());
    try (ArchiveWriter writer = fixture.open()) {
      fixture.waitUntil(ArchiveFixture.micros("2023-12-02T00:00:00Z"));
      fixture.append(writer, List.of(Map.entry(operation, row)), Change.Cause.by("mary"));
      writer.checkpoint(Digest.empty(), PageLocator.UNKNOWN);
    }
    return ArchiveFixture.files(disk);
  }

  private void journal() throws IOException {
    add(
        "journal-damaged",
        "A line of the journal is not as it was written.",
        "a letter of a name changed in the journal",
        JOURNAL,
        6,
        Remedy.RESTORED,
        with(JOURNAL, "Mary", "Nary"));
    add(
        "journal-missing",
        "A file of the journal is not there.",
        "a journal file deleted",
        JOURNAL,
        0,
        Remedy.RESTORED,
        without(JOURNAL));
    add(
        "journal-short",
        "A journal file ends too early.",
        "the last line of a journal file deleted",
        JOURNAL,
        0,
        Remedy.RESTORED,
        lines(JOURNAL, 0, 1, 2, 3));
    add(
        "journal-gap",
        "A number is missing in the journal.",
        "a line of the journal deleted",
        JOURNAL,
        7,
        Remedy.RESTORED,
        lines(JOURNAL, 0, 2, 3, 4));
    add(
        "journal-order",
        "The lines of the journal are not in the order of their numbers.",
        "a line of the journal doubled",
        JOURNAL,
        7,
        Remedy.RESTORED,
        lines(JOURNAL, 0, 0, 1, 2, 3, 4));
    add(
        "journal-long",
        "The journal has more up to the checkpoint than the head says.",
        "the last line of the journal doubled",
        LAST_JOURNAL,
        0,
        Remedy.RESTORED,
        lines(LAST_JOURNAL, 0, 0));
    add(
        "journal-differs",
        "The journal and a log have different lines for one change, each sound by itself. The seal"
            + " of the month decides, if it has one.",
        "a name in a log changed, and its check made right",
        JOURNAL,
        6,
        Remedy.RESTORED,
        ArchiveFixture.rewritten(tiny, USERS, Catalog.MEMBERS, "Mary", "Nary"));
    add(
        "journal-torn",
        "The journal ends in bytes that were never acknowledged, as after a loss of power; the next"
            + " start sets them aside.",
        "half a line added at the end of the journal",
        LAST_JOURNAL,
        7,
        Remedy.NONE,
        with(
            LAST_JOURNAL,
            (new String(bytes(LAST_JOURNAL), StandardCharsets.UTF_8) + "marks|2023")
                .getBytes(StandardCharsets.UTF_8)));
    Map<String, byte[]> differing = new TreeMap<>(open);
    String marks = "prayers/marks/2023_12_marks.txt";
    Row mark =
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.ID, "m3")
            .set(Catalog.Marks.PRAYER, "p1")
            .set(Catalog.Marks.MEMBER, "mary")
            .set(Catalog.Marks.CREATED_AT, NOON)
            .build();
    Line other =
        Line.encode(
            new Change(
                Operation.ADDED,
                mark,
                7,
                new Change.TransactionInfo(
                    7,
                    8,
                    6,
                    ArchiveFixture.micros("2023-12-02T00:00:00Z"),
                    Change.Cause.by("mary"))),
            new LineCodec(),
            new LineBuffer());
    LineBuffer log = new LineBuffer();
    byte[] header = Header.ofLog("c0ffee", Catalog.MARKS, MARKS);
    log.put(header, 0, header.length);
    byte[] first = FileDamage.lines(bytes(MARKS)).get(Header.LINES);
    log.put(first, 0, first.length);
    log.put(other.bytes(), other.logStart(), other.bytes().length - other.logStart());
    differing.put(MARKS, log.copy(0));
    differing.remove(marks);
    add(
        "log-differs",
        "After the checkpoint, a log has another line for a change than the journal.",
        "a line that the journal has otherwise added to a log",
        MARKS,
        7,
        Remedy.RESTORED,
        differing);
  }

  private void pages() throws IOException {
    List<Line> lines;
    try {
      lines = PrayerPageFile.lines(bytes(PAGE), new LineCodec());
    } catch (MalformedLineException e) {
      throw new IOException(e);
    }
    add(
        "page-damaged",
        "A page is not as it was written.",
        "a word of a prayer changed on its page",
        PAGE,
        4,
        Remedy.RESTORED,
        with(PAGE, "Für Tom\\u{2028}🙏\n", "Für Tim\\u{2028}🙏\n"));
    add(
        "page-missing",
        "A prayer has no page.",
        "a page deleted",
        PAGE,
        0,
        Remedy.RESTORED,
        without(PAGE));
    add(
        "page-differs",
        "A page is sound by itself, and not what the logs lead to.",
        "a page replaced by an older one",
        PAGE,
        0,
        Remedy.RESTORED,
        with(PAGE, PrayerPageFile.render(lines.subList(0, 1))));
    add(
        "page-unexpected",
        "A page has another name than its own.",
        "a page copied to another name",
        PAGE.replace("_p1", "_p2"),
        0,
        Remedy.RESTORED,
        ArchiveFixture.with(tiny, PAGE.replace("_p1", "_p2"), bytes(PAGE)));
    List<Line> more = new ArrayList<>(lines);
    Row mark =
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.ID, "m3")
            .set(Catalog.Marks.PRAYER, "p1")
            .set(Catalog.Marks.MEMBER, "mary")
            .set(Catalog.Marks.CREATED_AT, NOON)
            .build();
    more.add(
        Line.encode(
            new Change(
                Operation.ADDED,
                mark,
                99,
                new Change.TransactionInfo(99, 99, 98, NOON, Change.Cause.by("mary"))),
            new LineCodec(),
            new LineBuffer()));
    add(
        "page-ahead",
        "A page has a change that is after the end of the journal: the journal may have lost its"
            + " end.",
        "a page of a later time put in its place",
        PAGE,
        0,
        Remedy.STAYS,
        with(PAGE, PrayerPageFile.render(more)));
    add(
        "page-unfinished",
        "A checkpoint was stopped while it wrote a page; the next one writes it again.",
        "the machine stopped in the middle of a checkpoint",
        PAGE,
        0,
        Remedy.NONE,
        ArchiveFixture.with(open, PAGE, Arrays.copyOf(bytes(PAGE), 40)));
  }

  private void snapshotsAndSeals() throws IOException {
    Snapshots snapshots =
        new Snapshots(
            new ArchiveFixture.Fixed(tiny),
            new ArchiveIdentity("c0ffee", 0),
            Head.read(new ArchiveFixture.Fixed(tiny)));
    add(
        "snapshot-damaged",
        "A snapshot is not as it was written.",
        "a value in a snapshot changed",
        SNAPSHOT,
        6,
        Remedy.RESTORED,
        with(SNAPSHOT, "n|no", "n|yes"));
    examples.add(
        new Example(
            "page-made",
            "A page was missing, and was made again at the start.",
            "a page deleted, and the ledger opened",
            PAGE,
            0,
            Remedy.NONE,
            without(PAGE),
            FindingExamples::started));
    examples.add(
        new Example(
            "snapshot-made",
            "A snapshot was missing, and was made again at the start.",
            "a snapshot deleted, and the ledger opened",
            SNAPSHOT,
            0,
            Remedy.NONE,
            without(SNAPSHOT),
            FindingExamples::started));
    add(
        "snapshot-missing",
        "A snapshot is not there.",
        "a snapshot deleted",
        SNAPSHOT,
        0,
        Remedy.RESTORED,
        without(SNAPSHOT));
    add(
        "snapshot-differs",
        "A snapshot is sound by itself, and not what the logs lead to.",
        "a snapshot replaced by an empty one",
        SNAPSHOT,
        6,
        Remedy.RESTORED,
        with(SNAPSHOT, snapshots.render(Catalog.FEATURE_FLAGS, new TreeMap<>(), 5)));
    add(
        "snapshot-unexpected",
        "There is a snapshot of rows that no log has.",
        "a snapshot of another archive added",
        "roles/role_definitions.txt",
        0,
        Remedy.RESTORED,
        with("roles/role_definitions.txt", snapshots.render(Catalog.ROLES, new TreeMap<>(), 0)));
    add(
        "snapshot-ahead",
        "A snapshot is of a change after the end of the journal: the journal may have lost its"
            + " end.",
        "a snapshot of a later time put in its place",
        SNAPSHOT,
        0,
        Remedy.STAYS,
        with(SNAPSHOT, snapshots.render(Catalog.FEATURE_FLAGS, new TreeMap<>(), 99)));
    add(
        "seal-damaged",
        "A seal is not as it was written.",
        "a letter in a seal changed",
        SEAL,
        4,
        Remedy.RESTORED,
        with(SEAL, "last|5", "last|4"));
    add(
        "seal-missing",
        "A month that has ended has no seal.",
        "a seal deleted",
        SEAL,
        0,
        Remedy.RESTORED,
        without(SEAL));
    add(
        "seal-differs",
        "A seal is sound by itself, and the logs lead to another one: one of the two was changed by"
            + " somebody who made the checks right. The seal after it and the parity of its month"
            + " say which; where neither confirms the logs, the seal stays as it is.",
        "the last change in a seal changed, and its check made right",
        SEAL,
        4,
        Remedy.RESTORED,
        with(
            SEAL,
            ControlFile.content(
                new String(bytes(SEAL), StandardCharsets.UTF_8)
                    .replace("last|5", "last|4")
                    .replaceFirst("(?m)^check\\|.*\\n", ""))));
    add(
        "seal-unexpected",
        "There is a seal of a month that has not ended, or has no changes.",
        "a seal copied to the next month",
        "seals/2023_12.txt",
        0,
        Remedy.RESTORED,
        ArchiveFixture.with(tiny, "seals/2023_12.txt", bytes(SEAL)));
  }

  private void parity() throws IOException {
    add(
        "parity-damaged",
        "The parity of a month is not as it was written.",
        "a letter in a parity changed",
        PARITY,
        9,
        Remedy.RESTORED,
        with(PARITY, "parity|0|0|", "parity|0|0|A"));
    add(
        "parity-missing",
        "A month that has ended has no parity.",
        "a parity deleted",
        PARITY,
        0,
        Remedy.RESTORED,
        without(PARITY));
    String other =
        new String(bytes(PARITY), StandardCharsets.UTF_8)
            .replace("parity|0|0|", "parity|0|0|A")
            .replaceFirst("(?m)^check\\|.*\\n", "");
    add(
        "parity-differs",
        "A parity is sound by itself, and not the one that the logs lead to.",
        "a letter in a parity changed, and its check made right",
        PARITY,
        9,
        Remedy.RESTORED,
        with(PARITY, ControlFile.content(other)));
    add(
        "parity-unexpected",
        "There is a parity of a month that has not ended, or has no changes.",
        "a parity copied to the next month",
        "seals/2023_12_parity.txt",
        0,
        Remedy.RESTORED,
        ArchiveFixture.with(tiny, "seals/2023_12_parity.txt", bytes(PARITY)));
    Map<String, byte[]> sealed = ArchiveFixture.files(ArchiveFixture.sealed(ArchiveFixture.tiny()));
    sealed.remove("seals/2023_12.txt");
    add(
        "seal-unfinished",
        "The machine stopped while the last month was sealed; the next start seals it.",
        "the machine stopped between a parity and its seal",
        "seals/2023_12.txt",
        0,
        Remedy.NONE,
        sealed);
  }

  private void files() {
    add(
        "readme-missing",
        "The file that explains the archive to people is not there.",
        "`README.txt` deleted",
        ReadmeFile.FILE,
        0,
        Remedy.RESTORED,
        without(ReadmeFile.FILE));
    add(
        "unfinished-file",
        "A rest of a write that was interrupted; it may be deleted.",
        "the machine stopped in the middle of a write",
        USERS + Disk.PARTIAL,
        0,
        Remedy.NONE,
        ArchiveFixture.with(tiny, USERS + Disk.PARTIAL, new byte[] {'#'}));
    add(
        "quarantined",
        "Something was set aside for a person to look at.",
        "a file in `quarantine/`",
        "quarantine/old.txt",
        0,
        Remedy.NONE,
        ArchiveFixture.with(tiny, "quarantine/old.txt", new byte[] {'#'}));
    add(
        "unknown-file",
        "A file that is none of an archive; nothing reads it.",
        "a note put into the archive",
        "notes.txt",
        0,
        Remedy.NONE,
        ArchiveFixture.with(tiny, "notes.txt", new byte[] {'#'}));
    add(
        "mangled",
        "Says what has been done to a damaged file, where its bytes tell.",
        "the line ends of a log changed",
        USERS,
        0,
        Remedy.RESTORED,
        with(USERS, "\n", "\r\n"));
    examples.add(
        new Example(
            "not-a-file",
            "A link, a named pipe, a device, or a folder where a file of the archive should be. It"
                + " is neither read nor followed. Only the archive's own folder may be a link.",
            "a log moved to another disk, and a link put in its place",
            USERS,
            0,
            Remedy.RESTORED,
            without(USERS),
            _ ->
                check(
                    new ObstructedDisk(without(USERS), new Obstacle(USERS, Obstacle.Kind.LINK)))));
    examples.add(
        new Example(
            "archive-in-use",
            "Somebody wrote while the check ran; what was new was left out.",
            "a change made, and copied to its snapshot, during the check",
            SNAPSHOT,
            0,
            Remedy.NONE,
            tiny,
            disk -> {
              SimulatedDisk changeable = ArchiveFixture.tiny();
              boolean[] written = {false};
              return new ArchiveChecker(changeable)
                  .check(
                      ArchiveChecker.Mode.FULL,
                      (what, done, total) -> {
                        if (!written[0]) {
                          written[0] = true;
                          write(changeable);
                        }
                      })
                  .findings();
            }));
  }

  /** A disk on which something is in the place of a file. */
  private static final class ObstructedDisk extends ArchiveFixture.Fixed {
    private final Obstacle obstacle;

    ObstructedDisk(Map<String, byte[]> files, Obstacle obstacle) {
      super(files);
      this.obstacle = obstacle;
    }

    @Override
    public void visit(String folder, Visitor visitor) throws IOException {
      super.visit(folder, visitor);
      visitor.obstacle(obstacle);
    }
  }

  private static void write(SimulatedDisk disk) {
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      Row flag =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "o")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      long at = ArchiveFixture.micros("2023-12-02T00:00:00Z");
      writer.append(
          List.of(
              new Change(
                  Operation.ADDED,
                  flag,
                  7,
                  new Change.TransactionInfo(7, 7, 6, at, Change.Cause.by("mary")))));
      writer.checkpoint(Digest.empty(), PageLocator.UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void semantics() throws IOException {
    semantic(
        CheckReport.ACCEPTED_GAP,
        "A change is lost for good, and an operator has accepted that: the line is in its"
            + " place.",
        "a change given up with `accept-gap`",
        "operations/2023_operations.txt",
        new LostChange(1, List.of(Catalog.MARKS, Catalog.SKIPS)).row());
    String marks = "prayers/marks/2023_11_marks.txt";
    String users = "users/2023_11_users.txt";
    Row mary =
        SemanticCheckerTest.row(
            Catalog.MEMBERS, "mary", Values.of(Catalog.Members.INVITED_BY, "system"));
    Row prayer =
        SemanticCheckerTest.row(
            Catalog.PRAYERS,
            "p1",
            Values.of(Catalog.Prayers.AUTHOR, "mary")
                .and(Catalog.Prayers.MODERATION, "open")
                .and(Catalog.Prayers.VISIBILITY, "members"));
    semantic(
        "dangling-reference",
        "A row names another one that is not there.",
        "a mark on a prayer that is not there",
        marks,
        mary,
        SemanticCheckerTest.row(
            Catalog.MARKS,
            "m",
            Values.of(Catalog.Marks.PRAYER, "p9").and(Catalog.Marks.MEMBER, "mary")));
    semantic(
        "older-than-its-origin",
        "A row is older than one that it must have come from.",
        "a mark that is older than its prayer",
        marks,
        mary,
        prayer,
        SemanticCheckerTest.row(
            Catalog.MARKS,
            "m",
            Values.of(Catalog.Marks.PRAYER, "p1")
                .and(Catalog.Marks.MEMBER, "mary")
                .and(Catalog.Marks.CREATED_AT, NOON - HOUR)));
    semantic(
        "time-ahead",
        "A row is of a later time than the one at which it was written down.",
        "a mark of the next year",
        marks,
        mary,
        prayer,
        SemanticCheckerTest.row(
            Catalog.MARKS,
            "m",
            Values.of(Catalog.Marks.PRAYER, "p1")
                .and(Catalog.Marks.MEMBER, "mary")
                .and(Catalog.Marks.CREATED_AT, NOON + 9_000 * HOUR)));
    semantic(
        "invite-loop",
        "Members invited each other in a circle.",
        "two members who invited each other",
        users,
        SemanticCheckerTest.row(
            Catalog.MEMBERS, "ann", Values.of(Catalog.Members.INVITED_BY, "bob")),
        SemanticCheckerTest.row(
            Catalog.MEMBERS, "bob", Values.of(Catalog.Members.INVITED_BY, "ann")));
    semantic(
        "invite-stranger",
        "A member has no inviter.",
        "a member without who invited them",
        users,
        SemanticCheckerTest.required(Catalog.MEMBERS, "ann"));
    semantic(
        "invite-overused",
        "An invite was used more often than it may be.",
        "an invite for one that was used twice",
        "system/2023_11_invites.txt",
        mary,
        SemanticCheckerTest.row(
            Catalog.INVITES,
            "token",
            Values.of(Catalog.Invites.KIND, "new_user")
                .and(Catalog.Invites.USED_COUNT, 2L)
                .and(Catalog.Invites.MAX_USES, 1L)));
    semantic(
        "permission-unknown",
        "A role allows something that this program does not know.",
        "a role that may fly",
        "roles/role_history.txt",
        SemanticCheckerTest.row(
            Catalog.ROLES, "pilot", Values.of(Catalog.Roles.PERMISSIONS, "fly")));
    semantic(
        "value-unknown",
        "A value is none of those that this program knows.",
        "a prayer that is neither open nor hidden",
        "prayers/2023_11_prayers.txt",
        mary,
        SemanticCheckerTest.row(
            Catalog.PRAYERS,
            "p1",
            Values.of(Catalog.Prayers.AUTHOR, "mary")
                .and(Catalog.Prayers.MODERATION, "lost")
                .and(Catalog.Prayers.VISIBILITY, "members")));
    semantic(
        "value-missing",
        "A value is missing that should be there; an import may leave it so.",
        "a mark without a time",
        marks,
        mary,
        prayer,
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.ID, "m")
            .set(Catalog.Marks.PRAYER, "p1")
            .set(Catalog.Marks.MEMBER, "mary")
            .build());
    semantic(
        "times-reversed",
        "Something ended before it began.",
        "a prayer that was edited before it was asked",
        "prayers/2023_11_prayers.txt",
        mary,
        SemanticCheckerTest.row(
            Catalog.PRAYERS,
            "p1",
            Values.of(Catalog.Prayers.AUTHOR, "mary")
                .and(Catalog.Prayers.MODERATION, "open")
                .and(Catalog.Prayers.VISIBILITY, "members")
                .and(Catalog.Prayers.EDITED_AT, NOON - HOUR)));
  }

  /** Adds an example with rows that are sound as bytes and break a semantic rule. */
  private void semantic(String code, String meaning, String done, String file, Row... rows)
      throws IOException {
    SimulatedDisk disk = SemanticCheckerTest.disk(List.of(rows), List.of());
    add(code, meaning, done, file, Header.LINES + 1, Remedy.NONE, ArchiveFixture.files(disk));
  }
}
