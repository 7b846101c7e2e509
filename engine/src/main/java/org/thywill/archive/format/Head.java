package org.thywill.archive.format;

import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * What an archive held at its last checkpoint (FORMAT.md, Head).
 *
 * <p>It is kept in {@code journal/head.txt} and {@code journal/head.copy.txt}. All changes up to
 * {@code seq} are in logs, pages and snapshots; later ones are only in the journal.
 *
 * @param seq the last change that the checkpoint covers; 0 in an empty archive
 * @param atMicros the time of that change; microseconds since 1970
 * @param journal the journal file that has {@code seq}; empty if there is none yet
 * @param journalExtent how much of it the checkpoint covers
 * @param digest of the community at {@code seq}
 * @param logs the extent of every log, in the order of the paths
 * @param history the running hash of the changes up to {@code seq}; null in an archive that was
 *     last written before there was one
 */
public record Head(
    long seq,
    long atMicros,
    String journal,
    Extent journalExtent,
    Digest digest,
    Map<String, Extent> logs,
    @Nullable String history) {
  /** The file and its copy. */
  public static final ControlFile FILE = new ControlFile("journal/head");

  /** No line of a log is shorter: its time, seq, transaction and check alone take more. */
  public static final int LINE_BYTES_MIN = 40;

  private static final Comparator<Head> BY_AGE = Comparator.comparingLong(Head::seq);

  /** How many lines, with the header, and bytes of a file the checkpoint covers. */
  public record Extent(long lines, long bytes) {
    public static final Extent NOTHING = new Extent(0, 0);
  }

  public Head {
    logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs));
  }

  /** The head of an empty archive. */
  public static Head empty(long atMicros) {
    return new Head(0, atMicros, "", Extent.NOTHING, Digest.empty(), Map.of(), HistoryHash.START);
  }

  /** This head with the running hash of its changes. */
  public Head withHistory(@Nullable String hash) {
    return new Head(seq, atMicros, journal, journalExtent, digest, logs, hash);
  }

  /** The same checkpoint with another digest. */
  public Head with(Digest other) {
    return new Head(seq, atMicros, journal, journalExtent, other, logs, history);
  }

  /** The same checkpoint where no journal is left: what came after it is not looked for. */
  public Head withoutJournal() {
    return new Head(seq, atMicros, "", Extent.NOTHING, digest, logs, history);
  }

  /** Whether a folder has one of the two copies, sound or not. */
  public static boolean isPresent(Disk disk) throws IOException {
    return FILE.exists(disk);
  }

  /**
   * Writes the first copy, then the second. After a failure one of them may be of the last
   * checkpoint.
   */
  public void write(Disk disk) throws IOException {
    FILE.write(disk, content());
  }

  /** The lines of the file, without the check. */
  public String content() {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "# ThyWill: what the archive held at its last checkpoint. README.txt explains the rest.\n");
    lines.append("seq|").append(seq).append('\n');
    lines.append("at|").append(Timestamps.format(atMicros)).append('\n');
    lines
        .append("journal|")
        .append(journal)
        .append('|')
        .append(journalExtent.lines())
        .append('|')
        .append(journalExtent.bytes())
        .append('\n');
    if (history != null) {
      lines.append("history|").append(history).append('\n');
    }
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
   * @throws DamagedArchiveException if each copy is damaged or missing
   */
  public static Head read(Disk disk) throws IOException {
    return FILE.newest(disk, Head::parse, BY_AGE);
  }

  /** Restores a copy that is missing, damaged or older, and returns a note for each. */
  public List<Finding> restoreCopies(Disk disk) throws IOException {
    return FILE.restore(disk, this, content(), Head::parse, BY_AGE);
  }

  /**
   * Parses the lines of a sound file.
   *
   * @throws DamagedArchiveException if they are not as this program writes them
   */
  public static Head parse(List<String> lines) throws DamagedArchiveException {
    try {
      long seq = 0;
      long atMicros = 0;
      String journal = "";
      String history = null;
      Extent journalExtent = Extent.NOTHING;
      Map<String, Digest.Entry> tables = new LinkedHashMap<>();
      Map<String, Extent> logs = new LinkedHashMap<>();
      for (String line : lines) {
        String[] fields = line.split("\\|", -1);
        switch (fields[0]) {
          case "seq" -> seq = Long.parseLong(fields[1]);
          case "at" -> atMicros = Timestamps.parse(fields[1]);
          case "journal" -> {
            journal = fields[1];
            journalExtent = new Extent(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
          }
          case "history" -> history = new HistoryHash(fields[1]).hex();
          case "table" ->
              tables.put(fields[1], new Digest.Entry(Long.parseLong(fields[2]), fields[3]));
          case "log" ->
              logs.put(fields[1], new Extent(Long.parseLong(fields[2]), Long.parseLong(fields[3])));
          case "digest" -> {}
          default -> throw new IllegalArgumentException("a line " + fields[0]);
        }
      }
      requireLinesOf(seq, logs);
      return new Head(seq, atMicros, journal, journalExtent, new Digest(tables), logs, history);
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

  /** Every change is a line of exactly one log, so a seq that the logs do not lead to is wrong. */
  private static void requireLinesOf(long seq, Map<String, Extent> logs) {
    long changes = 0;
    for (Map.Entry<String, Extent> log : logs.entrySet()) {
      long lines = log.getValue().lines() - Header.LINES;
      if (lines < 0 || lines > log.getValue().bytes() / LINE_BYTES_MIN) {
        throw new IllegalArgumentException(
            "the log "
                + log.getKey()
                + " cannot have "
                + log.getValue().lines()
                + " lines in "
                + log.getValue().bytes()
                + " bytes");
      }
      changes += lines;
    }
    if (changes != seq) {
      throw new IllegalArgumentException(
          "the seq is " + seq + "; expected " + changes + ", as many lines as the logs have");
    }
  }

  /** The logs of a table in the order of their periods. */
  public List<String> logsOf(Table table) {
    return logs.keySet().stream()
        .filter(file -> table.logLocation().period(file).isPresent())
        .toList();
  }
}
