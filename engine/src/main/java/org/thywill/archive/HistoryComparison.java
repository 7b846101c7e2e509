package org.thywill.archive;

import java.io.IOException;
import java.util.Arrays;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.log.JournalLines;

/**
 * Compares the changes of two archives of one community, and finds the first one that differs.
 *
 * <p>Where change <i>n</i> has the same line in both, all changes before it are the same
 * (FORMAT.md, The running hash). So the first one that differs is found by halving. Not safe for
 * several threads.
 */
public final class HistoryComparison {
  private final ArchiveReader own;
  private final ArchiveReader other;
  private final JournalLines ownLines;
  private final JournalLines otherLines;
  private int reads;

  /** How the changes of an archive are related to those of another one. */
  public sealed interface Relation {
    /** Both have the same changes. */
    record Equal() implements Relation {}

    /** The other one has all changes of this one but the last ones, and no others. */
    record Behind(long changes) implements Relation {}

    /** The other one has all changes of this one, and some more. */
    record Ahead(long changes) implements Relation {}

    /** From a change on each has changes that the other one lacks. */
    record Forked(long from) implements Relation {}
  }

  private HistoryComparison(ArchiveReader own, ArchiveReader other) throws IOException {
    this.own = own;
    this.other = other;
    this.ownLines = own.journal();
    this.otherLines = other.journal();
  }

  /**
   * Says how another archive of the same community is related to one's own.
   *
   * @throws DamagedArchiveException if the journal of one of them lacks a line that is needed
   */
  public static Relation of(ArchiveReader own, ArchiveReader other) throws IOException {
    return new HistoryComparison(own, other).relation();
  }

  /** As {@link #of}, and how many lines of each archive were read. */
  static int readsFor(ArchiveReader own, ArchiveReader other) throws IOException {
    HistoryComparison comparison = new HistoryComparison(own, other);
    comparison.relation();
    return comparison.reads;
  }

  private Relation relation() throws IOException {
    long common = Math.min(own.lastSeq(), other.lastSeq());
    long same = provenByHeads();
    if (common > same && !isSame(common)) {
      return new Relation.Forked(firstDifferent(same, common));
    }
    if (headsDiffer()) {
      return new Relation.Forked(firstDifferentInOrder());
    }
    long more = other.lastSeq() - own.lastSeq();
    if (more == 0) {
      return new Relation.Equal();
    }
    return more > 0 ? new Relation.Ahead(more) : new Relation.Behind(-more);
  }

  /** The last change up to which the heads prove that both have the same ones; 0 if they do not. */
  private long provenByHeads() {
    String here = own.head().history();
    boolean isProven = isOfOneSeq() && here != null && here.equals(other.head().history());
    return isProven ? own.head().seq() : 0;
  }

  private boolean headsDiffer() {
    String here = own.head().history();
    String there = other.head().history();
    return isOfOneSeq() && here != null && there != null && !here.equals(there);
  }

  private boolean isOfOneSeq() {
    return own.head().seq() == other.head().seq();
  }

  /** The first change that differs, between one that is the same and one that is not. */
  private long firstDifferent(long same, long different) throws IOException {
    long low = same;
    long high = different;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (isSame(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * The first change that differs, where the last ones are the same: a line was changed by hand.
   */
  private long firstDifferentInOrder() throws IOException {
    long seq = 1;
    while (seq < own.head().seq() && isSame(seq)) {
      seq++;
    }
    return seq;
  }

  private boolean isSame(long seq) throws IOException {
    reads++;
    return Arrays.equals(ownLines.line(seq), otherLines.line(seq));
  }
}
