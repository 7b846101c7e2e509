package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Checkpoint;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.SqliteWriter;
import org.thywill.view.rebuild.PointInTime;

/**
 * The heart of the ledger, without its threads: opens archive and view, and commits batches in the
 * order that makes them safe.
 *
 * <p>For a batch: the work of each call runs against the view, uncommitted; all changes go to the
 * journal with one force; then the view is committed, with the seq that it now holds; then the
 * callers are told. If the force fails, the view is rolled back and nothing happened. Before the
 * first batch of a month comes a checkpoint of the month before.
 */
final class LedgerCore implements Closeable {
  /** How much memory the changes since the last checkpoint may take before writers wait for one. */
  static final long PENDING_BYTES_MAX = pendingBytesMax(Runtime.getRuntime().maxMemory());

  private final Disk disk;
  private final ViewFile home;
  private final InstantSource clock;
  private final ArchiveWriter archive;
  private final List<Finding> findings;
  private Optional<SqliteWriter> view;
  private Optional<Object> viewFile;
  private Optional<RunningCheckpoint> copying = Optional.empty();

  /** One caller's wish. */
  record Call(Change.Cause cause, TransactionBody work, boolean endsRecovery) {
    Call(Change.Cause cause, TransactionBody work) {
      this(cause, work, false);
    }
  }

  /** What became of it. */
  sealed interface Outcome {
    record Done(Receipt receipt) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  private LedgerCore(
      Disk disk,
      ViewFile home,
      InstantSource clock,
      ArchiveWriter archive,
      SqliteWriter view,
      List<Finding> findings)
      throws IOException {
    this.disk = disk;
    this.home = home;
    this.clock = clock;
    this.archive = archive;
    this.view = Optional.of(view);
    this.viewFile = home.identity();
    this.findings = findings;
  }

