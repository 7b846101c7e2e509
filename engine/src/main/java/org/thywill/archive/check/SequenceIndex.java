package org.thywill.archive.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.List;
import org.thywill.archive.log.JournalTail;
import org.thywill.catalog.Change;
import org.thywill.catalog.Timestamps;

/**
 * What is known of every change by its number: that it stands somewhere, the fingerprints of its
 * line and of its transaction, its time, and whether it begins or ends its transaction. 24 bytes a
 * change.
 *
 * <p>Logs are read by several threads; each number is taken by whoever comes first.
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
   * For an archive whose checkpoint covers some changes and whose journal goes on for some more.
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
   * Notes a change; false if another line has its number already. Only numbers up to {@link
   * #last()}.
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
   * Notes that a second line has the number of a change; false if there are too many of them to
   * look up where the first one stands.
   */
  synchronized boolean noteDoubled(long seq) {
    if (doubled.cardinality() >= DOUBLED_MAX) {
      return false;
    }
    doubled.set((int) seq);
    return true;
  }

  /** The numbers that more than one line of the logs has, the first 1,000. */
  synchronized List<Long> doubled() {
    return doubled.stream().mapToObj(Long::valueOf).toList();
  }

  /**
   * The fingerprint of the line of a change, 0 if no line has been found. Only numbers up to {@link
   * #last()}.
   */
  long line(long seq) {
    return (long) SLOT.getVolatile(lines, (int) seq);
  }

  boolean has(long seq) {
    return line(seq) != 0;
  }

  /** When a change happened that has been found. */
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
   * To be called when all logs have been read: what no log has is missing, wherever else it turns
   * up.
   */
  void closeLogs() {
    for (int seq = 1; seq <= head; seq++) {
      if (lines[seq] == 0) {
        missing.set(seq);
      }
    }
  }

  /** Takes from the journal a change that no log has. */
  synchronized void takeFromJournal(Change change, long line) {
    take(change, line);
    elsewhere.set((int) change.seq());
  }

  /** A page or a snapshot has the whole line of a change that neither a log nor the journal has. */
  synchronized void witness(long seq) {
    elsewhere.set((int) seq);
  }

  boolean inLogs(long seq) {
    return has(seq) && !missing.get((int) seq);
  }

  /** Whether neither a log nor the journal has a change. */
  boolean isLost(long seq) {
    return !has(seq);
  }

  /** Whether there is a change up to the checkpoint that neither a log nor the journal has. */
  boolean isAnythingLost() {
    return missing.stream().anyMatch(this::isLost);
  }

  /** The next change from a number on that no log has; -1 if there is none. */
  long nextMissing(long from) {
    return missing.nextSetBit((int) from);
  }

  /**
   * The first number behind one that is missing whose change a log has, or the first behind the
   * checkpoint.
   */
  long nextInLogs(long from) {
    return Math.min(missing.nextClearBit((int) from), head + 1L);
  }

  /** Whether each change between two, these left out, that no log has stands elsewhere, exactly. */
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

  /** Whether the logs have each change between two, these left out. */
  boolean isAllInLogs(long after, long before) {
    int next = missing.nextSetBit((int) Math.min(after + 1, head + 1L));
    return next < 0 || next >= before;
  }
}
