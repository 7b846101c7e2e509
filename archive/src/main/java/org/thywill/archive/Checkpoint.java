package org.thywill.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Catalog;

/**
 * A checkpoint that has begun: {@link #run} copies the changes since the last one to logs, pages and snapshots, and writes the head. It knows
 * all that it needs, so its archive may go on appending to the journal meanwhile, in another thread.
 */
public final class Checkpoint {
  private final Disk disk;
  private final Identity identity;
  private final Head before;
  private final List<Line> lines;
  private final boolean logsSuspect;
  private Head head;

  /**
   * @param before the last checkpoint
   * @param lines the changes since then
   * @param after the head that is to be written, with the logs of the last one still
   * @param logsSuspect whether a checkpoint that failed may have left something in the logs
   */
  Checkpoint(Disk disk, Identity identity, Head before, List<Line> lines, Head after, boolean logsSuspect) {
    this.disk = disk;
    this.identity = identity;
    this.before = before;
    this.lines = lines;
    this.head = after;
    this.logsSuspect = logsSuspect;
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
   * @throws IOException if that failed; the changes are safe in the journal all the same, and the next checkpoint begins anew
   */
  public void run(PagePlaces places) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    if (logsSuspect) {
      before.write(disk); // one of its copies may tell of logs that are cut now
      LogTails.cut(disk, before);
    }
    Map<String, Head.Extent> logs = appendToLogs();
    new Pages(disk, identity, before).update(lines, places);
    new Snapshots(disk, identity, before).update(lines);
    head = new Head(head.seq(), head.at(), head.journal(), head.journalExtent(), head.digest(), logs);
    head.write(disk);
  }

  private Map<String, Head.Extent> appendToLogs() throws IOException {
    Map<String, List<Line>> news = new LinkedHashMap<>();
    for (Line line : lines) {
      news.computeIfAbsent(line.change().table().home().file(line.change().at()), file -> new ArrayList<>()).add(line);
    }
    Map<String, Head.Extent> logs = new TreeMap<>(before.logs());
    for (Map.Entry<String, List<Line>> entry : news.entrySet()) {
      logs.merge(entry.getKey(), appendToLog(entry.getKey(), entry.getValue()),
          (old, more) -> new Head.Extent(old.lines() + more.lines(), old.bytes() + more.bytes()));
    }
    return logs;
  }

  private Head.Extent appendToLog(String file, List<Line> news) throws IOException {
    boolean fresh = !before.logs().containsKey(file);
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
