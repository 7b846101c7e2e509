package org.thywill.archive.repair;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ChangeSink;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.SnapshotCodec;
import org.thywill.archive.log.JournalTail;
import org.thywill.archive.log.LogReader;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;

/**
 * Reads all good lines of a damaged archive, and lists the changes that no file has any more.
 *
 * <p>Used only for a recovery with accepted losses, and to accept gaps. Never writes. A control
 * file that cannot be read is {@linkplain ControlFiles derived}.
 *
 * <p>How: a sound log is read line by line. For a damaged one, its good lines and those of the
 * journal are merged in memory, one log at a time. Changes that are still missing are searched for
 * on pages and in snapshots. Not safe for several threads.
 */
public final class Salvage {
  private static final int LOST_MAX = 1_000;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;
  private final TreeSet<String> damagedLogs = new TreeSet<>();
  private final BitSet seen = new BitSet();
  private final SortedMap<Long, Change> recoveredElsewhere = new TreeMap<>();
  private final SortedMap<Long, Change> tail = new TreeMap<>();
  private final SortedMap<String, Long> missingByLog = new TreeMap<>();
  private long last;

  /**
   * A range of changes that no file has.
   *
   * @param logs the logs that lack lines, one of which had them; more than one if it is not known
   *     which, empty after the last checkpoint
   */
  public record Lost(long first, long last, List<String> logs) {
    /** The range as {@code 17}, or {@code 17-18}. */
    public String seqs() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }

