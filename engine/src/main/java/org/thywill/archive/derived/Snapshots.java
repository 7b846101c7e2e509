package org.thywill.archive.derived;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.SnapshotCodec;
import org.thywill.archive.log.DerivedLineFinder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;

/**
 * Writes the snapshots, which have the present rows of small tables (FORMAT.md, Snapshots).
 *
 * <p>A snapshot has a header, a line for each present row in the order of keys, {@code as_of|SEQ}
 * with the last change of the table, and {@code check|} with the CRC-32 of all bytes above.
 */
public final class Snapshots {
  private static final String AS_OF = "as_of|";
  private static final String CHECK = "check|";
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;
  private final DerivedLineFinder logs;
  private final LineCodec codec = new LineCodec();

  /** The snapshots at a checkpoint. */
  public Snapshots(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
    this.logs = new DerivedLineFinder(disk, identity, head);
  }

  /** Writes the snapshots of all tables that changed after the checkpoint; they are then safe. */
  public void update(List<Line> pending) throws IOException {
    for (Table table : tables()) {
      List<Line> newLines =
          pending.stream().filter(line -> line.change().table() == table).toList();
      if (newLines.isEmpty()) {
        continue;
      }
      Optional<SortedMap<String, Line>> known = read(table);
      SortedMap<String, Line> rows = known.isPresent() ? known.get() : logs.present(table);
      for (Line line : newLines) {
        if (line.change().operation() == Operation.REMOVED) {
          rows.remove(line.change().row().key());
        } else {
          rows.put(line.change().row().key(), line);
        }
      }
      disk.replace(file(table), render(table, rows, newLines.getLast().change().seq()));
    }
  }

  /** Writes every snapshot from the logs. */
  public void writeAll() throws IOException {
    for (Table table : tables()) {
      if (!head.logsOf(table).isEmpty()) {
        disk.replace(file(table), expected(table));
      }
    }
  }

  /**
   * The content that the snapshot of a table must have.
   *
   * @throws DamagedArchiveException if a log of the table is damaged
   */
  public byte[] expected(Table table) throws IOException {
    SortedMap<String, Line> rows = logs.present(table);
    return render(table, rows, logs.lastSeq(table));
  }

  /** The tables that have a snapshot. */
  public static List<Table> tables() {
    return Catalog.TABLES.stream().filter(table -> table.snapshot().isPresent()).toList();
  }

  /** The path of the snapshot of a table. */
  public static String file(Table table) {
    return table.snapshot().orElseThrow().file();
  }

  /**
   * The content of a snapshot.
   *
   * @param rows the lines of the present rows, by key
   * @param asOf the last change of the table
   */
  public byte[] render(Table table, SortedMap<String, Line> rows, long asOf) {
    LineBuffer out = new LineBuffer();
    byte[] header = Header.ofSnapshot(identity.community(), table, file(table));
    out.put(header, 0, header.length);
    rows.values().stream()
        .filter(line -> table.snapshot().orElseThrow().rows().test(line.change().row()))
        .forEach(line -> out.utf8(SnapshotCodec.fromLog(table, line.logText())).put((byte) '\n'));
    out.ascii(AS_OF).ascii(Long.toString(asOf)).put((byte) '\n');
    out.ascii(CHECK).ascii(LineCodec.crc(out.array(), 0, out.length())).put((byte) '\n');
    return out.copy(0);
  }

  /** Whether the check at the end of a snapshot matches. */
  public static boolean isWhole(byte[] bytes) {
    int checkOffset = checkOffset(bytes);
    return checkOffset >= 0
        && new String(bytes, checkOffset, bytes.length - checkOffset, StandardCharsets.UTF_8)
            .equals(CHECK + LineCodec.crc(bytes, 0, checkOffset + CHECK.length()) + "\n");
  }

  private static int checkOffset(byte[] bytes) {
    return bytes.length - CHECK.length() - 9;
  }

  /**
   * The rows of the present snapshot of a table; empty if it is missing, damaged or newer than the
   * checkpoint.
   */
  private Optional<SortedMap<String, Line>> read(Table table) throws IOException {
    Optional<byte[]> found = disk.readIfPresent(file(table)).filter(Snapshots::isWhole);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = found.get();
    int checkOffset = checkOffset(bytes);
    SortedMap<String, Line> rows = new TreeMap<>();
    LineBuffer scratch = new LineBuffer();
    String[] lines = new String(bytes, 0, checkOffset, StandardCharsets.UTF_8).split("\n");
    // The kind of a line follows from its position: a key may begin with "#" or be "as_of".
    String asOf = lines[lines.length - 1];
    if (!asOf.startsWith(AS_OF) || Long.parseLong(asOf.substring(AS_OF.length())) > head.seq()) {
      return Optional.empty();
    }
    for (String text : Arrays.asList(lines).subList(Header.LINES, lines.length - 1)) {
      try {
        byte[] log = SnapshotCodec.toLog(table, text).getBytes(StandardCharsets.UTF_8);
        Line line = Line.encode(codec.decodeLog(table, log, 0, log.length), codec, scratch);
        rows.put(line.change().row().key(), line);
      } catch (MalformedLineException e) {
        return Optional.empty();
      }
    }
    return Optional.of(rows);
  }
}
