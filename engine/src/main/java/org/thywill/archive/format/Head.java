package org.thywill.archive.format;

import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * What an archive held at its last checkpoint: the files {@code journal/head.txt} and {@code
 * journal/head.copy.txt} (FORMAT.md, Head). All changes up to {@code seq} stand in logs, pages and
 * snapshots; later ones in the journal alone.
 *
 * @param seq the last change that the checkpoint covers; 0 in an empty archive
 * @param at the time of that change, in microseconds since 1970
 * @param journal the journal file that goes on after {@code seq}; empty if there is none yet
 * @param journalExtent how much of it the checkpoint covers
 * @param digest of the community at {@code seq}
 * @param logs every log, by path, in the order of the paths
 */
public record Head(
    long seq,
    long at,
    String journal,
    Extent journalExtent,
    Digest digest,
    Map<String, Extent> logs) {
  public static final ControlFile FILE = new ControlFile("journal/head");
  private static final Comparator<Head> BY_AGE = Comparator.comparingLong(Head::seq);

  /** How many lines, header included, and bytes of a file the checkpoint covers. */
  public record Extent(long lines, long bytes) {
    public static final Extent NOTHING = new Extent(0, 0);
  }

  public Head {
    logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs));
  }

  public static Head empty(long at) {
    return new Head(0, at, "", Extent.NOTHING, Digest.empty(), Map.of());
  }

  /** Whether a folder has, or had, the head of an archive. */
  public static boolean isPresent(Disk disk) throws IOException {
    return FILE.exists(disk);
  }

  public void write(Disk disk) throws IOException {
    FILE.write(disk, content());
  }

  /** What the files say, without the check. */
  public String content() {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "# ThyWill: what the archive held at its last checkpoint. README.txt explains the rest.\n");
    lines.append("seq|").append(seq).append('\n');
    lines.append("at|").append(Timestamps.format(at)).append('\n');
    lines
        .append("journal|")
        .append(journal)
        .append('|')
        .append(journalExtent.lines())
        .append('|')
        .append(journalExtent.bytes())
        .append('\n');
    lines.append("digest|").append(digest.hex()).append('\n');
    digest
        .tables()
        .forEach(
            (table, entry) ->
                lines
                    .append("table|")
                    .append(table)
                    .append('|')
                    .append(entry.rows())
                    .append('|')
                    .append(entry.hex())
                    .append('\n'));
    logs.forEach(
        (file, log) ->
            lines
                .append("log|")
                .append(file)
                .append('|')
                .append(log.lines())
                .append('|')
                .append(log.bytes())
                .append('\n'));
    return lines.toString();
  }

  /**
   * Reads the newest sound copy.
   *
   * @throws DamagedArchiveException if both copies are damaged or missing
   */
  public static Head read(Disk disk) throws IOException {
    return FILE.newest(disk, Head::parse, BY_AGE);
  }

  /** Writes a copy again that is missing, damaged or older than this one. Gives what was mended. */
  public List<Finding> mendCopies(Disk disk) throws IOException {
    return FILE.mend(disk, this, content(), Head::parse, BY_AGE);
  }

  /** Reads the lines of a sound file. */
  public static Head parse(List<String> lines) throws DamagedArchiveException {
    try {
      long seq = 0;
      long at = 0;
      String journal = "";
      Extent journalExtent = Extent.NOTHING;
      Map<String, Digest.Entry> tables = new LinkedHashMap<>();
      Map<String, Extent> logs = new LinkedHashMap<>();
      for (String line : lines) {
        String[] fields = line.split("\\|", -1);
        switch (fields[0]) {
          case "seq" -> seq = Long.parseLong(fields[1]);
          case "at" -> at = Timestamps.parse(fields[1]);
          case "journal" -> {
            journal = fields[1];
            journalExtent = new Extent(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
          }
          case "table" ->
              tables.put(fields[1], new Digest.Entry(Long.parseLong(fields[2]), fields[3]));
          case "log" ->
              logs.put(fields[1], new Extent(Long.parseLong(fields[2]), Long.parseLong(fields[3])));
          case "digest" -> {}
          default -> throw new IllegalArgumentException("a line " + fields[0]);
        }
      }
      return new Head(seq, at, journal, journalExtent, new Digest(tables), logs);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  "control-damaged",
                  FILE.file(),
                  0,
                  "not as this program writes it: " + e.getMessage())
              .initCause(e);
    }
  }

  /** The logs of a table in the order of their periods. */
  public List<String> logsOf(Table table) {
    return logs.keySet().stream()
        .filter(file -> table.logLocation().period(file).isPresent())
        .toList();
  }
}
