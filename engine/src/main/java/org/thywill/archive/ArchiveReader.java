package org.thywill.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ChangeSink;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.JournalLines;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.archive.log.RowHistory;
import org.thywill.archive.log.TableLogReader;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Table;

/**
 * Reads all changes of an archive: the logs up to the last checkpoint, then the journal.
 *
 * <p>Never writes, and may be used while a ledger writes. A line that is not exactly as it was
 * written ends the reading with {@link DamagedArchiveException}; a caller that can start over may
 * then {@linkplain #readFromJournal read a damaged log from the journal}. Not safe for several
 * threads.
 */
public final class ArchiveReader {
  private final Disk disk;
  private final ControlFiles control;
  private final ArchiveIdentity identity;
  private final Head head;
  private final JournalTail tail;
  private final Map<String, Finding> damagedFiles = new TreeMap<>();

  private ArchiveReader(Disk disk, ControlFiles control, JournalTail tail) {
    this.disk = disk;
    this.control = control;
    this.identity = control.identity();
    this.head = control.head();
    this.tail = tail;
  }

  /**
   * Opens an archive for reading.
   *
   * @param known the highest seq that is known from elsewhere, or 0
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if the journal after the head is damaged, or nothing says which
   *     community it is; a torn end of the journal is not damage, and a control file that cannot be
   *     read is {@linkplain ControlFiles derived} and a finding
   */
  public static ArchiveReader open(Disk disk, long known) throws IOException {
    ControlFiles control = ControlFiles.read(disk);
    ArchiveIdentity identity = control.identity();
    boolean isJournalLost =
        control.isHeadDerived()
            && control.head().seq() > 0
            && !disk.exists(control.head().journal());
    Head head = isJournalLost ? control.head().withoutJournal() : control.head();
    JournalTail tail =
        JournalTail.read(
            disk, identity, head, Math.max(known, LogTailTruncation.highestSeq(disk, head)));
    if (tail.state() instanceof JournalTail.State.Damaged damaged) {
      throw new DamagedArchiveException(damaged.finding());
    }
    ArchiveReader reader = new ArchiveReader(disk, control, tail);
    if (isJournalLost) {
      reader.damagedFiles.put(control.head().journal(), lostJournal(control.head()));
    }
    return reader;
  }

  /** The finding of a journal file that is lost together with the head. */
  private static Finding lostJournal(Head head) {
    return Finding.error(
            "journal-missing",
            head.journal(),
            0,
            "is missing; the logs have every change up to "
                + head.seq()
                + ", and what came after it, if anything, is lost with this file")
        .asRepairable()
        .next("thywill repair-archives --apply");
  }

  /** Whether a folder holds an archive: control files, logs or a journal, sound or not. */
  public static boolean isArchive(Disk disk) throws IOException {
    return ControlFiles.isArchive(disk);
  }

  /**
   * Which community an archive belongs to, by its control files or by the headers of all files.
   *
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if nothing says it
   */
  public static ArchiveIdentity identityOf(Disk disk) throws IOException {
    return ControlFiles.read(disk).identity();
  }

  /** Which community the archive belongs to. */
  public ArchiveIdentity identity() {
    return identity;
  }

  /** What the archive held at its last checkpoint. */
  public Head head() {
    return head;
  }

  /** Whether the head was derived from the logs, so that it proves neither digest nor end. */
  public boolean isHeadDerived() {
    return control.isHeadDerived();
  }

  /** The months that have a sound seal, such as {@code 2024_01}, in order. */
  public List<String> sealedMonths() throws IOException {
    List<String> months = new ArrayList<>();
    for (String file : disk.files(SealFile.FOLDER)) {
      if (SealFile.isSeal(file) && SealFile.isSoundSealOf(disk, file)) {
        months.add(SealFile.monthOf(file));
      }
    }
    return months;
  }

  /** The changes after the last checkpoint, in order. */
  public List<Change> tail() {
    return tail.lines().stream().map(Line::change).toList();
  }

