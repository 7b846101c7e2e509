package org.thywill.archive.derived;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.JournalLines;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;
import org.thywill.catalog.TableDigest;

/**
 * Derives the head of an archive from the good lines of its logs and its journal.
 *
 * <p>The head that it derives is that of a checkpoint up to the last change that any log has; a
 * line that one log lacks is taken from the journal. Files of another community are left out. It
 * reads everything twice, and keeps 13 bytes for each change.
 */
final class HeadDeriver {
  private static final int SEQS_FIRST = 1 << 10;

  private final Disk disk;
  private final ArchiveIdentity identity;
  private final LineCodec codec = new LineCodec();
  private final BitSet known = new BitSet();
  private final SortedMap<Long, Change> onlyInJournal = new TreeMap<>();
  private final Map<String, BadLines> badLines = new HashMap<>();
  private long[] times = new long[SEQS_FIRST];
  private int[] lengths = new int[SEQS_FIRST];
  private byte[] tables = new byte[SEQS_FIRST];
  private long seqMax;
  private @Nullable Change lastInLogs;

  /** Lines of a log that are not good, and their length. */
  private record BadLines(long count, long bytes) {
    static final BadLines NONE = new BadLines(0, 0);
  }

  /**
   * A derived head.
   *
   * @param isComplete whether every change up to it was found; if not, the lengths of some logs are
   *     those that the damaged files have
   */
  record Derived(Head head, boolean isComplete) {}

  private HeadDeriver(Disk disk, ArchiveIdentity identity) {
    this.disk = disk;
    this.identity = identity;
  }

  /** Derives the head. Damage is no failure: what is lost is only not counted. */
  static Derived derive(Disk disk, ArchiveIdentity identity) throws IOException {
    return new HeadDeriver(disk, identity).derive();
  }

  private Derived derive() throws IOException {
    List<String> logs = own(LogTailTruncation.logs(disk));
    List<String> journals = own(JournalFile.list(disk));
    long bytes = 0;
    for (String file : logs) {
      bytes += disk.size(file);
    }
    for (String file : journals) {
      bytes += disk.size(file);
    }
    seqMax = Math.min(bytes / Head.LINE_BYTES_MIN, Integer.MAX_VALUE / 2);
    for (String file : logs) {
      readLog(file, Catalog.ofLog(file).orElseThrow());
    }
    for (String file : journals) {
      readJournal(file);
    }
    int last = checkpoint();
    if (last == 0) {
      return new Derived(Head.empty(identity.createdAt()), true);
    }
    boolean isComplete = known.nextClearBit(1) > last;
    return new Derived(head(last, logs, journals, isComplete), isComplete);
  }

  /** The files that do not name another community. */
  private List<String> own(List<String> files) throws IOException {
    List<String> own = new ArrayList<>();
    for (String file : files) {
      if (!Header.isForeign(disk, file, identity.community())) {
        own.add(file);
      }
    }
    return own;
  }

  private Head head(int last, List<String> logs, List<String> journals, boolean isComplete)
      throws IOException {
    String journal = journal(last, journals);
    return new Head(
        last,
        timeOf(last),
        journal,
        journalExtent(journal, last),
        digest(last, logs),
        extents(last, logs, isComplete),
        isComplete ? new JournalLines(disk).hash(last).orElse(null) : null);
  }

  /** The last change that a log has, with the rest of its transaction if that is known. */
  private int checkpoint() {
    Change change = lastInLogs;
    if (change == null) {
      return 0;
    }
    long last = change.stamp().last();
    long from = change.seq();
    boolean isWhole = last <= seqMax && known.nextClearBit((int) from) > last;
    return (int) (isWhole ? last : change.stamp().first() - 1);
  }

