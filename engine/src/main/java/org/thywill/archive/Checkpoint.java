package org.thywill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.derived.PageUpdater;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.HistoryHash;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;

/**
 * Copies the changes since the last checkpoint to logs, pages and snapshots, and writes the head.
 *
 * <p>It has a copy of all that it needs, so the {@link ArchiveWriter} may go on appending to the
 * journal in another thread meanwhile.
 */
public final class Checkpoint {
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head before;
  private final List<Line> lines;
  private final boolean logsSuspect;
  private final boolean endsMonth;
  private Head head;

  /**
   * What a checkpoint has to do.
   *
   * @param before the last checkpoint
   * @param lines the changes since then
   * @param after the head that is to be written, but with the extents of the last one's logs
   * @param logsSuspect whether a failed checkpoint may have left something in the logs
   * @param endsMonth whether the month of the last change has ended and is to be sealed
   */
  record Work(Head before, List<Line> lines, Head after, boolean logsSuspect, boolean endsMonth) {}

  Checkpoint(Disk disk, ArchiveIdentity identity, Work work) {
    this.disk = disk;
    this.identity = identity;
    this.before = work.before();
    this.lines = work.lines();
    this.head = work.after();
    this.logsSuspect = work.logsSuspect();
    this.endsMonth = work.endsMonth();
  }

  /** The number of changes that it copies. */
  int count() {
    return lines.size();
  }

  /** The head that {@link #run} has written if it has succeeded. */
  Head head() {
    return head;
  }

  /**
   * Copies the changes, forces the copies, and then writes the head.
   *
   * @throws IOException if that failed; the changes are safe in the journal, and the next
   *     checkpoint copies them again
   */
  public void run(PageLocator locator) throws IOException {
    if (!lines.isEmpty()) {
      copy(locator);
    }
    if (endsMonth) {
      new MonthSealer(disk).seal(SealFile.month(head.atMicros()), head.seq(), head.logs());
    }
  }

  private void copy(PageLocator locator) throws IOException {
    if (logsSuspect) {
      before.write(disk); // One of its copies may be newer, and name lines that are cut off now.
      LogTailTruncation.cut(disk, before);
    }
    Map<String, Head.Extent> logs = appendToLogs();
    new PageUpdater(disk, identity, before).update(lines, locator);
    new Snapshots(disk, identity, before).update(lines);
    head =
        new Head(
            head.seq(),
            head.atMicros(),
            head.journal(),
            head.journalExtent(),
            head.digest(),
            logs,
            history());
    head.write(disk);
    // If the archive was moved away meanwhile, all this went into a folder that holds nothing else.
    ArchiveIdentity found = ArchiveIdentity.read(disk);
    if (!found.community().equals(identity.community())) {
      throw new NotAnArchiveException(
          "the archive of another community was put in the place of this one");
    }
  }

  /** The running hash up to the last change; null if that of the last checkpoint is not known. */
  private @Nullable String history() {
    String known = before.history();
    if (known == null) {
      return null;
    }
    HistoryHash hash = new HistoryHash(known);
    lines.forEach(hash::add);
    return hash.hex();
  }

  /**
   * Appends to the logs month by month, and seals each month that another one follows.
   *
   * @return the extents of all logs after that
   */
  private Map<String, Head.Extent> appendToLogs() throws IOException {
    Map<String, Head.Extent> logs = new TreeMap<>(before.logs());
    Map<String, List<Line>> newLines = new LinkedHashMap<>();
    String month = before.seq() == 0 ? "" : SealFile.month(before.atMicros());
    for (Line line : lines) {
      String next = SealFile.month(line.change().at());
      if (!next.equals(month)) {
        append(newLines, logs);
        newLines.clear();
        if (!month.isEmpty()) {
          new MonthSealer(disk).seal(month, line.change().seq() - 1, logs);
        }
        month = next;
      }
      newLines
          .computeIfAbsent(
              line.change().table().logLocation().file(line.change().at()),
              file -> new ArrayList<>())
          .add(line);
    }
    append(newLines, logs);
    return logs;
  }

  private void append(Map<String, List<Line>> newLines, Map<String, Head.Extent> logs)
      throws IOException {
    for (Map.Entry<String, List<Line>> entry : newLines.entrySet()) {
      Head.Extent more =
          append(entry.getKey(), entry.getValue(), !logs.containsKey(entry.getKey()));
      logs.merge(
          entry.getKey(),
          more,
          (old, added) ->
              new Head.Extent(old.lines() + added.lines(), old.bytes() + added.bytes()));
    }
  }

  private Head.Extent append(String file, List<Line> newLines, boolean isNewFile)
      throws IOException {
    LineBuffer bytes = new LineBuffer();
    if (isNewFile) {
      byte[] header = Header.ofLog(identity.community(), Catalog.ofLog(file).orElseThrow(), file);
      bytes.put(header, 0, header.length);
    }
    for (Line line : newLines) {
      bytes.put(line.bytes(), line.logStart(), line.bytes().length - line.logStart());
    }
    try (Disk.Appender out = disk.append(file)) {
      out.write(bytes.array(), 0, bytes.length());
      out.force();
    }
    if (isNewFile) {
      disk.forceFolder(Disk.folderOf(file));
    }
    return new Head.Extent(newLines.size() + (isNewFile ? Header.LINES : 0), bytes.length());
  }
}
