package org.thywill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.derived.PageUpdater;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;

/**
 * A checkpoint that has begun: {@link #run} copies the changes since the last one to logs, pages
 * and snapshots, and writes the head. It knows all that it needs, so its archive may go on
 * appending to the journal meanwhile, in another thread.
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
   * @param before the last checkpoint
   * @param lines the changes since then
   * @param after the head that is to be written, with the logs of the last one still
   * @param logsSuspect whether a checkpoint that failed may have left something in the logs
   * @param endsMonth whether the month of the last change has ended, so that it is sealed too
   */
  Checkpoint(
      Disk disk,
      ArchiveIdentity identity,
      Head before,
      List<Line> lines,
      Head after,
      boolean logsSuspect,
      boolean endsMonth) {
    this.disk = disk;
    this.identity = identity;
    this.before = before;
    this.lines = lines;
    this.head = after;
    this.logsSuspect = logsSuspect;
    this.endsMonth = endsMonth;
  }

  /** How many changes it copies. */
  int count() {
    return lines.size();
  }

  /** What is written when {@link #run} has succeeded. */
  Head head() {
    return head;
  }

  /**
   * Copies, and records that the copies stand there.
   *
   * @throws IOException if that failed; the changes are safe in the journal all the same, and the
   *     next checkpoint begins anew
   */
  public void run(PageLocator places) throws IOException {
    if (!lines.isEmpty()) {
      copy(places);
    }
    if (endsMonth) {
      new MonthSealer(disk).seal(SealFile.month(head.at()), head.seq(), head.logs());
    }
  }

  private void copy(PageLocator places) throws IOException {
    if (logsSuspect) {
      before.write(disk); // one of its copies may tell of logs that are cut now
      LogTailTruncation.cut(disk, before);
    }
    Map<String, Head.Extent> logs = appendToLogs();
    new PageUpdater(disk, identity, before).update(lines, places);
    new Snapshots(disk, identity, before).update(lines);
    head =
        new Head(head.seq(), head.at(), head.journal(), head.journalExtent(), head.digest(), logs);
    head.write(disk);
  }

  /**
   * Appends month by month, and seals each month behind which another one begins. Gives all logs as
   * they are then.
   */
  private Map<String, Head.Extent> appendToLogs() throws IOException {
    Map<String, Head.Extent> logs = new TreeMap<>(before.logs());
    Map<String, List<Line>> news = new LinkedHashMap<>();
    String month = before.seq() == 0 ? "" : SealFile.month(before.at());
    for (Line line : lines) {
      String next = SealFile.month(line.change().at());
      if (!next.equals(month)) {
        append(news, logs);
        news.clear();
        if (!month.isEmpty()) {
          new MonthSealer(disk).seal(month, line.change().seq() - 1, logs);
        }
        month = next;
      }
      news.computeIfAbsent(
              line.change().table().logLocation().file(line.change().at()),
              file -> new ArrayList<>())
          .add(line);
    }
    append(news, logs);
    return logs;
  }

  private void append(Map<String, List<Line>> news, Map<String, Head.Extent> logs)
      throws IOException {
    for (Map.Entry<String, List<Line>> entry : news.entrySet()) {
      Head.Extent more =
          append(entry.getKey(), entry.getValue(), !logs.containsKey(entry.getKey()));
      logs.merge(
          entry.getKey(),
          more,
          (old, added) ->
              new Head.Extent(old.lines() + added.lines(), old.bytes() + added.bytes()));
    }
  }

  private Head.Extent append(String file, List<Line> news, boolean fresh) throws IOException {
    LineBuffer bytes = new LineBuffer();
    if (fresh) {
      byte[] header = Header.ofLog(identity.community(), Catalog.ofLog(file).orElseThrow(), file);
      bytes.put(header, 0, header.length);
    }
    for (Line line : news) {
      bytes.put(line.bytes(), line.logStart(), line.bytes().length - line.logStart());
    }
    try (Disk.Appender out = disk.append(file)) {
      out.write(bytes.array(), 0, bytes.length());
      out.force();
    }
    if (fresh) {
      disk.forceFolder(Disk.folderOf(file));
    }
    return new Head.Extent(news.size() + (fresh ? Header.LINES : 0), bytes.length());
  }
}
