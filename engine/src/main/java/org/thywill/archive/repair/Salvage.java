package org.thywill.archive.repair;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * Reads an archive of which something is lost: every line that is as it was written, wherever it
 * stands, and says which changes stand nowhere. Only whoever asks for it reads an archive in this
 * way; it reads only, and needs a sound copy of {@code archive.txt} and of the head.
 *
 * <p>How: a log that is as it was written is read line by line. Of one that is not, the good lines
 * of the log and those of the journal are put together, in memory, a month of one kind at a time.
 * What is missing after that is looked for on pages and in snapshots.
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
   * Changes that stand nowhere.
   *
   * @param logs the logs that lack lines, one of which held them; more than one if that cannot be
   *     told, empty behind the last checkpoint
   */
  public record Lost(long first, long last, List<String> logs) {
    /** {@code 17}, or {@code 17-18}. */
    public String seqs() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }

    /** The kinds of rows of which one may have been changed. */
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
   * Looks for everything that can be had.
   *
   * @throws NotAnArchiveException if there is none, or a newer one
   * @throws DamagedArchiveException if both copies of a control file are lost: without them nothing
   *     can be told from anything
   */
  public static Salvage of(Disk disk) throws IOException {
    Salvage salvage = new Salvage(disk, ArchiveIdentity.read(disk), Head.read(disk));
    salvage.readTail();
    salvage.readLogs();
    salvage.searchDerivedFiles();
    return salvage;
  }

  public ArchiveIdentity identity() {
    return identity;
  }

  /** The last change that is known to have been, or that can be had. */
  public long lastSeq() {
    return last;
  }

  /**
   * The time of the last checkpoint, or of the last change behind it, in microseconds since 1970.
   */
  public long lastAt() {
    return tail.isEmpty() ? head.at() : Objects.requireNonNull(tail.get(tail.lastKey())).at();
  }

  /**
   * The changes that stand nowhere, in order; of more than a thousand gaps the last one goes on to
   * the end.
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

  /** The numbers of all changes that stand nowhere. */
  public BitSet lostSeqs() {
    BitSet lost = new BitSet();
    lost.set(1, Math.toIntExact(last) + 1);
    lost.andNot(seen);
    return lost;
  }

  /** The kinds of rows that a lost change may have changed. */
  public List<Table> tablesOf(long lostSeq) {
    return new Lost(lostSeq, lostSeq, logsOf(lostSeq)).tables();
  }

  private List<String> logsOf(long lostSeq) {
    return lostSeq > head.seq() ? List.of() : List.copyOf(missingByLog.keySet());
  }

  /**
   * What the archive recorded of the community at its last checkpoint, with everything that is lost
   * now.
   */
  public Digest digestAtCheckpoint() {
    return head.digest();
  }

  /** The changes after the last checkpoint that can be had, in order. */
  public List<Change> tail() {
    return List.copyOf(tail.values());
  }

  /** All changes of a table up to the last checkpoint that can be had, in order. */
  public void forEach(Table table, ChangeSink sink) throws IOException {
    long before = 0;
    List<Change> found = new ArrayList<>();
    for (Change change : recoveredElsewhere.values()) {
      if (change.table() == table) {
        found.add(change);
      }
    }
    int next = 0;
    for (String file : head.logsOf(table)) {
      int[] from = {next};
      ChangeSink merged =
          change -> {
            while (from[0] < found.size() && found.get(from[0]).seq() < change.seq()) {
              sink.accept(found.get(from[0]++));
            }
            return sink.accept(change);
          };
      LogReader scan = scan(table, file, before);
      if (damagedLogs.contains(file)) {
        for (Change change : good(table, file).values()) {
          merged.accept(change);
        }
      } else {
        scan.run(merged);
        before = scan.last();
      }
      next = from[0];
    }
    for (Change change : found.subList(next, found.size())) {
      sink.accept(change);
    }
  }

  private LogReader scan(Table table, String file, long before) {
    return new LogReader(
        disk, identity, table, file, Objects.requireNonNull(head.logs().get(file)), before);
  }

  /**
   * What was written down after the last checkpoint. A torn end was never acknowledged; where the
   * journal is damaged, all good lines count.
   */
  private void readTail() throws IOException {
    long known = LogTailTruncation.highestSeq(disk, head);
    JournalTail journal = JournalTail.read(disk, identity, head, known);
    journal.lines().forEach(line -> tail.put(line.change().seq(), line.change()));
    if (journal.state() instanceof JournalTail.State.Damaged) {
      LineCodec codec = new LineCodec();
      for (String file : JournalFile.list(disk)) {
        forEachLine(file, in -> behindTheHead(codec.decodeJournal(in.bytes(), in.from(), in.to())));
      }
      for (String file : LogTailTruncation.logs(disk)) {
        Table table = Catalog.ofLog(file).orElseThrow();
        forEachLine(
            file, in -> behindTheHead(codec.decodeLog(table, in.bytes(), in.from(), in.to())));
      }
    }
    last = tail.isEmpty() ? head.seq() : tail.lastKey();
    tail.keySet().forEach(seq -> seen.set(Math.toIntExact(seq)));
  }

  private void behindTheHead(Change change) {
    if (change.seq() > head.seq()) {
      tail.putIfAbsent(change.seq(), change);
    }
  }

  private void readLogs() throws IOException {
    for (Table table : Catalog.TABLES) {
      for (String file : head.logsOf(table)) {
        try {
          scan(table, file, 0)
              .run(
                  change -> {
                    if (change.seq() > head.seq()) {
                      throw new DamagedArchiveException(
                          "log-long",
                          file,
                          0,
                          "holds change " + change.seq() + ", behind the checkpoint");
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

  /** The good lines that a damaged log and the journal have of it, together. */
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

  /** Looks on whole pages and in whole snapshots for the changes that are still missing. */
  private void searchDerivedFiles() throws IOException {
    if (seen.nextClearBit(1) > head.seq()) {
      return;
    }
    LineCodec codec = new LineCodec();
    for (String file : disk.list(PrayerPageFile.FOLDER)) {
      if (PrayerPageFile.isPage(file)) {
        try {
          PrayerPageFile.lines(bytes(file), codec).forEach(line -> witness(line.change()));
        } catch (MalformedLineException e) {
          // A page that is not whole is no witness; what is damaged is reported by the checker.
        }
      }
    }
    for (Table table : Snapshots.tables()) {
      Optional<byte[]> snapshot =
          disk.exists(Snapshots.file(table))
              ? Optional.of(bytes(Snapshots.file(table)))
              : Optional.empty();
      if (snapshot.filter(Snapshots::isWhole).isPresent()) {
        new String(snapshot.get(), StandardCharsets.UTF_8)
            .lines()
            .forEach(text -> witness(table, text, codec));
      }
    }
  }

  private void witness(Table table, String text, LineCodec codec) {
    try {
      byte[] log = SnapshotCodec.toLog(table, text).getBytes(StandardCharsets.UTF_8);
      witness(codec.decodeLog(table, log, 0, log.length));
    } catch (MalformedLineException e) {
      // The header and the last lines of a snapshot are no rows.
    }
  }

  private void witness(Change change) {
    int seq = Math.toIntExact(change.seq());
    if (seq <= head.seq() && !seen.get(seq)) {
      seen.set(seq);
      recoveredElsewhere.put(change.seq(), change);
      String log = change.table().logLocation().file(change.at());
      missingByLog.computeIfPresent(log, (file, count) -> count > 1 ? count - 1 : null);
    }
  }

  private byte[] bytes(String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return in.readAllBytes();
    }
  }

  /** Takes a line in, if it is good. */
  @FunctionalInterface
  private interface Taking {
    void accept(LineReader in) throws MalformedLineException;
  }

  /**
   * Goes through the lines of a file that may be missing, or hold anything. A line that has lost
   * only its end is whole: its check says so.
   */
  private void forEachLine(String file, Taking taking) throws IOException {
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        try {
          taking.accept(in);
        } catch (MalformedLineException e) {
          // Not as it was written, or no change at all; if a change is lost by that, its number is
          // missing at the end.
        }
      }
    } catch (NoSuchFileException e) {
      // The same holds for a file.
    }
  }
}
