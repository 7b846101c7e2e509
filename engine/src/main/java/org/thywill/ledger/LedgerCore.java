package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Checkpoint;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SeqRange;
import org.thywill.view.SqliteReader;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewScan;
import org.thywill.view.ViewState;

/**
 * The ledger without its threads: opens archive and view, and commits batches in a safe order.
 *
 * <p>A batch runs the body of each call against the view, uncommitted. Then all changes go to the
 * journal with one force, the view is committed with its new seq, and the calls get their outcomes.
 * If the force fails, the view is rolled back, and nothing has changed. Before the first batch of a
 * month comes a checkpoint of the month before.
 */
final class LedgerCore implements Closeable {
  /** The memory that changes may take before writers wait for a checkpoint. */
  static final long PENDING_BYTES_MAX = pendingBytesMax(Runtime.getRuntime().maxMemory());

  /** How often in a row a view is rebuilt because another program goes on changing it. */
  private static final int REBUILDS_MAX = 3;

  private static final int HEAP_SHARE = 6;
  private static final long MIB = 1 << 20;

  private final ViewFile viewFile;
  private final InstantSource clock;
  private final ArchiveWriter archive;
  private final ServedView view;
  private final ViewEvents events;

  private @Nullable ViewScan scan;
  private @Nullable RunningCheckpoint runningCheckpoint;

  /** One transaction to run. */
  record Call(Change.Cause cause, TransactionBody body, boolean endsRecovery) {
    Call(Change.Cause cause, TransactionBody body) {
      this(cause, body, false);
    }
  }

  /** The outcome of a call. */
  sealed interface Outcome {
    record Done(Receipt receipt) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  private LedgerCore(
      ViewFile viewFile,
      InstantSource clock,
      ArchiveWriter archive,
      ServedView view,
      ViewEvents events) {
    this.viewFile = viewFile;
    this.clock = clock;
    this.archive = archive;
    this.view = view;
    this.events = events;
  }

  /**
   * Opens an archive, and updates or builds its view.
   *
   * @throws StartRefusedException if that would put something at risk
   */
  static LedgerCore open(
      Disk disk, ViewFile viewFile, InstantSource clock, ProgressListener progress)
      throws IOException {
    return open(disk, viewFile, clock, System::nanoTime, progress);
  }