  /**
   * What was derived, the torn end of the journal, if it has one, and the logs that were read from
   * the journal.
   */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(control.findings());
    findings.addAll(damagedFiles.values());
    if (tail.state() instanceof JournalTail.State.Torn torn) {
      findings.add(
          Finding.note(
              "journal-torn",
              torn.from().getFirst().file(),
              torn.lineNumber(),
              torn.cause()
                  + "; never acknowledged, and left out. The next start moves it to quarantine/"));
    }
    return findings;
  }

  /** The seq of the last change. */
  public long lastSeq() {
    return tail.lastSeq(head);
  }

  /** The time of the last change, in microseconds since 1970. */
  public long lastAt() {
    return tail.lines().isEmpty() ? head.atMicros() : tail.lines().getLast().change().at();
  }

  /**
   * Reads all changes of a table up to the checkpoint, in order.
   *
   * @param seen gets the numbers of the changes, for {@link #requireDense}
   * @throws DamagedArchiveException at the first line that is not exactly as it was written
   */
  public void forEach(Table table, BitSet seen, ChangeSink sink) throws IOException {
    ChangeSink counted =
        change -> {
          seen.set(Math.toIntExact(change.seq()));
          return sink.accept(change);
        };
    new TableLogReader(disk, identity, head).forEach(table, damagedFiles.keySet(), counted);
  }

  /**
   * Makes the next {@link #forEach} read a damaged log from the journal, which has the same lines.
   * The caller must discard what it has read of the table so far.
   *
   * @throws DamagedArchiveException the damage itself, if it is in no log, or if this was tried
   *     before
   */
  public void readFromJournal(DamagedArchiveException damage) throws DamagedArchiveException {
    Finding finding = damage.finding();
    if (!head.logs().containsKey(finding.file()) || damagedFiles.containsKey(finding.file())) {
      throw damage;
    }
    damagedFiles.put(
        finding.file(),
        Finding.error(
                finding.code(),
                finding.file(),
                finding.line(),
                finding.message() + "; the journal has the same lines, and they were read there")
            .asRepairable()
            .next(Finding.REPAIR));
  }

  /** Finds single lines of the journal. */
  JournalLines journal() throws IOException {
    return new JournalLines(disk);
  }

  /**
   * Reads the changes from one on to the last, in order, from the journal.
   *
   * @throws DamagedArchiveException at the first line that is not exactly as it was written
   */
  public void forEachInJournal(long first, ChangeSink sink) throws IOException {
    journal().forEach(first, lastSeq(), sink);
  }

  /**
   * The SHA-256 of the journal line of a change, in hexadecimal digits.
   *
   * @throws DamagedArchiveException if the journal does not have it where it must be
   */
  public String lineHash(long seq) throws IOException {
    return Sha256.hex(journal().line(seq));
  }

  /**
   * The journal line of a change, without its line feed.
   *
   * @throws DamagedArchiveException if the journal does not have it where it must be
   */
  public String line(long seq) throws IOException {
    return new String(journal().line(seq), StandardCharsets.UTF_8);
  }

  /**
   * The last change; empty if there is none.
   *
   * @throws DamagedArchiveException if the journal does not have it where it must be
   */
  public Optional<ArchiveEnd> end() throws IOException {
    return lastSeq() == 0
        ? Optional.empty()
        : Optional.of(new ArchiveEnd(lastSeq(), lineHash(lastSeq())));
  }

  /** The running hash of all changes; empty if the journal does not have all of them. */
  public Optional<String> runningHash() throws IOException {
    return journal().hash(lastSeq());
  }

  /** Finds the changes of some rows, and the lines that have them. */
  public RowHistory history() throws IOException {
    return new RowHistory(disk, identity, head, tail.lines());
  }

  /**
   * Requires that the logs have every change up to the checkpoint.
   *
   * @throws DamagedArchiveException if they lack one
   */
  public void requireDense(BitSet seen) throws DamagedArchiveException {
    int missing = seen.nextClearBit(1);
    if (missing <= head.seq()) {
      int next = seen.nextSetBit(missing);
      long last = (next < 0 ? head.seq() + 1 : next) - 1;
      throw new DamagedArchiveException(
          "seq-gap",
          ".",
          0,
          "no log has change "
              + missing
              + (last == missing ? "" : " to " + last)
              + "; expected every number up to "
              + head.seq());
    }
  }

  /** The length of all logs up to the checkpoint in bytes: what a rebuild has to read. */
  public long bytes() {
    return head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
  }

  /** The tables that have a log. */
  public List<Table> tables() {
    return Catalog.TABLES.stream().filter(table -> !head.logsOf(table).isEmpty()).toList();
  }
}