    /** The tables of which a row may have been changed. */
    public List<Table> tables() {
      return logs.isEmpty()
          ? Catalog.TABLES
          : logs.stream().map(log -> Catalog.ofLog(log).orElseThrow()).distinct().toList();
    }
  }

  private Salvage(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
  }

  /**
   * Finds all good lines of an archive.
   *
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if nothing says which community it is
   */
  public static Salvage of(Disk disk) throws IOException {
    ControlFiles control = ControlFiles.read(disk);
    Salvage salvage = new Salvage(disk, control.identity(), control.head());
    salvage.readTail();
    salvage.readLogs();
    salvage.searchDerivedFiles();
    return salvage;
  }

  /** Which community the archive belongs to. */
  public ArchiveIdentity identity() {
    return identity;
  }

  /** The seq of the last change that is known to have been made. */
  public long lastSeq() {
    return last;
  }

  /**
   * The time of the last change after the checkpoint, or of the checkpoint, in microseconds since
   * 1970.
   */
  public long lastAt() {
    return tail.isEmpty() ? head.atMicros() : Objects.requireNonNull(tail.get(tail.lastKey())).at();
  }

  /**
   * The changes that no file has, in order. Of more than 1,000 ranges the last one extends to the
   * end.
   */
  public List<Lost> lost() {
    List<Lost> lost = new ArrayList<>();
    for (int first = seen.nextClearBit(1); first <= last; first = seen.nextClearBit(first)) {
      int next = seen.nextSetBit(first);
      long until = next < 0 || lost.size() == LOST_MAX - 1 ? last : Math.min(next - 1L, last);
      lost.add(new Lost(first, until, logsOf(first)));
      if (next < 0 || until == last) {
        break;
      }
      first = next;
    }
    return lost;
  }

  /** The seqs of all changes that no file has. */
  public BitSet lostSeqs() {
    BitSet lost = new BitSet();
    lost.set(1, Math.toIntExact(last) + 1);
    lost.andNot(seen);
    return lost;
  }

  /** The tables of which a lost change may have changed a row. */
  public List<Table> tablesOf(long lostSeq) {
    return new Lost(lostSeq, lostSeq, logsOf(lostSeq)).tables();
  }

  private List<String> logsOf(long lostSeq) {
    return lostSeq > head.seq() ? List.of() : List.copyOf(missingByLog.keySet());
  }

  /** The digest of the community at the last checkpoint, when nothing was lost. */
  public Digest digestAtCheckpoint() {
    return head.digest();
  }

  /** The changes after the last checkpoint that were found, in order. */
  public List<Change> tail() {
    return List.copyOf(tail.values());
  }

  /** Gives all changes of a table up to the last checkpoint that were found, in order. */
  public void forEach(Table table, ChangeSink sink) throws IOException {
    Deque<Change> elsewhere = new ArrayDeque<>();
    for (Change change : recoveredElsewhere.values()) {
      if (change.table() == table) {
        elsewhere.add(change);
      }
    }
    ChangeSink merged =
        change -> {
          while (!elsewhere.isEmpty() && elsewhere.getFirst().seq() < change.seq()) {
            sink.accept(elsewhere.removeFirst());
          }
          return sink.accept(change);
        };
    long before = 0;
    for (String file : head.logsOf(table)) {
      if (damagedLogs.contains(file)) {
        for (Change change : good(table, file).values()) {
          merged.accept(change);
        }
      } else {
        LogReader log = reader(table, file, before);
        log.run(merged);
        before = log.last();
      }
    }
    for (Change change : elsewhere) {
      sink.accept(change);
    }
  }

  private LogReader reader(Table table, String file, long before) {
    return new LogReader(
        disk, identity, table, file, Objects.requireNonNull(head.logs().get(file)), before);
  }

  /**
   * Reads the changes after the last checkpoint. A torn end was never acknowledged; if the journal
   * is damaged, all good lines count.
   */
  private void readTail() throws IOException {
    long known = LogTailTruncation.highestSeq(disk, head);
    JournalTail journal = JournalTail.read(disk, identity, head, known);
    journal.lines().forEach(line -> tail.put(line.change().seq(), line.change()));
    if (journal.state() instanceof JournalTail.State.Damaged) {
      LineCodec codec = new LineCodec();
      for (String file : JournalFile.list(disk)) {
        forEachLine(file, in -> addToTail(codec.decodeJournal(in.bytes(), in.from(), in.to())));
      }
      for (String file : LogTailTruncation.logs(disk)) {
        Table table = Catalog.ofLog(file).orElseThrow();
        forEachLine(file, in -> addToTail(codec.decodeLog(table, in.bytes(), in.from(), in.to())));
      }
    }
    last = tail.isEmpty() ? head.seq() : tail.lastKey();
    tail.keySet().forEach(seq -> seen.set(Math.toIntExact(seq)));
  }

  private void addToTail(Change change) {
    if (change.seq() > head.seq()) {
      tail.putIfAbsent(change.seq(), change);
    }
  }

  private void readLogs() throws IOException {
    for (Table table : Catalog.TABLES) {
      for (String file : head.logsOf(table)) {
        try {
          reader(table, file, 0)
              .run(
                  change -> {
                    if (change.seq() > head.seq()) {
                      throw new DamagedArchiveException(
                          "log-long",
                          file,
                          0,
                          "holds change " + change.seq() + ", after the checkpoint");
                    }
                    seen.set(Math.toIntExact(change.seq()));
                    return true;
                  });
        } catch (DamagedArchiveException damage) {
          damagedLogs.add(file);
          SortedMap<Long, Change> good = good(table, file);
          good.keySet().forEach(seq -> seen.set(Math.toIntExact(seq)));
          long expected = Objects.requireNonNull(head.logs().get(file)).lines() - Header.LINES;
          if (good.size() < expected) {
            missingByLog.put(file, expected - good.size());
          }
        }
      }
    }
  }

  /** The good lines of a damaged log, in it and in the journal, by seq. */
  private SortedMap<Long, Change> good(Table table, String file) throws IOException {
    FilePeriod period = FilePeriod.of(table.logLocation().period(file).orElseThrow());
    SortedMap<Long, Change> good = new TreeMap<>();
    LineCodec codec = new LineCodec();
    forEachLine(
        file, in -> keep(good, codec.decodeLog(table, in.bytes(), in.from(), in.to()), period));
    byte[] prefix = LineCodec.prefix(table);
    for (String journal : JournalFile.list(disk)) {
      if (JournalFile.firstSeq(journal) <= head.seq()
          && period.overlaps(FilePeriod.of(JournalFile.month(journal)))) {
        forEachLine(
            journal,
            in -> {
              int log = in.from() + prefix.length;
              if (log <= in.to()
                  && Arrays.equals(in.bytes(), in.from(), log, prefix, 0, prefix.length)) {
                keep(good, codec.decodeLog(table, in.bytes(), log, in.to()), period);
              }
            });
      }
    }
    return good;
  }

  private void keep(SortedMap<Long, Change> good, Change change, FilePeriod period) {
    if (change.seq() <= head.seq() && period.holds(change.at())) {
      good.putIfAbsent(change.seq(), change);
    }
  }

  /** Searches sound pages and snapshots for the changes that are still missing. */
  private void searchDerivedFiles() throws IOException {
    if (seen.nextClearBit(1) > head.seq()) {
      return;
    }
    LineCodec codec = new LineCodec();
    for (String file : disk.list(PrayerPageFile.FOLDER)) {
      if (PrayerPageFile.isPage(file)) {
        try {
          PrayerPageFile.lines(disk.readAll(file), codec).forEach(line -> add(line.change()));
        } catch (MalformedLineException e) {
          // A damaged page proves nothing, and the checker reports it.
        }
      }
    }
    for (Table table : Snapshots.tables()) {
      Optional<byte[]> snapshot = disk.readIfPresent(Snapshots.file(table));
      if (snapshot.filter(Snapshots::isWhole).isPresent()) {
        new String(snapshot.get(), StandardCharsets.UTF_8)
            .lines()
            .forEach(text -> add(table, text, codec));
      }
    }
  }

  private void add(Table table, String text, LineCodec codec) {
    try {
      byte[] log = SnapshotCodec.toLog(table, text).getBytes(StandardCharsets.UTF_8);
      add(codec.decodeLog(table, log, 0, log.length));
    } catch (MalformedLineException e) {
      // The header and the last lines of a snapshot are not rows.
    }
  }

  private void add(Change change) {
    int seq = Math.toIntExact(change.seq());
    if (seq <= head.seq() && !seen.get(seq)) {
      seen.set(seq);
      recoveredElsewhere.put(change.seq(), change);
      String log = change.table().logLocation().file(change.at());
      missingByLog.computeIfPresent(log, (file, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** Receives lines. */
  @FunctionalInterface
  private interface LineSink {
    void accept(LineReader in) throws MalformedLineException;
  }

  /**
   * Gives each line of a file to a sink, unless its header names another community. The file may be
   * missing or have any content. A line that lacks only its line feed may be good: its check
   * decides.
   */
  private void forEachLine(String file, LineSink sink) throws IOException {
    if (Header.isForeign(disk, file, identity.community())) {
      return;
    }
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        try {
          sink.accept(in);
        } catch (MalformedLineException e) {
          // The line is damaged or not a change. If a change is lost, its seq is missing at the
          // end.
        }
      }
    } catch (NoSuchFileException e) {
      // If changes are lost with the file, their seqs are missing at the end.
    }
  }
}
