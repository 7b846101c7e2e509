package org.thywill.archive.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.List;
import org.thywill.archive.log.JournalTail;
import org.thywill.catalog.Change;
import org.thywill.catalog.Timestamps;

/**
 * Knows every change by its seq, in 24 bytes a change.
 *
 * <p>It has the fingerprints of the change's line and of its transaction, its time, and whether it
 * begins or ends its transaction. Several threads may read logs; the first one that comes with a
 * seq takes it.
 */
final class SequenceIndex {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int BEGINS = 1;
  private static final int ENDS = 2;
  private static final int DOUBLED_MAX = 1_000;

  private final int head;
  private final int last;
  private final long[] lines;
  private final long[] stamps;
  private final long[] times;
  private final BitSet missing = new BitSet();
  private final BitSet elsewhere = new BitSet();
  private final BitSet doubled = new BitSet();

  /**
   * An index with the changes of the journal after the checkpoint.
   *
   * @param head the last change that the checkpoint covers
   */
  SequenceIndex(long head, JournalTail tail) {
    this.head = Math.toIntExact(head);
    this.last = this.head + tail.lines().size();
    this.lines = new long[last + 1];
    this.stamps = new long[last + 1];
    this.times = new long[last + 1];
    tail.lines().forEach(line -> take(line.change(), Fingerprint.ofLine(line)));
  }

  long head() {
    return head;
  }

  /** The last change that the journal has. */
  long last() {
    return last;
  }

  /**
   * Records a change, with a seq up to {@link #last()}.
   *
   * @return false if another line has its seq already
   */
  boolean take(Change change, long line) {
    int seq = (int) change.seq();
    if (!SLOT.compareAndSet(lines, seq, 0L, line)) {
      return false;
    }
    Change.TransactionInfo stamp = change.stamp();
    stamps[seq] = Fingerprint.of(stamp);
    int bounds =
        (change.seq() == stamp.first() ? BEGINS : 0) | (change.seq() == stamp.last() ? ENDS : 0);
    times[seq] = (change.at() - Timestamps.EARLIEST) << 2 | bounds;
    return true;
  }

  /**
   * Records that a second line has the seq of a change.
   *
   * @return false if there are too many of them to find the first lines
   */
  synchronized boolean noteDoubled(long seq) {
    if (doubled.cardinality() >= DOUBLED_MAX) {
      return false;
    }
    doubled.set((int) seq);
    return true;
  }

  /** The first 1,000 seqs that more than one line of the logs has. */
  synchronized List<Long> doubled() {
    return doubled.stream().mapToObj(Long::valueOf).toList();
  }

  /**
   * The fingerprint of the line of a change, with a seq up to {@link #last()}; 0 if no line was
   * found.
   */
  long line(long seq) {
    return (long) SLOT.getVolatile(lines, (int) seq);
  }

  /** Whether a change was found; a seq may be any number that a line names. */
  boolean has(long seq) {
    return seq > 0 && seq < lines.length && line(seq) != 0;
  }

  /** The time of a change that was found, in microseconds since 1970. */
  long at(long seq) {
    return (times[(int) seq] >> 2) + Timestamps.EARLIEST;
  }

  boolean begins(long seq) {
    return (times[(int) seq] & BEGINS) != 0;
  }

  boolean ends(long seq) {
    return (times[(int) seq] & ENDS) != 0;
  }

  boolean sameTransaction(long seq, long other) {
    return stamps[(int) seq] == stamps[(int) other];
  }

  /**
   * Called when all logs have been read: a change that no log has is missing, even if it is found
   * elsewhere later.
   */
  void closeLogs() {
    for (int seq = 1; seq <= head; seq++) {
      if (lines[seq] == 0) {
        missing.set(seq);
      }
    }
  }

  /** Records a change that the journal has and no log. */
  synchronized void takeFromJournal(Change change, long line) {
    take(change, line);
    elsewhere.set((int) change.seq());
  }

  /** Records that a page or a snapshot has a line that neither a log nor the journal has. */
  synchronized void noteElsewhere(long seq) {
    elsewhere.set((int) seq);
  }

  boolean inLogs(long seq) {
    return has(seq) && !missing.get((int) seq);
  }

  /** Whether neither a log nor the journal has a change. */
  boolean isLost(long seq) {
    return !has(seq);
  }

  /** Whether any change up to the checkpoint is in neither a log nor the journal. */
  boolean isAnythingLost() {
    return missing.stream().anyMatch(this::isLost);
  }

  /** The next change from a seq on that no log has; -1 if there is none. */
  long nextMissing(long from) {
    return missing.nextSetBit((int) from);
  }

  /** The first change after a missing one that a log has, or the first one after the checkpoint. */
  long nextInLogs(long from) {
    return Math.min(missing.nextClearBit((int) from), head + 1L);
  }

  /** Whether other files have all missing changes between two seqs, both exclusive. */
  synchronized boolean isAllElsewhere(long after, long before) {
    for (int seq = missing.nextSetBit((int) after + 1);
        seq >= 0 && seq < before;
        seq = missing.nextSetBit(seq + 1)) {
      if (!elsewhere.get(seq)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the logs have all changes between two seqs, both exclusive. */
  boolean isAllInLogs(long after, long before) {
    int next = missing.nextSetBit((int) Math.min(after + 1, head + 1L));
    return next < 0 || next >= before;
  }
}
