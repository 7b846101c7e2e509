package org.thywill.archive;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.derived.DerivedFileRestorer;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.derived.PrayerSource;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;

/**
 * The one writer of an archive. {@link #append} makes changes safe in the journal; {@link
 * #checkpoint} copies them to logs, pages and snapshots. For the ledger alone: there is no second
 * way to change a row. Not safe for several threads, but a {@link Checkpoint} that has begun may
 * run in another one.
 */
public final class ArchiveWriter implements Closeable {
  private static final long JOURNAL_BYTES_MAX = 64L << 20;

  /** What the objects of a change take beside its text. */
  private static final int LINE_BYTES = 600;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final List<Finding> findings;
  private final LineCodec codec = new LineCodec();
  private final LineBuffer scratch = new LineBuffer();
  private final List<Line> pending;
  private long pendingBytes;
  private Head head;
  private long lastSeq;
  private long lastAt;

  /**
   * Behind the end of the last month that is sealed, or is about to be: no change may be of an
   * earlier time.
   */
  private long openFrom = Timestamps.EARLIEST;

  private String journal;
  private Head.Extent journalExtent;
  private Optional<Disk.Appender> appender = Optional.empty();
  private Optional<String> suspect = Optional.empty();
  private boolean logsSuspect;

  private ArchiveWriter(
      Disk disk,
      ArchiveIdentity identity,
      Head head,
      JournalTail tail,
      Head.Extent journalExtent,
      List<Finding> findings) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
    this.pending = new ArrayList<>(tail.lines());
    this.pendingBytes = pending.stream().mapToLong(ArchiveWriter::bytes).sum();
    this.lastSeq = tail.lastSeq(head);
    this.lastAt = tail.lines().isEmpty() ? head.at() : tail.lines().getLast().change().at();
    this.journal = tail.end().file();
    this.journalExtent = journalExtent;
    this.findings = findings;
  }

  /**
   * Founds an empty archive where there is none. After a failure the folder holds no archive yet,
   * or an empty one.
   */
  public static void create(Disk disk, ArchiveIdentity identity) throws IOException {
    Head.empty(identity.createdAt()).write(disk);
    disk.replace(ReadmeFile.FILE, ReadmeFile.content(identity));
    identity.write(disk);
  }

  /**
   * Opens an archive for writing: reads the journal behind the last checkpoint, sets aside what was
   * torn at its end, takes back what an unfinished checkpoint had copied, and mends a copy of a
   * control file that is missing, damaged or older than the other.
   *
   * @param known the highest seq that is known from elsewhere, such as the view
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if what is there cannot be trusted; nothing was changed
   */
  public static ArchiveWriter open(Disk disk, long known) throws IOException {
    ArchiveIdentity identity = ArchiveIdentity.read(disk);
    Head head = Head.read(disk);
    JournalTail tail =
        JournalTail.read(
            disk, identity, head, Math.max(known, LogTailTruncation.highestSeq(disk, head)));
    List<Finding> findings = new ArrayList<>();
    switch (tail.state()) {
      case JournalTail.State.Damaged damaged ->
          throw new DamagedArchiveException(damaged.finding());
      case JournalTail.State.Torn torn -> findings.add(setAside(disk, tail, torn));
      case JournalTail.State.Clean() -> {}
    }
    boolean crashed =
        !findings.isEmpty()
            || !tail.end()
                .equals(new JournalTail.Place(head.journal(), head.journalExtent().bytes()));
    if (crashed && !tail.end().file().isEmpty() && disk.exists(tail.end().file())) {
      // What is read back, were it a header alone, may stand in the system's memory only; a new
      // copy is forced whole, and its name too.
      disk.replaceByPrefix(tail.end().file(), tail.end().offset());
    }
    LogTailTruncation.cut(disk, head);
    new MonthSealer(disk).deleteUnfinished(SealFile.month(head.at()));
    findings.addAll(identity.mendCopies(disk));
    findings.addAll(head.mendCopies(disk));
    ArchiveWriter writer =
        new ArchiveWriter(disk, identity, head, tail, extent(tail, head), findings);
    if (SealFile.isSealed(disk, SealFile.month(head.at()), head.seq())) {
      writer.openFrom = endOfMonth(head.at());
    }
    return writer;
  }

  private static long endOfMonth(long at) {
    return FilePeriod.of(SealFile.month(at)).until();
  }

  private static Finding setAside(Disk disk, JournalTail tail, JournalTail.State.Torn torn)
      throws IOException {
    String kept = "";
    for (JournalTail.Place place : torn.from()) {
      boolean whole = place.offset() == 0 && !place.file().equals(tail.end().file());
      kept =
          whole
              ? Quarantine.move(disk, place.file())
              : Quarantine.keep(disk, place.file(), place.offset());
    }
    return Finding.note(
        "journal-torn",
        torn.from().getFirst().file(),
        torn.lineNumber(),
        torn.cause() + "; never acknowledged, and moved to " + kept);
  }

  private static Head.Extent extent(JournalTail tail, Head head) {
    String file = tail.end().file();
    long lines = file.equals(head.journal()) ? head.journalExtent().lines() : Header.LINES;
    long firstSeq = file.equals(head.journal()) || file.isEmpty() ? 0 : JournalFile.firstSeq(file);
    lines += tail.lines().stream().filter(line -> line.change().seq() >= firstSeq).count();
    return new Head.Extent(lines, tail.end().offset());
  }

  public ArchiveIdentity identity() {
    return identity;
  }

  /** What was found and mended while opening. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * Makes pages and snapshots again that are missing, before anything is written.
   *
   * @param prayers all that are present
   * @return notes of what was made, and of what could not be
   */
  public List<Finding> makeMissing(PrayerSource prayers) throws IOException {
    Set<String> pendingPrayers = new HashSet<>();
    pending.stream()
        .map(Line::change)
        .filter(change -> change.table() == Catalog.PRAYERS)
        .forEach(change -> pendingPrayers.add(change.row().key()));
    return new DerivedFileRestorer(disk, identity, head).make(prayers, pendingPrayers);
  }

  /** The last checkpoint. */
  public Head head() {
    return head;
  }

  /** The changes since the last checkpoint, in order. */
  public List<Change> pending() {
    return pending.stream().map(Line::change).toList();
  }

  public int pendingCount() {
    return pending.size();
  }

  /** About how much memory the changes since the last checkpoint take. */
  public long pendingBytes() {
    return pendingBytes;
  }

  private static long bytes(Line line) {
    return LINE_BYTES + 2L * line.bytes().length;
  }

  /** The number of the last change that is safe. */
  public long lastSeq() {
    return lastSeq;
  }

  /** The time of that change, in microseconds since 1970. */
  public long lastAt() {
    return lastAt;
  }

  /**
   * Makes changes safe in the journal: when this returns they are on disk. All must have the same
   * time, and seqs that follow {@link #lastSeq()}.
   *
   * @throws IOException if they could not be made safe. They may or may not be found after a crash;
   *     as long as this writer lives, they never happened: the next call first takes back what they
   *     left in the journal.
   */
  public void append(List<Change> changes) throws IOException {
    mend();
    List<Line> lines = new ArrayList<>(changes.size());
    for (Change change : changes) {
      requireNext(change, lastSeq + 1 + lines.size(), changes.getFirst().at());
      lines.add(Line.encode(change, codec, scratch));
    }
    write(lines);
    pending.addAll(lines);
    pendingBytes += lines.stream().mapToLong(ArchiveWriter::bytes).sum();
    lastSeq += lines.size();
    lastAt = changes.getFirst().at();
  }

  private void requireNext(Change change, long expected, long at) {
    if (change.seq() != expected
        || change.at() != at
        || at < lastAt
        || at < openFrom
        || change.stamp().durableSeq() != lastSeq) {
      throw new IllegalArgumentException(
          "change " + change.seq() + " does not follow change " + (expected - 1));
    }
  }

  private void write(List<Line> lines) throws IOException {
    Change first = lines.getFirst().change();
    boolean fresh =
        journal.isEmpty()
            || journalExtent.bytes() >= JOURNAL_BYTES_MAX
            || !JournalFile.name(first.at(), JournalFile.firstSeq(journal)).equals(journal);
    String file = fresh ? JournalFile.name(first.at(), first.seq()) : journal;
    Head.Extent extent = fresh ? Head.Extent.NOTHING : journalExtent;
    if (fresh) {
      closeAppender();
    }
    suspect = Optional.of(file);
    LineBuffer bytes = new LineBuffer();
    long count = lines.size();
    if (fresh) {
      byte[] header = Header.ofJournal(identity.community(), file);
      bytes.put(header, 0, header.length);
      count += Header.LINES;
    }
    lines.forEach(line -> bytes.put(line.bytes(), 0, line.bytes().length));
    Disk.Appender out = appender(file);
    out.write(bytes.array(), 0, bytes.length());
    out.force();
    if (fresh) {
      disk.forceFolder(JournalFile.FOLDER);
    }
    journal = file;
    journalExtent = new Head.Extent(extent.lines() + count, extent.bytes() + bytes.length());
    suspect = Optional.empty();
  }

  /**
   * After a failed append: puts a new file with the safe bytes alone in the place of the one that
   * failed, or takes away one that has none.
   */
  private void mend() throws IOException {
    if (suspect.isEmpty()) {
      return;
    }
    closeAppender();
    String file = suspect.get();
    if (file.equals(journal)) {
      disk.replaceByPrefix(file, journalExtent.bytes());
    } else {
      if (disk.exists(file)) {
        disk.delete(file);
      }
      disk.forceFolder(JournalFile.FOLDER);
    }
    suspect = Optional.empty();
  }

  private Disk.Appender appender(String file) throws IOException {
    if (appender.isEmpty()) {
      appender = Optional.of(disk.append(file));
    }
    return appender.get();
  }

  private void closeAppender() throws IOException {
    if (appender.isPresent()) {
      Disk.Appender open = appender.get();
      appender = Optional.empty();
      open.close();
    }
  }

  /**
   * Copies the changes since the last checkpoint to logs, pages and snapshots, and records that
   * they stand there.
   *
   * @param digest of the community after the last change
   * @throws IOException if that failed; the changes are safe in the journal all the same, and the
   *     next call begins anew
   */
  public void checkpoint(Digest digest, PageLocator places) throws IOException {
    Checkpoint checkpoint = begin(digest);
    checkpoint.run(places);
    end(checkpoint);
  }

  /**
   * Begins a checkpoint of all changes so far, for a caller that goes on appending while it
   * {@linkplain Checkpoint#run runs}. There is one at a time: it has ended, or it has failed,
   * before the next begins.
   *
   * @param digest of the community after the last change
   */
  public Checkpoint begin(Digest digest) throws IOException {
    return begin(digest, false);
  }

  /**
   * As {@link #begin(Digest)}, with the word that the month of the last change has ended: the
   * checkpoint seals it too, and from now on no change can be of that month any more, wherever the
   * clock goes.
   */
  public Checkpoint beginMonthEnd(Digest digest) throws IOException {
    Checkpoint checkpoint = begin(digest, true);
    openFrom = endOfMonth(lastAt);
    return checkpoint;
  }

  private Checkpoint begin(Digest digest, boolean endsMonth) throws IOException {
    mend();
    Head next = new Head(lastSeq, lastAt, journal, journalExtent, digest, head.logs());
    Checkpoint checkpoint =
        new Checkpoint(disk, identity, head, List.copyOf(pending), next, logsSuspect, endsMonth);
    logsSuspect |= !pending.isEmpty();
    return checkpoint;
  }

  /** Whether the month of the last change has ended, and has not been sealed nor tried to be. */
  public boolean isMonthToBeSealed(Instant now) {
    return lastSeq > 0
        && openFrom < endOfMonth(lastAt)
        && endOfMonth(lastAt) <= Timestamps.micros(now);
  }

  /** Takes note that a checkpoint has run without failing. */
  public void end(Checkpoint checkpoint) {
    List<Line> copied = pending.subList(0, checkpoint.count());
    if (!copied.isEmpty()) {
      pendingBytes -= copied.stream().mapToLong(ArchiveWriter::bytes).sum();
      copied.clear();
      head = checkpoint.head();
      logsSuspect = false;
    }
  }

  /**
   * Releases the journal. Without a {@link #checkpoint} before, the changes since the last one
   * stand in the journal alone.
   */
  @Override
  public void close() throws IOException {
    closeAppender();
  }

  /**
   * The earliest time that the next change may have: now, or, if the clock went back, the time of
   * the last change or the end of the last month that is sealed.
   */
  public long timeFor(Instant now) {
    return Math.max(Timestamps.micros(now), Math.max(lastAt, openFrom));
  }
}
