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
 * Tells the history of an archive that has lost changes for good anew, in another folder: every
 * line that can be had as it was, and in the place of each lost change a {@link LostChange} with
 * its number. A line that no longer fits what comes before it, since a line between is lost, is
 * told as what it comes to. The last change says who accepted that, and why.
 *
 * <p>The result is an archive like any other: nothing that reads one has to know of gaps, and a
 * further damage is found as ever.
 */
public final class ArchiveRewriter {
  private static final int BATCHES_AHEAD = 2;
  private static final int REPORTED_EVERY = 1 << 12;

  private final Salvage from;
  private final SortedMap<Long, Optional<Operation>> refitted;
  private final Digest.Running rows;
  private final BulkArchiveWriter to;
  private final Change.Cause accepted;
  private final ProgressListener progress;
  private @Nullable Change before;

  private ArchiveRewriter(
      Salvage from,
      SalvageRebuild.Result built,
      BulkArchiveWriter to,
      Change.Cause accepted,
      ProgressListener progress) {
    this.from = from;
    this.refitted = built.refitted();
    this.rows = new Digest.Running(built.digest());
    this.to = to;
    this.accepted = accepted;
    this.progress = progress;
  }

  /**
   * That an operator accepts what is lost.
   *
   * @param id a random id for the change that says so
   * @param details which changes are lost
   * @param at microseconds since 1970; not before the last change
   * @param cause with the operator's reason
   */
  public record Acceptance(String id, String details, long at, Change.Cause cause) {
    Row row() {
      return Row.in(Catalog.OPERATIONS)
          .set("id", id)
          .set("kind", LostChange.KIND)
          .set("outcome", LostChange.ACCEPTED)
          .set("details", details)
          .build();
    }
  }

  /**
   * Writes the archive; it is whole, and safe, when this returns.
   *
   * @param built the view of what can be had, by which the new archive proves itself
   * @param disk a folder that is empty and that nobody uses
   */
  public static Head write(
      Salvage from,
      SalvageRebuild.Result built,
      Acceptance acceptance,
      Disk disk,
      ProgressListener progress)
      throws IOException {
    RowConstraints.check(acceptance.cause());
    try (BulkArchiveWriter to = new BulkArchiveWriter(disk, from.identity())) {
      ArchiveRewriter retelling =
          new ArchiveRewriter(from, built, to, acceptance.cause(), progress);
      retelling.run();
      long seq = from.lastSeq() + 1;
      retelling.add(
          acceptance.row(),
          seq,
          new Change.TransactionInfo(seq, seq, seq - 1, acceptance.at(), acceptance.cause()));
      return to.finish(retelling.rows.digest());
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
        tell(next.head());
        if (next.advance()) {
          waiting.add(next);
        }
      }
      fill(from.lastSeq() + 1, Optional.empty());
    } finally {
      streams.forEach(Stream::close);
    }
  }

  private void tell(Change change) throws IOException {
    fill(change.seq(), Optional.of(change));
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

  /** Tells the changes that are lost between the last one that was told and another. */
  private void fill(long until, Optional<Change> behind) throws IOException {
    long first = before == null ? 1 : before.seq() + 1;
    long own = before == null ? first : Math.max(first, Math.min(before.stamp().last() + 1, until));
    long end =
        behind.map(change -> Math.max(own, Math.min(change.stamp().first(), until))).orElse(until);
    Change.TransactionInfo lost =
        new Change.TransactionInfo(
            own,
            end - 1,
            own - 1,
            before == null ? from.identity().createdAt() : before.at(),
            accepted);
    for (long seq = first; seq < until; seq++) {
      Change.TransactionInfo stamp =
          before != null && seq < own
              ? before.stamp()
              : seq >= end && behind.isPresent() ? behind.get().stamp() : lost;
      add(new LostChange(seq, from.tablesOf(seq)).row(), seq, stamp);
    }
  }

  /** Tells of a row that no line of the old archive has. */
  private void add(Row row, long seq, Change.TransactionInfo stamp) throws IOException {
    rows.add(row);
    copy(new Change(Operation.ADDED, row, seq, stamp));
  }

  private void copy(Change change) throws IOException {
    to.copy(change);
    before = change;
    if (change.seq() % REPORTED_EVERY == 0) {
      progress.report("changes", change.seq(), from.lastSeq());
    }
  }

  /** The changes of one kind, in order. */
  private static final class Stream implements Closeable {
    private final PrefetchingReader changes;
    private List<Change> batch = List.of();
    private int at = -1;

    /** How the changes are read, in order. */
    Stream(PrefetchingReader.Reading reading) {
      this.changes = new PrefetchingReader(reading, BATCHES_AHEAD);
    }

    Change head() {
      return batch.get(at);
    }

    /** Whether there is one more. */
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
