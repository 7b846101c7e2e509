package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.repair.Salvage;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.LostChange;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.progress.ProgressListener;
import org.thywill.view.rebuild.PrefetchingReader;
import org.thywill.view.rebuild.SalvageRebuild;

/**
 * Rewrites an archive in another folder: one that has lost changes, with a gap in place of each
 * one, or one whose last changes have a time that has not come, with the present time in its place.
 *
 * <p>Every remaining line is kept, and each lost change is replaced by a {@link LostChange} with
 * its seq. A line that does not fit, because a line before it is lost or contradicts it, gets the
 * operation that fits. The last change says who wanted it, and why.
 *
 * <p>The result is an archive like any other: its readers need not know of gaps.
 */
public final class ArchiveRewriter {
  private static final int BATCHES_AHEAD = 2;
  private static final int REPORT_EVERY = 4_096;

  private final Salvage from;
  private final SortedMap<Long, Optional<Operation>> refitted;
  private final Digest.Running rows;
  private final BulkArchiveWriter to;
  private final Change.Cause accepted;
  private final long atMicrosMax;
  private final ProgressListener progress;
  private @Nullable Change before;

  private ArchiveRewriter(
      Salvage from,
      SalvageRebuild.Result built,
      BulkArchiveWriter to,
      Acceptance acceptance,
      ProgressListener progress) {
    this.from = from;
    this.refitted = built.refitted();
    this.rows = new Digest.Running(built.digest());
    this.to = to;
    this.accepted = acceptance.cause();
    this.atMicrosMax = acceptance.correctsTimes() ? acceptance.atMicros() : Long.MAX_VALUE;
    this.progress = progress;
  }

  /** What an operator wants a new archive for. */
  public enum Purpose {
    /** Changes are lost. */
    LOSSES(LostChange.KIND, LostChange.ACCEPTED),
    /** Changes do not fit the rows before them. */
    CONTRADICTIONS("contradiction", LostChange.ACCEPTED),
    /** Changes have a time that has not come. */
    TIMES("times", "corrected");

    private final String kind;
    private final String outcome;

    Purpose(String kind, String outcome) {
      this.kind = kind;
      this.outcome = outcome;
    }

    /** The kind of the row that records it. */
    public String kind() {
      return kind;
    }
  }

  /**
   * An operator's acceptance of losses or contradictions, or correction of times.
   *
   * @param id a random id for its row
   * @param details which changes are lost, contradict others, or get another time
   * @param atMicros microseconds since 1970; not before the last change, unless times are
   *     corrected, where changes with a later time get this one
   * @param cause with the operator's reason
   */
  public record Acceptance(
      Purpose purpose, String id, String details, long atMicros, Change.Cause cause) {
    private boolean correctsTimes() {
      return purpose == Purpose.TIMES;
    }

    Row row() {
      return Row.in(Catalog.OPERATIONS)
          .set(Catalog.Operations.ID, id)
          .set(Catalog.Operations.KIND, purpose.kind)
          .set(Catalog.Operations.OUTCOME, purpose.outcome)
          .set(Catalog.Operations.DETAILS, details)
          .build();
    }

    /** The archive that is written; one that was founded under a wrong clock gets another time. */
    private ArchiveIdentity of(ArchiveIdentity rewritten) {
      return correctsTimes() && rewritten.createdAt() > atMicros
          ? new ArchiveIdentity(rewritten.community(), atMicros)
          : rewritten;
    }
  }

  /**
   * Writes the archive. It is complete and safe when this returns.
   *
   * @param built the view of the remaining lines, whose digest the new archive must have
   * @param disk an empty folder that no other program uses
   */
  public static Head write(
      Salvage from,
      SalvageRebuild.Result built,
      Acceptance acceptance,
      Disk disk,
      ProgressListener progress)
      throws IOException {
    RowConstraints.requireValid(acceptance.cause());
    try (BulkArchiveWriter to = new BulkArchiveWriter(disk, acceptance.of(from.identity()))) {
      ArchiveRewriter rewriter = new ArchiveRewriter(from, built, to, acceptance, progress);
      rewriter.run();
      long seq = from.lastSeq() + 1;
      rewriter.add(
          acceptance.row(),
          seq,
          new Change.TransactionInfo(seq, seq, seq - 1, acceptance.atMicros(), acceptance.cause()));
      return to.finish(rewriter.rows.digest());
    }
  }