  /**
   * Opens an archive and brings its view up to date, or builds it.
   *
   * @throws StartRefusedException if that would put something at risk
   */
  static LedgerCore open(Disk disk, ViewFile home, InstantSource clock, ProgressListener progress)
      throws IOException {
    StartupDecision.Found found = home.look();
    ArchiveWriter archive = ArchiveWriter.open(disk, lastSeqKnownToView(found, disk));
    try {
      List<Finding> findings = new ArrayList<>(archive.findings());
      switch (StartupDecision.decide(
          found, archive.identity().community(), archive.head().seq(), archive.lastSeq())) {
        case StartupDecision.Decision.Serve(), StartupDecision.Decision.CatchUp() -> {}
        case StartupDecision.Decision.Build() -> build(disk, home, archive, progress);
        case StartupDecision.Decision.SetAsideAndBuild(String reason) -> {
          findings.add(
              Finding.note(
                  "view-rebuilt",
                  home.file().toString(),
                  0,
                  "built anew: "
                      + reason
                      + "; the old one is kept as "
                      + home.setAside("damaged").getFileName()));
          build(disk, home, archive, progress);
        }
        case StartupDecision.Decision.Refuse(String reason) ->
            throw new StartRefusedException(reason);
      }
      SqliteWriter view = openAndCatchUp(home, archive);
      try {
        findings.addAll(
            archive.restoreMissing(each -> view.forEachAddedAt(Catalog.PRAYERS, each::prayer)));
        return new LedgerCore(disk, home, clock, archive, view, findings);
      } catch (IOException | RuntimeException e) {
        view.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /** What the view says of the archive; a view of another archive says nothing of this one. */
  private static long lastSeqKnownToView(StartupDecision.Found found, Disk disk)
      throws IOException {
    return found instanceof StartupDecision.Found.View(var state, var recovery)
            && state.community().equals(ArchiveIdentity.read(disk).community())
        ? state.seq()
        : 0;
  }

  private static void build(
      Disk disk, ViewFile home, ArchiveWriter archive, ProgressListener progress)
      throws IOException {
    home.build(ArchiveReader.open(disk, archive.lastSeq()), PointInTime.NOW, progress);
  }

  /** The view, opened and brought to the end of the journal. */
  private static SqliteWriter openAndCatchUp(ViewFile home, ArchiveWriter archive)
      throws IOException {
    SqliteWriter view = SqliteWriter.open(home.file());
    try {
      view.catchUp(archive.pending());
      return view;
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  List<Finding> findings() {
    return findings;
  }

  ArchiveWriter archive() {
    return archive;
  }

  Digest digest() {
    return view.orElseThrow().digest();
  }

  /**
   * Carries out calls in order, with one force for all of them. Gives an outcome for each. After an
   * {@link Error} nothing here can be trusted to fit together any more: all that is left is to
   * {@link #abandon}.
   */
  List<Outcome> commit(List<Call> calls) {
    List<Outcome> outcomes = new ArrayList<>(calls.size());
    try {
      commit(calls, outcomes);
    } catch (IOException | RuntimeException e) {
      outcomes.replaceAll(
          outcome ->
              outcome instanceof Outcome.Done(Receipt receipt) && receipt.last() > archive.lastSeq()
                  ? new Outcome.Failed(
                      new WriteFailedException(
                          "the change could not be saved, and was not made: " + e.getMessage(), e))
                  : outcome);
      while (outcomes.size() < calls.size()) {
        outcomes.add(
            new Outcome.Failed(
                new WriteFailedException(
                    "the change could not be saved, and was not made: " + e.getMessage(), e)));
      }
    }
    return outcomes;
  }

  private void commit(List<Call> calls, List<Outcome> outcomes) throws IOException {
    SqliteWriter writer = usableView();
    long at = archive.timeFor(clock.instant());
    checkpointIfDue(at);
    List<Change> batch = new ArrayList<>();
    writer.begin();
    try {
      for (Call call : calls) {
        outcomes.add(execute(call, writer, at, batch));
      }
      if (batch.isEmpty()) {
        endWithoutChanges(calls, writer);
        return;
      }
      Set<Table> touched = new HashSet<>();
      batch.forEach(change -> touched.add(change.table()));
      writer.writeViewState(batch.getLast().seq(), at, touched);
      archive.append(batch);
    } catch (IOException | RuntimeException e) {
      rollback(writer, e);
      throw e;
    }
    commitView(writer);
  }

  /**
   * Nothing has changed, but what was left to be done may have been done by a transaction that a
   * crash kept from the view.
   */
  private static void endWithoutChanges(List<Call> calls, SqliteWriter writer) throws IOException {
    if (calls.stream().anyMatch(Call::endsRecovery)) {
      writer.commit();
    } else {
      writer.rollback();
    }
  }

  /**
   * A month ends with a checkpoint of its own, so that none covers changes of two months; and where
   * checkpoints cannot keep up with writers, or fail, writers wait, or fail, before the memory is
   * full.
   */
  private void checkpointIfDue(long at) throws IOException {
    boolean monthEnds =
        archive.pendingCount() > 0
            && !Timestamps.month(at).equals(Timestamps.month(archive.lastAt()));
    if (monthEnds || archive.pendingBytes() >= PENDING_BYTES_MAX) {
      checkpoint();
    }
  }

  /**
   * A sixth of the heap; enough for some thousand changes in the smallest, and no more in the
   * largest than one checkpoint copies in seconds.
   */
  static long pendingBytesMax(long heapBytes) {
    return Math.clamp(heapBytes / 6, 8L << 20, 256L << 20);
  }

  private Outcome execute(Call call, SqliteWriter writer, long at, List<Change> batch)
      throws IOException {
    long first = archive.lastSeq() + batch.size() + 1;
    writer.savepoint();
    try {
      RowConstraints.check(call.cause());
      String request = call.cause().idempotencyKey();
      if (call.endsRecovery()) {
        writer.forgetRecovery();
      }
      Optional<long[]> before = request.isEmpty() ? Optional.empty() : writer.request(request);
      if (before.isPresent()) {
        writer.releaseSavepoint();
        return new Outcome.Done(new Receipt(before.get()[0], before.get()[1], true));
      }
      LedgerTransaction transaction =
          new LedgerTransaction(writer, first, archive.lastSeq(), at, call.cause());
      call.work().run(transaction);
      List<Change> changes = transaction.finish();
      if (!request.isEmpty() && !changes.isEmpty()) {
        writer.recordRequest(request, first, first + changes.size() - 1);
      }
      writer.releaseSavepoint();
      batch.addAll(changes);
      return new Outcome.Done(new Receipt(first, first + changes.size() - 1, false));
    } catch (IOException | RuntimeException | Error e) {
      writer.rollbackToSavepoint(); // whatever a caller's work throws is its own affair, and nobody
      // else's
      return new Outcome.Failed(e);
    } finally {
      Thread.interrupted(); // and so is an interrupt that it leaves behind: it would close the
      // journal
    }
  }

  /**
   * The text is safe by now. If the view cannot follow, it is built again from the text before
   * anybody is answered.
   */
  private void commitView(SqliteWriter writer) throws IOException {
    try {
      writer.commit();
    } catch (IOException e) {
      view = Optional.empty();
      closeQuietly(writer, e);
      usableView();
    }
  }

  /**
   * Builds the view anew if it needs that: its file is gone, or another stands in its place, or a
   * reader found it damaged.
   *
   * @throws IOException if that fails; it is tried again with the next call
   */
  void lookAfterView(boolean isDamaged) throws IOException {
    if (isDamaged && view.isPresent()) {
      copying.ifPresent(RunningCheckpoint::await);
      closeView(view.get());
      home.setAside("damaged");
    }
    usableView();
  }

  private void closeView(SqliteWriter writer) {
    view = Optional.empty();
    closeQuietly(writer, new IOException("nobody waits for this"));
  }

  /**
   * The view, opened anew (and rebuilt if need be) after it failed, or was taken away: SQLite would
   * go on writing to a file that has no name any more.
   */
  private SqliteWriter usableView() throws IOException {
    if (view.isPresent() && !home.identity().equals(viewFile)) {
      closeView(view.get());
    }
    if (view.isEmpty()) {
      copying.ifPresent(RunningCheckpoint::await);
      StartupDecision.Decision decision =
          StartupDecision.decide(
              home.look(), archive.identity().community(), archive.head().seq(), archive.lastSeq());
      switch (decision) {
        case StartupDecision.Decision.Serve(), StartupDecision.Decision.CatchUp() -> {}
        case StartupDecision.Decision.Build() -> build(disk, home, archive, ProgressListener.NONE);
        case StartupDecision.Decision.SetAsideAndBuild(String reason) -> {
          home.setAside("damaged");
          build(disk, home, archive, ProgressListener.NONE);
        }
        case StartupDecision.Decision.Refuse(String reason) ->
            throw new StartRefusedException(reason);
      }
      view = Optional.of(openAndCatchUp(home, archive));
      viewFile = home.identity();
    }
    return view.get();
  }

  private void rollback(SqliteWriter writer, Exception because) {
    try {
      writer.rollback();
    } catch (IOException e) {
      because.addSuppressed(e);
      view = Optional.empty();
      closeQuietly(writer, because);
    }
  }

  private static void closeQuietly(SqliteWriter writer, Exception because) {
    try {
      writer.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /** Copies what the journal alone has to logs, pages and snapshots. */
  void checkpoint() throws IOException {
    if (copying.isPresent()) {
      try {
        endCheckpoint();
      } catch (IOException e) {
        // The next lines try it again, together with what came later.
      }
    }
    SqliteWriter writer = usableView();
    archive.checkpoint(writer.digest(), new ViewPageLocator(writer));
  }

  /**
   * Begins a checkpoint of all that is committed by now, which seals the month of the last change
   * if that has ended. What is given back does the copying, in whatever thread runs it, while this
   * one goes on committing; {@link #endCheckpoint} comes afterwards.
   */
  Runnable beginCheckpoint() throws IOException {
    SqliteWriter writer = usableView();
    SqliteReader now = SqliteReader.open(home.file());
    try {
      now.pin();
      Checkpoint checkpoint =
          isMonthToBeSealed()
              ? archive.beginMonthEnd(writer.digest())
              : archive.begin(writer.digest());
      RunningCheckpoint begun = new RunningCheckpoint(checkpoint, now);
      copying = Optional.of(begun);
      return begun.task();
    } catch (IOException | RuntimeException | Error e) {
      now.close();
      throw e;
    }
  }

  /**
   * Whether the month of the last change has ended and waits for its seal. A clock that is not
   * trusted ends no month.
   */
  boolean isMonthToBeSealed() {
    try {
      return archive.isMonthToBeSealed(clock.instant());
    } catch (ConstraintViolationException e) {
      return false;
    }
  }

  /** Whether a checkpoint has begun and not ended. */
  boolean isCheckpointRunning() {
    return copying.isPresent();
  }

  /** Whether it has been copied, so that {@link #endCheckpoint} has nothing to wait for. */
  boolean isCheckpointDone() {
    return copying.filter(RunningCheckpoint::isDone).isPresent();
  }

  /**
   * Ends the checkpoint that has begun, after a wait if need be.
   *
   * @throws IOException if it failed; the changes are safe in the journal all the same
   */
  void endCheckpoint() throws IOException {
    RunningCheckpoint begun = copying.orElseThrow();
    try {
      begun.await();
      begun.result();
      archive.end(begun.checkpoint());
    } finally {
      copying = Optional.empty();
    }
  }

  /** Checkpoints and releases everything. */
  @Override
  public void close() throws IOException {
    try {
      checkpoint();
    } finally {
      abandon();
    }
  }

  /** Releases everything as it is. */
  void abandon() throws IOException {
    copying.ifPresent(RunningCheckpoint::await);
    archive.close();
    if (view.isPresent()) {
      view.get().close();
    }
  }
}