  private void readLog(String file, Table table) throws IOException {
    long count = 0;
    long bytes = 0;
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        try {
          requireTerminated(in);
          Change change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
          if (take(change, in.to() - in.from() + 1)
              && (lastInLogs == null || change.seq() > lastInLogs.seq())) {
            lastInLogs = change;
          }
        } catch (MalformedLineException e) {
          // Which changes are lost shows in the numbers; here the bytes that it takes are counted.
          boolean isHeader = in.number() <= Header.LINES;
          count += isHeader || !in.isTerminated() ? 0 : 1;
          bytes += isHeader || !in.isTerminated() ? 0 : in.to() - in.from() + 1;
        }
      }
    }
    if (count > 0) {
      badLines.put(file, new BadLines(count, bytes));
    }
  }

  private void readJournal(String file) throws IOException {
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        try {
          requireTerminated(in);
          Change change = codec.decodeJournal(in.bytes(), in.from(), in.to());
          int length = in.to() - in.from() + 1 - LineCodec.prefixLength(change.table());
          if (take(change, length) && isBeforeCheckpoint(change)) {
            onlyInJournal.put(change.seq(), change);
          }
        } catch (MalformedLineException e) {
          // The header, or a damaged line: if no log has its change either, the numbers show it.
        }
      }
    }
  }

  private boolean isBeforeCheckpoint(Change change) {
    return lastInLogs != null && change.seq() <= lastInLogs.stamp().last();
  }

  private static void requireTerminated(LineReader in) throws MalformedLineException {
    if (!in.isTerminated()) {
      throw new MalformedLineException("the line does not end in a newline");
    }
  }

  /** Counts a line, and returns whether it is the first one of its change. */
  private boolean take(Change change, int length) {
    if (change.seq() < 1 || change.seq() > seqMax || known.get((int) change.seq())) {
      return false;
    }
    int seq = (int) change.seq();
    if (seq >= times.length) {
      int size = (int) Math.min(Math.max(times.length * 2L, seq + 1L), seqMax + 1);
      times = Arrays.copyOf(times, size);
      lengths = Arrays.copyOf(lengths, size);
      tables = Arrays.copyOf(tables, size);
    }
    known.set(seq);
    times[seq] = change.at();
    lengths[seq] = length;
    tables[seq] = (byte) Catalog.TABLES.indexOf(change.table());
    return true;
  }

  /** The time of a change; of a lost one, that of the last known change before it. */
  private long timeOf(int seq) {
    int found = known.previousSetBit(seq);
    return found < 0 ? identity.createdAt() : times[found];
  }

  private Table tableOf(int seq) {
    return Catalog.TABLES.get(tables[seq]);
  }

  private Map<String, Head.Extent> extents(int last, List<String> logs, boolean isComplete) {
    Map<String, Head.Extent> extents = new TreeMap<>();
    for (int seq = known.nextSetBit(1); seq > 0 && seq <= last; seq = known.nextSetBit(seq + 1)) {
      add(extents, tableOf(seq).logLocation().file(times[seq]), 1, lengths[seq]);
    }
    if (!isComplete) {
      Map<String, Long> elsewhere = new HashMap<>();
      onlyInJournal.values().stream()
          .filter(change -> change.seq() <= last)
          .forEach(
              change ->
                  elsewhere.merge(change.table().logLocation().file(change.at()), 1L, Long::sum));
      for (String log : logs) {
        BadLines bad = badLines.getOrDefault(log, BadLines.NONE);
        long lost = bad.count() - elsewhere.getOrDefault(log, 0L);
        if (lost > 0) {
          add(extents, log, lost, bad.bytes() * lost / bad.count());
        }
      }
    }
    return extents;
  }

  private void add(Map<String, Head.Extent> extents, String log, long lines, long bytes) {
    Head.Extent before =
        extents.computeIfAbsent(
            log,
            file ->
                new Head.Extent(
                    Header.LINES,
                    Header.ofLog(identity.community(), Catalog.ofLog(file).orElseThrow(), file)
                        .length));
    extents.put(log, new Head.Extent(before.lines() + lines, before.bytes() + bytes));
  }

  /** The journal file of a change: the one that is there, or the one of its month. */
  private String journal(int last, List<String> journals) {
    String month = SealFile.month(timeOf(last));
    String present =
        journals.stream()
            .filter(file -> JournalFile.firstSeq(file) <= last)
            .filter(file -> JournalFile.month(file).equals(month))
            .max(Comparator.comparingLong(JournalFile::firstSeq))
            .orElse("");
    if (!present.isEmpty()) {
      return present;
    }
    FilePeriod period = FilePeriod.of(month);
    int first = last;
    while (first > 1 && period.holds(timeOf(first - 1))) {
      first--;
    }
    return JournalFile.name(timeOf(first), first);
  }

  private Head.Extent journalExtent(String journal, int last) throws IOException {
    int first = (int) JournalFile.firstSeq(journal);
    if (known.nextClearBit(first) <= last) {
      return presentExtent(journal, last);
    }
    long bytes = Header.ofJournal(identity.community(), journal).length;
    for (int seq = first; seq <= last; seq++) {
      bytes += lengths[seq] + (long) LineCodec.prefixLength(tableOf(seq));
    }
    return new Head.Extent(last - first + 1L + Header.LINES, bytes);
  }

  /** How far a damaged journal file goes up to a change that it has. */
  private Head.Extent presentExtent(String journal, int last) throws IOException {
    Head.Extent extent = Head.Extent.NOTHING;
    if (!disk.exists(journal)) {
      return extent;
    }
    try (LineReader in = new LineReader(disk.read(journal, 0), 0, 0)) {
      while (in.next()) {
        try {
          if (codec.decodeJournal(in.bytes(), in.from(), in.to()).seq() > last) {
            return extent;
          }
        } catch (MalformedLineException e) {
          // A damaged line before the checkpoint takes its bytes all the same.
        }
        extent = new Head.Extent(in.number(), in.endOffset());
      }
    }
    return extent;
  }

  private Digest digest(int last, List<String> logs) throws IOException {
    Map<String, Digest.Entry> entries = new LinkedHashMap<>();
    for (Table table : Catalog.TABLES) {
      TableDigest sum = new TableDigest();
      Map<String, long[]> rows = new HashMap<>();
      for (List<Change> changes : changes(table, last, logs)) {
        changes.sort(Comparator.comparingLong(Change::seq));
        changes.forEach(change -> apply(change, sum, rows));
      }
      entries.put(table.name(), new Digest.Entry(sum.rows(), sum.hex()));
    }
    return new Digest(entries);
  }

  /** The changes of each log of a table, in the order of the logs. */
  private List<List<Change>> changes(Table table, int last, List<String> logs) throws IOException {
    SortedMap<String, List<Change>> byLog = new TreeMap<>();
    for (Change change : onlyInJournal.values()) {
      if (change.table().equals(table) && change.seq() <= last) {
        byLog
            .computeIfAbsent(table.logLocation().file(change.at()), file -> new ArrayList<>())
            .add(change);
      }
    }
    BitSet seen = new BitSet();
    for (String file : logs) {
      if (table.equals(Catalog.ofLog(file).orElse(null))) {
        List<Change> changes = byLog.computeIfAbsent(file, each -> new ArrayList<>());
        try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
          while (in.next()) {
            addGood(table, in, last, seen, changes);
          }
        }
      }
    }
    return List.copyOf(byLog.values());
  }

  private void addGood(Table table, LineReader in, int last, BitSet seen, List<Change> changes) {
    try {
      requireTerminated(in);
      Change change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
      if (change.seq() >= 1 && change.seq() <= last && !seen.get((int) change.seq())) {
        seen.set((int) change.seq());
        changes.add(change);
      }
    } catch (MalformedLineException e) {
      // It was counted in the first reading, and has no row to add.
    }
  }

  private static void apply(Change change, TableDigest sum, Map<String, long[]> rows) {
    String key = change.row().key();
    long[] before = rows.remove(key);
    if (before != null) {
      sum.removeTerm(before);
    }
    if (change.operation() != Operation.REMOVED) {
      long[] now = sum.term(change.row());
      sum.addTerm(now);
      rows.put(key, now);
    }
  }
}