  private void run() throws IOException {
    List<Stream> streams = new ArrayList<>();
    try {
      PriorityQueue<Stream> waiting =
          new PriorityQueue<>(Comparator.comparingLong(stream -> stream.head().seq()));
      for (Table table : Catalog.TABLES) {
        streams.add(new Stream(sink -> from.forEach(table, sink)));
      }
      streams.add(
          new Stream(
              sink -> {
                for (Change change : from.tail()) {
                  sink.accept(change);
                }
              }));
      for (Stream stream : streams) {
        if (stream.advance()) {
          waiting.add(stream);
        }
      }
      for (Stream next = waiting.poll(); next != null; next = waiting.poll()) {
        rewrite(next.head());
        if (next.advance()) {
          waiting.add(next);
        }
      }
      writeLost(from.lastSeq() + 1, null);
    } finally {
      streams.forEach(Stream::close);
    }
  }

  private void rewrite(Change change) throws IOException {
    writeLost(change.seq(), change);
    Optional<Operation> operation =
        refitted.getOrDefault(change.seq(), Optional.of(change.operation()));
    if (operation.isPresent()) {
      copy(change.as(operation.get()));
    } else {
      add(
          new LostChange(change.seq(), List.of(change.table())).row(),
          change.seq(),
          change.stamp());
    }
  }

  /**
   * Writes the lost changes between the last one written and another.
   *
   * @param until the seq of that change
   * @param next that change, or null at the end
   */
  private void writeLost(long until, @Nullable Change next) throws IOException {
    Change last = before;
    long first = last == null ? 1 : last.seq() + 1;
    long lastEnd = last == null ? first : last.stamp().last() + 1;
    long ownStart = Math.max(first, Math.min(lastEnd, until));
    long nextStart = next == null ? until : Math.min(next.stamp().first(), until);
    long ownEnd = Math.max(ownStart, nextStart);
    Change.TransactionInfo own =
        new Change.TransactionInfo(
            ownStart,
            ownEnd - 1,
            ownStart - 1,
            last == null ? from.identity().createdAt() : last.at(),
            accepted);
    for (long seq = first; seq < until; seq++) {
      Row row = new LostChange(seq, from.tablesOf(seq)).row();
      if (last != null && seq < ownStart) {
        add(row, seq, last.stamp()); // it was in the transaction of the last change
      } else if (next != null && seq >= ownEnd) {
        add(row, seq, next.stamp()); // it was in the transaction of the next change
      } else {
        add(row, seq, own);
      }
    }
  }

  /** Adds a row that no line of the old archive has. */
  private void add(Row row, long seq, Change.TransactionInfo stamp) throws IOException {
    rows.add(row);
    copy(new Change(Operation.ADDED, row, seq, stamp));
  }

  private void copy(Change change) throws IOException {
    to.copy(change.notAfter(atMicrosMax));
    before = change;
    if (change.seq() % REPORT_EVERY == 0) {
      progress.report("changes", change.seq(), from.lastSeq());
    }
  }

  /** The remaining changes of one table, or of the journal, in order. */
  private static final class Stream implements Closeable {
    private final PrefetchingReader changes;
    private List<Change> batch = List.of();
    private int at = -1;

    Stream(PrefetchingReader.Source source) {
      this.changes = new PrefetchingReader(source, BATCHES_AHEAD);
    }

    Change head() {
      return batch.get(at);
    }

    /** Moves to the next change; false if there is none. */
    boolean advance() throws IOException {
      if (++at >= batch.size()) {
        batch = changes.next();
        at = 0;
      }
      return !batch.isEmpty();
    }

    @Override
    public void close() {
      changes.close();
    }
  }
}
