package org.thywill.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.derived.DerivedFileRestorer;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.derived.PrayerSource;
import org.thywill.archive.disk.ArchiveLock;
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
import org.thywill.archive.log.JournalLines;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;

/**
 * Writes an archive: appends changes to the journal and copies them to the other files.
 *
 * <p>{@link #append} makes changes safe in the journal; {@link #checkpoint} copies them to logs,
 * pages and snapshots. Only the ledger uses it, so that there is one way to change a row. Not safe
 * for several threads, but a {@link Checkpoint} that has begun may run in another one.
 */
public final class ArchiveWriter implements Closeable {
  private static final long JOURNAL_BYTES_MAX = 64L << 20;

  /** The memory that the objects of a change take besides its text, in bytes. */
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
  private long lastAtMicros;

  /** The line of the last change; null if it was written before this writer was opened. */
  private @Nullable Line lastLine;

  /** The end of the last month that is sealed or is being sealed; no change may be earlier. */
  private long openFromMicros = Timestamps.EARLIEST;

  private String journal;
  private Head.Extent journalExtent;
  private Disk.@Nullable Appender appender;

  /** The lock that must still be held when changes have been forced; null if there is none. */
  private @Nullable ArchiveLock lock;

  /** The journal file that a failed append may have left bytes in; null if there is none. */
  private @Nullable String suspect;

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
    this.lastAtMicros =
        tail.lines().isEmpty() ? head.atMicros() : tail.lines().getLast().change().at();
    this.lastLine = tail.lines().isEmpty() ? null : tail.lines().getLast();
    this.journal = tail.end().file();
    this.journalExtent = journalExtent;
    this.findings = findings;
  }

  /**
   * Creates an empty archive where there is none. After a failure the folder holds no archive, or
   * an empty one.
   */
  public static void create(Disk disk, ArchiveIdentity identity) throws IOException {
    Head.empty(identity.createdAt()).write(disk);
    disk.replace(ReadmeFile.FILE, ReadmeFile.content(identity));
    identity.write(disk);
  }

  /**
   * Opens an archive for writing, and cleans up after a crash.
   *
   * <p>Reads the journal after the last checkpoint, moves its torn end to quarantine, removes what
   * an unfinished checkpoint had copied, and restores a copy of a control file that is missing,
   * damaged or older than the other. Where the archive is of an earlier catalog, it names the newer
   * tables from now on.
   *
   * @param known the highest seq that is known from elsewhere, such as the view
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if the head, the journal or a log is damaged; if the head or
   *     the journal is, nothing was changed
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
      case JournalTail.State.Torn torn -> findings.add(quarantine(disk, tail, torn));
      case JournalTail.State.Clean() -> {}
    }
    boolean crashed =
        !findings.isEmpty()
            || !tail.end()
                .equals(new JournalTail.Position(head.journal(), head.journalExtent().bytes()));
    if (crashed && !tail.end().file().isEmpty() && disk.exists(tail.end().file())) {
      // What was read, even if it is only a header, may be in the system's memory and not on disk.
      // A new copy is forced as a whole, and its name too.
      disk.replaceByPrefix(tail.end().file(), tail.end().offset());
    }
    LogTailTruncation.cut(disk, head);
    new MonthSealer(disk).deleteUnfinished(SealFile.month(head.atMicros()));
    findings.addAll(identity.restoreCopies(disk));
    if (!identity.equals(identity.ofToday())) {
      identity = identity.ofToday();
      identity.write(disk);
    }
    findings.addAll(head.restoreCopies(disk));
    ArchiveWriter writer =
        new ArchiveWriter(
            disk, identity, withHistory(disk, head), tail, extent(tail, head), findings);
    if (SealFile.isSealed(disk, SealFile.month(head.atMicros()), head.seq())) {
      writer.openFromMicros = endOfMonthMicros(head.atMicros());
    }
    return writer;
  }

  /** The head with its running hash, which an archive of an earlier program does not have yet. */
  private static Head withHistory(Disk disk, Head head) throws IOException {
    return head.history() == null
        ? head.withHistory(new JournalLines(disk).hash(head.seq()).orElse(null))
        : head;
  }

  private static long endOfMonthMicros(long atMicros) {
    return FilePeriod.of(SealFile.month(atMicros)).until();
  }

  private static Finding quarantine(Disk disk, JournalTail tail, JournalTail.State.Torn torn)
      throws IOException {
    String kept = "";
    for (JournalTail.Position position : torn.from()) {
      boolean whole = position.offset() == 0 && !position.file().equals(tail.end().file());
      kept =
          whole
              ? Quarantine.move(disk, position.file())
              : Quarantine.keep(disk, position.file(), position.offset());
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

  /** Sets the lock by which this is the only writer; each {@link #append} proves it. */
  public void holdBy(ArchiveLock held) {
    lock = held;
  }

  public ArchiveIdentity identity() {
    return identity;
  }

  /** What was found and restored while opening. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * Restores missing pages and snapshots; called before anything is written.
   *
   * @param prayers all that are present
   * @return a note for each file that was restored, or could not be
   */
  public List<Finding> restoreMissing(PrayerSource prayers) throws IOException {
    Set<String> pendingPrayers = new HashSet<>();
    pending.stream()
        .map(Line::change)
        .filter(change -> change.table() == Catalog.PRAYERS)
        .forEach(change -> pendingPrayers.add(change.row().key()));
    return new DerivedFileRestorer(disk, identity, head).restore(prayers, pendingPrayers);
  }

  /** The last checkpoint. */
  public Head head() {
    return head;
  }

  /** The changes since the last checkpoint, in order. */
  public List<Change> pending() {
    return pending.stream().map(Line::change).toList();
  }

  /** How many changes there are since the last checkpoint. */
  public int pendingCount() {
    return pending.size();
  }

  /** About how much memory the changes since the last checkpoint take, in bytes. */
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

  /** The line of that change; empty if it is not after the last checkpoint that was found. */
  public Optional<Line> lastLine() {
    return Optional.ofNullable(lastLine);
  }

  /** The time of that change, in microseconds since 1970. */
  public long lastAt() {
    return lastAtMicros;
  }

  /**
   * Makes changes safe in the journal: when this returns they are on disk. All must have the same
   * time, and seqs that follow {@link #lastSeq()}.
   *
   * @throws IOException if they could not be made safe. After a crash they may or may not be there.
   *     For this writer they never happened: the next call first removes what they left in the
   *     journal.
   */
  public void append(List<Change> changes) throws IOException {
    undoFailedAppend();
    List<Line> lines = new ArrayList<>(changes.size());
    for (Change change : changes) {
      requireNext(change, lastSeq + 1 + lines.size(), changes.getFirst().at());
      lines.add(Line.encode(change, codec, scratch));
    }
    write(lines);
    pending.addAll(lines);
    pendingBytes += lines.stream().mapToLong(ArchiveWriter::bytes).sum();
    lastSeq += lines.size();
    lastLine = lines.getLast();
    lastAtMicros = changes.getFirst().at();
  }

  private void requireNext(Change change, long expected, long at) {
    if (change.seq() != expected
        || change.at() != at
        || at < lastAtMicros
        || at < openFromMicros
        || change.stamp().durableSeq() != lastSeq) {
      throw new IllegalArgumentException(
          "change " + change.seq() + " does not follow change " + (expected - 1));
    }
  }

  private void write(List<Line> lines) throws IOException {
    Change first = lines.getFirst().change();
    boolean isNewFile =
        journal.isEmpty()
            || journalExtent.bytes() >= JOURNAL_BYTES_MAX
            || !JournalFile.name(first.at(), JournalFile.firstSeq(journal)).equals(journal);
    String file = isNewFile ? JournalFile.name(first.at(), first.seq()) : journal;
    Head.Extent extent = isNewFile ? Head.Extent.NOTHING : journalExtent;
    if (isNewFile) {
      requireOwnArchive();
      closeAppender();
    } else if (appender == null && !disk.exists(file)) {
      throw new NoSuchFileException(
          file, null, "was moved or deleted; put it back, or see repair-archives");
    }
    suspect = file;
    LineBuffer bytes = new LineBuffer();
    long count = lines.size();
    if (isNewFile) {
      byte[] header = Header.ofJournal(identity.community(), file);
      bytes.put(header, 0, header.length);
      count += Header.LINES;
    }
    lines.forEach(line -> bytes.put(line.bytes(), 0, line.bytes().length));
    Disk.Appender out = appender(file);
    out.write(bytes.array(), 0, bytes.length());
    out.force();
    if (isNewFile) {
      disk.forceFolder(JournalFile.FOLDER);
      requireOwnFolder();
    }
    Head.Extent longer = new Head.Extent(extent.lines() + count, extent.bytes() + bytes.length());
    requireOwnPlace(out, file, longer.bytes());
    journal = file;
    journalExtent = longer;
    suspect = null;
  }

  /**
   * After changes were forced, and before they are acknowledged: requires that the next reader will
   * find them, and that no other process has begun to write. A journal that is not at its path is
   * written there again at once: until then nothing else has what it acknowledged.
   */
  private void requireOwnPlace(Disk.Appender out, String file, long length) throws IOException {
    // First: a process that takes the lock after this reads the journal with these changes.
    keepLock();
    if (!out.isAtItsPath(length)) {
      IOException displaced =
          new FileSystemException(
              file, null, "was moved, deleted or changed by another program while it was in use");
      try {
        undoFailedAppend();
      } catch (IOException e) {
        displaced.addSuppressed(e); // the next append tries again
      }
      throw displaced;
    }
  }

  /**
   * Requires that this is the only writer, and that the folder holds this archive and not an older
   * copy, another archive or none.
   *
   * @throws IOException if it does not, or cannot be read
   */
  private void requireOwnFolder() throws IOException {
    keepLock();
    ArchiveIdentity found = ArchiveIdentity.read(disk);
    if (!found.community().equals(identity.community())) {
      throw new NotAnArchiveException(
          "the archive of another community was put in the place of this one");
    }
    long foundSeq = Head.read(disk).seq();
    if (foundSeq < head.seq() || foundSeq > lastSeq) {
      throw new NotAnArchiveException(
          "another copy of the archive was put in the place of this one: its last checkpoint is at"
              + " change "
              + foundSeq
              + ", expected "
              + head.seq());
    }
  }

  /**
   * Requires that the archive is where it was, before anything but the journal is written. A
   * journal file that is no longer at its path is written again from what it held.
   */
  private void requireOwnArchive() throws IOException {
    requireOwnFolder();
    // The journal of a sealed month may have been compressed meanwhile.
    boolean isOpenMonth = lastAtMicros >= openFromMicros;
    if (isOpenMonth && appender != null && !appender.isAtItsPath(journalExtent.bytes())) {
      suspect = journal;
      undoFailedAppend();
    }
  }

  /**
   * After a failed append: replaces the file by a new one with only the safe bytes, or deletes it
   * if it has none. The safe bytes come from the file that is open, wherever its name is now.
   */
  private void undoFailedAppend() throws IOException {
    String file = suspect;
    if (file == null) {
      return;
    }
    // No later start would read a file that is written into a foreign folder.
    requireOwnFolder();
    if (file.equals(journal)) {
      if (appender != null) {
        appender.restore(journalExtent.bytes());
      } else {
        disk.replaceByPrefix(file, journalExtent.bytes());
      }
      closeAppender();
    } else {
      closeAppender();
      if (disk.exists(file)) {
        disk.delete(file);
      }
      disk.forceFolder(JournalFile.FOLDER);
    }
    suspect = null;
  }

  private Disk.Appender appender(String file) throws IOException {
    Disk.Appender out = appender;
    if (out == null) {
      out = disk.append(file);
      appender = out;
    }
    return out;
  }

  private void closeAppender() throws IOException {
    Disk.Appender open = appender;
    appender = null;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Copies the changes since the last checkpoint to logs, pages and snapshots, and records it in
   * the head.
   *
   * @param digest of the community after the last change
   * @throws IOException if that failed; the changes are safe in the journal, and the next call
   *     starts over
   */
  public void checkpoint(Digest digest, PageLocator locator) throws IOException {
    Checkpoint checkpoint = begin(digest);
    checkpoint.run(locator);
    end(checkpoint);
  }

  /**
   * Begins a checkpoint of all changes so far, for a caller that goes on appending while it
   * {@linkplain Checkpoint#run runs}. It must have ended or failed before the next one begins.
   *
   * @param digest of the community after the last change
   */
  public Checkpoint begin(Digest digest) throws IOException {
    return begin(digest, false);
  }

  /**
   * Begins a checkpoint that also seals the month of the last change, because it has ended. From
   * now on no change can be of that month, even if the clock goes back.
   */
  public Checkpoint beginMonthEnd(Digest digest) throws IOException {
    Checkpoint checkpoint = begin(digest, true);
    openFromMicros = endOfMonthMicros(lastAtMicros);
    return checkpoint;
  }

  private Checkpoint begin(Digest digest, boolean endsMonth) throws IOException {
    undoFailedAppend();
    requireOwnArchive();
    Head next = new Head(lastSeq, lastAtMicros, journal, journalExtent, digest, head.logs(), null);
    Checkpoint checkpoint =
        new Checkpoint(
            disk,
            identity,
            new Checkpoint.Work(head, List.copyOf(pending), next, logsSuspect, endsMonth));
    logsSuspect |= !pending.isEmpty();
    return checkpoint;
  }

  /** Whether the month of the last change has ended, and no seal of it was written or begun. */
  public boolean isMonthToBeSealed(Instant now) {
    return lastSeq > 0
        && openFromMicros < endOfMonthMicros(lastAtMicros)
        && endOfMonthMicros(lastAtMicros) <= Timestamps.micros(now);
  }

  /**
   * Requires that the next change could be appended, as far as that can be known without it. A
   * journal file that a failed append has left, or that is no longer at its path, is written again.
   *
   * @throws IOException if the archive is not where it was, or another process holds it
   */
  public void requireWritable() throws IOException {
    undoFailedAppend();
    requireOwnArchive();
  }

  /**
   * Takes the lock again if its file was removed, so that no other process begins to write.
   *
   * @throws ArchiveLock.Held if one has; then every later append and checkpoint fails
   */
  public void keepLock() throws IOException {
    if (lock != null) {
      lock.keep();
    }
  }

  /** Records that a checkpoint has run without failing. */
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
   * Closes the journal. The changes since the last {@link #checkpoint} stay in the journal only.
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
    return Math.max(Timestamps.micros(now), Math.max(lastAtMicros, openFromMicros));
  }
}