  /**
   * As {@link #open(Disk, ViewFile, InstantSource, ProgressListener)}.
   *
   * @param nanoTime measures how long rebuilds take
   */
  static LedgerCore open(
      Disk disk,
      ViewFile viewFile,
      InstantSource clock,
      LongSupplier nanoTime,
      ProgressListener progress)
      throws IOException {
    StartupDecision.Found found = viewFile.inspect();
    ArchiveWriter archive = openedArchive(disk, lastSeqKnownToView(found, disk));
    try {
      requirePlausible(clock, archive);
      ViewEvents events = new ViewEvents(viewFile.file());
      events.addAll(archive.findings());
      ServedView view = new ServedView(disk, viewFile, archive, events, nanoTime);
      view.open(found, progress);
      try {
        SqliteWriter writer = view.writer();
        events.addAll(
            archive.restoreMissing(each -> writer.forEachAddedAt(Catalog.PRAYERS, each::prayer)));
        return new LedgerCore(viewFile, clock, archive, view, events);
      } catch (IOException | RuntimeException e) {
        view.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /** Judges the clock of a machine by the last change; an invented clock may leap. */
  private static void requirePlausible(InstantSource clock, ArchiveWriter archive)
      throws StartRefusedException {
    if (clock instanceof MonotonicClockCheck judged) {
      judged.requirePlausibleAfter(
          Timestamps.instant(Math.max(archive.lastAt(), archive.identity().createdAt())));
    }
  }

  /**
   * Opens the archive; where it is sound by itself and only the view knows later changes, the
   * refusal names the ways out, since a check of the archive finds nothing.
   */
  private static ArchiveWriter openedArchive(Disk disk, long known) throws IOException {
    try {
      return ArchiveWriter.open(disk, known);
    } catch (DamagedArchiveException e) {
      ArchiveReader own = ArchiveReader.open(disk, 0);
      if (own.lastSeq() >= known || !own.findings().isEmpty()) {
        throw e;
      }
      Finding found = e.finding();
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  Finding.error(
                          found.code(),
                          found.file(),
                          found.line(),
                          found.message()
                              + ": the database is newer. Bring back the newer archive, or take its"
                              + " changes from a copy with thywill repair-archives --from COPY"
                              + " --apply. Or give them up; the newer database is kept then"
                              + " (docs/RECOVERY.md, An older archive was put back)")
                      .next("thywill recover --replace --older"))
              .initCause(e);
    }
  }

  /**
   * The last seq that the view knows of; 0 if there is no view, or it belongs to another archive.
   */
  private static long lastSeqKnownToView(StartupDecision.Found found, Disk disk)
      throws IOException {
    return found instanceof StartupDecision.Found.View(ViewState state, var _)
            && state.community().equals(ArchiveIdentity.read(disk).community())
        ? state.seq()
        : 0;
  }

  List<Finding> findings() {
    return events.findings();
  }

  ViewEvents events() {
    return events;
  }

  ArchiveWriter archive() {
    return archive;
  }

  Digest digest() {
    return view.writer().digest();
  }

  /**
   * Runs calls in order, with one force for all of them, and returns their outcomes. After an
   * {@link Error} memory may be inconsistent: then only {@link #abandon} may be called.
   */
  List<Outcome> commit(List<Call> calls) {
    List<Outcome> outcomes = new ArrayList<>(calls.size());
    try {
      commit(calls, outcomes);
    } catch (IOException | RuntimeException e) {
      healView(e);
      outcomes.replaceAll(
          outcome ->
              outcome instanceof Outcome.Done(Receipt receipt) && receipt.last() > archive.lastSeq()
                  ? new Outcome.Failed(WriteFailedException.of(e))
                  : outcome);
      while (outcomes.size() < calls.size()) {
        outcomes.add(new Outcome.Failed(WriteFailedException.of(e)));
      }
    }
    return outcomes;
  }

  private void commit(List<Call> calls, List<Outcome> outcomes) throws IOException {
    long atMicros = archive.timeFor(clock.instant());
    checkpointIfDue(atMicros);
    List<Change> batch = new ArrayList<>();
    SqliteWriter writer = begin();
    try {
      for (Call call : calls) {
        outcomes.add(execute(call, writer, atMicros, batch));
      }
      if (batch.isEmpty()) {
        endWithoutChanges(calls, writer);
        return;
      }
      Set<Table> touched = new HashSet<>();
      batch.forEach(change -> touched.add(change.table()));
      writer.writeViewState(batch.getLast().seq(), atMicros, touched);
      view.requireUntouched();
      archive.append(batch);
    } catch (IOException | RuntimeException e) {
      rollback(e);
      throw e;
    }
    if (commitView() && calls.stream().anyMatch(Call::endsRecovery)) {
      view.endRecovery();
    }
  }

  /** Begins a transaction on a view that only this ledger has changed. */
  private SqliteWriter begin() throws IOException {
    for (int rebuilds = 0; rebuilds <= REBUILDS_MAX; rebuilds++) {
      SqliteWriter writer = usableView();
      if (view.begin()) {
        return writer;
      }
    }
    throw new IOException("another program goes on changing the database");
  }

  /**
   * Requires that a change could be saved now, as far as that can be known without one.
   *
   * @throws IOException if the archive is not where it was, or another process holds it
   * @throws ConstraintViolationException if the clock has leapt
   */
  void requireWritable() throws IOException {
    var _ = clock.instant(); // throws if it has leapt
    archive.requireWritable();
  }

  /**
   * Ends a batch that changed no row. It may still have removed a pending recovery, when a crash
   * had separated that from its changes.
   */
  private void endWithoutChanges(List<Call> calls, SqliteWriter writer) throws IOException {
    if (calls.stream().anyMatch(Call::endsRecovery)) {
      view.commit();
      view.endRecovery();
    } else {
      writer.rollback();
    }
  }

  /**
   * Writes a checkpoint at the end of a month, so that none covers two months, and when the pending
   * changes take too much memory: then writers wait, or fail.
   */
  private void checkpointIfDue(long atMicros) throws IOException {
    boolean monthEnds =
        archive.pendingCount() > 0
            && !Timestamps.month(atMicros).equals(Timestamps.month(archive.lastAt()));
    if (monthEnds || archive.pendingBytes() >= PENDING_BYTES_MAX) {
      checkpoint();
    }
  }

  /**
   * A sixth of the heap, with bounds: enough for thousands of changes, and little enough for a
   * checkpoint of some seconds.
   */
  static long pendingBytesMax(long heapBytes) {
    return Math.clamp(heapBytes / HEAP_SHARE, 8 * MIB, 256 * MIB);
  }

  private Outcome execute(Call call, SqliteWriter writer, long atMicros, List<Change> batch)
      throws IOException {
    long first = archive.lastSeq() + batch.size() + 1;
    writer.savepoint();
    try {
      RowConstraints.requireValid(call.cause());
      String key = call.cause().idempotencyKey();
      if (call.endsRecovery()) {
        writer.forgetRecovery();
      }
      Optional<SeqRange> earlier = key.isEmpty() ? Optional.empty() : writer.request(key);
      if (earlier.isPresent()) {
        writer.releaseSavepoint();
        return new Outcome.Done(new Receipt(earlier.get().first(), earlier.get().last(), true));
      }
      LedgerTransaction transaction =
          new LedgerTransaction(writer, first, archive.lastSeq(), atMicros, call.cause());
      call.body().run(transaction);
      List<Change> changes = transaction.finish();
      long last = first + changes.size() - 1;
      if (!key.isEmpty() && !changes.isEmpty()) {
        writer.recordRequest(key, new SeqRange(first, last));
      }
      writer.releaseSavepoint();
      batch.addAll(changes);
      return new Outcome.Done(new Receipt(first, last, false));
    } catch (IOException | RuntimeException | Error e) {
      ServedView.throwIfDamaged(e); // what the other calls have read is in doubt, too
      try {
        writer.rollbackToSavepoint(); // what one body throws must not fail the other calls
      } catch (IOException after) {
        // On a full disk SQLite itself ends the whole transaction. The first failure says why.
        e.addSuppressed(after);
        throw e;
      }
      return new Outcome.Failed(e);
    } finally {
      Thread.interrupted(); // an interrupt that a body leaves would close the journal
    }
  }

  /**
   * Commits the view, after the text is safe. If that fails, the view is rebuilt from the text
   * before the calls get their outcomes.
   *
   * @return whether it was committed
   */
  private boolean commitView() throws IOException {
    try {
      view.commit();
      return true;
    } catch (IOException e) {
      view.doubtIfDamaged(e);
      view.closeAfter(e);
      usableView();
      return false;
    }
  }

  /**
   * Rebuilds the view if its file is missing, was replaced, is damaged, or was changed by another
   * program.
   *
   * @throws IOException if that fails; the next call tries again
   */
  void repairViewIfNeeded(boolean isDamaged) throws IOException {
    if (isDamaged) {
      view.doubtAfterReport();
    }
    believedView();
  }

  /** How often the view was opened; every rebuild counts. */
  int viewOpenings() {
    return view.openings();
  }

  private void awaitCheckpoint() {
    if (runningCheckpoint != null) {
      runningCheckpoint.await();
    }
  }

  /**
   * The view; opened again, and rebuilt if needed, after it failed or its file was replaced. SQLite
   * would go on writing to the old file.
   */
  private SqliteWriter usableView() throws IOException {
    if (!view.isInPlace()) {
      awaitCheckpoint();
      view.replace();
    }
    return view.writer();
  }

  /** As {@link #usableView}; rebuilt as well if another program has changed it. */
  private SqliteWriter believedView() throws IOException {
    usableView();
    view.lookForChangesByOthers();
    return usableView();
  }

  /** Rebuilds a view that made a batch fail, before its calls get their outcomes. */
  private void healView(Exception because) {
    if (view.isDoubted()) {
      try {
        usableView();
      } catch (IOException | RuntimeException e) {
        because.addSuppressed(e);
      }
    }
  }

  private void rollback(Exception because) {
    view.doubtIfDamaged(because);
    view.rollback(because);
  }

  /** Writes a checkpoint: copies what only the journal has to logs, pages and snapshots. */
  void checkpoint() throws IOException {
    if (runningCheckpoint != null) {
      try {
        endCheckpoint();
      } catch (IOException e) {
        // The next lines try again, and include later changes.
      }
    }
    SqliteWriter writer = believedView();
    archive.checkpoint(writer.digest(), new ViewPageLocator(writer));
  }

  /**
   * Begins a checkpoint of everything committed so far, which seals the month of the last change if
   * that has ended. Call {@link #endCheckpoint} afterwards.
   *
   * @return copies the changes on the thread that runs it; commits may go on meanwhile
   */
  Runnable beginCheckpoint() throws IOException {
    SqliteWriter writer = believedView();
    SqliteReader reader = SqliteReader.open(viewFile.file());
    try {
      reader.pin();
      view.lookForChangesByOthers();
      if (view.isDoubted()) {
        throw new IOException("the view was changed while a checkpoint began");
      }
      Checkpoint checkpoint =
          isMonthToBeSealed()
              ? archive.beginMonthEnd(writer.digest())
              : archive.begin(writer.digest());
      RunningCheckpoint running = new RunningCheckpoint(checkpoint, reader);
      runningCheckpoint = running;
      return running.task();
    } catch (IOException | RuntimeException | Error e) {
      reader.close();
      throw e;
    }
  }

  /**
   * Whether the month of the last change has ended and has no seal. A clock that leapt ends no
   * month.
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
    return runningCheckpoint != null;
  }

  /**
   * Whether the running checkpoint has been copied, so that {@link #endCheckpoint} does not wait.
   */
  boolean isCheckpointDone() {
    return runningCheckpoint != null && runningCheckpoint.isDone();
  }

  /**
   * Ends the running checkpoint; waits for it if needed.
   *
   * @throws IOException if it failed; the changes are safe in the journal
   */
  void endCheckpoint() throws IOException {
    RunningCheckpoint running = Objects.requireNonNull(runningCheckpoint);
    try {
      running.await();
      running.requireSuccess();
      archive.end(running.checkpoint());
    } finally {
      runningCheckpoint = null;
    }
  }

  /**
   * Begins a comparison of all rows of the view with the digest.
   *
   * @return compares on the thread that runs it; commits may go on meanwhile. Call {@link #endScan}
   *     afterwards
   */
  Runnable beginScan() throws IOException {
    SqliteWriter writer = believedView();
    SqliteReader reader = SqliteReader.open(viewFile.file());
    try {
      reader.pin();
      ViewScan begun = new ViewScan(reader, writer.digest(), view.openings());
      scan = begun;
      return begun::run;
    } catch (IOException | RuntimeException | Error e) {
      reader.close();
      throw e;
    }
  }

  /** Whether a comparison has begun and not ended. */
  boolean isScanRunning() {
    return scan != null;
  }

  /** Whether the comparison that has begun is done. */
  boolean isScanDone() {
    return scan != null && scan.isDone();
  }

  /** Whether something happened to the file of the view that a comparison should clear up. */
  boolean takeScanWish() {
    return view.takeComparisonWish();
  }

  /**
   * Ends the comparison, which is done, and rebuilds the view if it has found a difference.
   *
   * @throws IOException if the view could not be read or rebuilt; the next call of anything tries
   *     again
   */
  void endScan() throws IOException {
    ViewScan done = Objects.requireNonNull(scan);
    scan = null;
    if (done.opening() != view.openings()) {
      return; // it read a view that was replaced meanwhile
    }
    try {
      List<String> differences = done.differences();
      if (!differences.isEmpty()) {
        view.doubtRows(differences);
      }
    } catch (IOException e) {
      view.doubtIfDamaged(e);
      if (!view.isDoubted()) {
        throw e;
      }
    }
    usableView();
  }

  /** Writes a checkpoint and closes everything. */
  @Override
  public void close() throws IOException {
    boolean isComplete = false;
    try {
      checkpoint();
      isComplete = true;
    } finally {
      close(isComplete);
    }
  }

  /** Closes everything without a checkpoint. */
  void abandon() throws IOException {
    close(false);
  }

  private void close(boolean isComplete) throws IOException {
    awaitCheckpoint();
    ViewScan running = scan;
    if (running != null) {
      running.stop();
    }
    archive.close();
    if (isComplete) {
      view.closeComplete();
    } else {
      view.close();
    }
  }
}
