package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveEnd;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Compression;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Line;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;

/**
 * The only way to change rows. Safe for any number of threads.
 *
 * <p>{@link #write} returns when the changes are safe as text and visible in the view. Transactions
 * that arrive together share one force.
 */
public final class Ledger implements Closeable {
  private static final int BATCH_MAX = 256;
  private static final int CHECKPOINT_CHANGES = 20_000;
  private static final long CHECKPOINT_BYTES = LedgerCore.PENDING_BYTES_MAX / 4;
  private static final long IDLE_MILLIS = 2_000;

  private final LedgerCore core;
  private final GzipDisk disk;
  private final ArchiveLock lock;
  private final ViewFile viewFile;

  /** Why every change is refused; null if changes are taken. */
  private final @Nullable String refusal;

  private final Thread writer;

  /** Guards {@link #closing}, so that no entry is added after the writer has ended. */
  private final Object stateLock = new Object();

  private volatile boolean closing;
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final BlockingQueue<CompletableFuture<Void>> requestedCheckpoints =
      new LinkedBlockingQueue<>();

  /** The entries that the writer has taken from the queue; only its thread uses them. */
  private final List<Entry> nextBatch = new ArrayList<>();

  /** Those who wait for the running checkpoint; only the writer's thread uses them. */
  private final List<CompletableFuture<Void>> awaitingCheckpoint = new ArrayList<>();

  private int checkpointDue = CHECKPOINT_CHANGES;
  private final ScanSchedule scans;

  private volatile @Nullable Throwable broken;
  private volatile boolean isLastWriteSaved = true;
  private volatile @Nullable String obstacle;

  /** The line of the last change that was saved; null until one is known. */
  private volatile @Nullable Line lastLine;

  /** What readers reported and the writer has not checked yet. */
  private final AtomicReference<Report> report = new AtomicReference<>(Report.NOTHING);

  private enum Report {
    NOTHING,
    UNREADABLE,
    DAMAGED
  }

  private volatile Supplier<Runnable> writeObserver = () -> () -> {};

  private final Object closeLock = new Object();
  private boolean released;

  /** Keeps what a body returned until its changes are safe; completing the call publishes it. */
  private static final class Computation<T> implements TransactionBody {
    private final TransactionFunction<T> body;
    private @Nullable T result;

    Computation(TransactionFunction<T> body) {
      this.body = body;
    }

    @Override
    public void run(Transaction transaction) throws IOException {
      result = body.apply(transaction);
    }

    T result() {
      return Objects.requireNonNull(result);
    }
  }

  /** What the queue of the writer holds. */
  private sealed interface Entry {
    record Write(LedgerCore.Call call, CompletableFuture<Receipt> answer) implements Entry {}

    /** Wakes the writer for something other than a write. */
    record WakeUp() implements Entry {}
  }

  private Ledger(
      GzipDisk disk,
      LedgerCore core,
      ArchiveLock lock,
      ViewFile viewFile,
      LongSupplier nanoTime,
      @Nullable String refusal) {
    this.disk = disk;
    this.core = core;
    this.lock = lock;
    this.viewFile = viewFile;
    this.refusal = refusal;
    this.scans = new ScanSchedule(core, nanoTime, this::wakeWriter);
    core.events().compareInBackground();
    this.writer = Thread.ofPlatform().name("ledger").start(this::run);
  }

  /**
   * Creates an empty archive for a new community. The folder must be empty or missing.
   *
   * @param community a random id
   * @throws StartRefusedException if the clock cannot be right; nothing was written
   */
  public static void found(Path archive, String community, InstantSource clock) throws IOException {
    MachineClock.of(clock).requirePlausible();
    ArchiveWriter.create(
        GzipDisk.at(archive), new ArchiveIdentity(community, Timestamps.micros(clock.instant())));
  }

  /**
   * Opens a community for writing. Builds the view if it is missing; catches up with the journal if
   * it ends earlier.
   *
   * @throws ArchiveLock.Held if another process holds the archive
   * @throws StartRefusedException if the view and the archive do not belong together, or the clock
   *     cannot be right; nothing was written
   */
  public static Ledger open(
      Path archive, Path database, InstantSource clock, ProgressListener progress)
      throws IOException {
    return openAt(archive, database, new MonotonicClockCheck(clock, System::nanoTime), progress);
  }

  /** As {@link #open}, for an invented clock, which may leap. */
  public static Ledger openAt(
      Path archive, Path database, InstantSource clock, ProgressListener progress)
      throws IOException {
    return openAt(archive, database, clock, progress, null);
  }

  /**
   * Opens a community so that its rows can be read and nothing can be changed.
   *
   * <p>Every change throws {@link WritesRefusedException}. No checkpoint is written and no month is
   * sealed, because the archive may lack changes that belong before both. The view is built, and
   * the torn end of the journal moved to quarantine, as by {@link #open}.
   *
   * @param why the reason, for those who want to change something
   * @throws ArchiveLock.Held if another process holds the archive
   * @throws StartRefusedException as {@link #open}
   */
  public static Ledger openForReading(
      Path archive, Path database, InstantSource clock, ProgressListener progress, String why)
      throws IOException {
    return openAt(
        archive, database, new MonotonicClockCheck(clock, System::nanoTime), progress, why);
  }

  private static Ledger openAt(
      Path archive,
      Path database,
      InstantSource clock,
      ProgressListener progress,
      @Nullable String refusal)
      throws IOException {
    GzipDisk disk = GzipDisk.at(archive);
    ArchiveIdentity.read(disk);
    ArchiveLock lock = ArchiveLock.acquire(archive, clock.instant().toString());
    return over(disk, lock, new ViewFile(database), clock, progress, refusal);
  }

  /** Opens a ledger on any disk. It releases the lock when it closes, or if it cannot be opened. */
  static Ledger over(
      GzipDisk disk,
      ArchiveLock lock,
      ViewFile viewFile,
      InstantSource clock,
      ProgressListener progress)
      throws IOException {
    return over(disk, lock, viewFile, clock, progress, null);
  }

  private static Ledger over(
      GzipDisk disk,
      ArchiveLock lock,
      ViewFile viewFile,
      InstantSource clock,
      ProgressListener progress,
      @Nullable String refusal)
      throws IOException {
    try {
      LedgerCore core = LedgerCore.open(disk, viewFile, clock, progress);
      core.archive().holdBy(lock);
      return new Ledger(disk, core, lock, viewFile, System::nanoTime, refusal);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Compresses sealed months that ended long ago, on the caller's thread. Reads and writes go on
   * meanwhile.
   *
   * @param age how long ago they ended at least
   * @return the compressed files, by their plain names
   * @throws IOException if the disk could not be read or written; files that were not compressed
   *     are as they were
   */
  public List<String> compress(Duration age, InstantSource clock, ProgressListener progress)
      throws IOException {
    requireChangesAreTaken();
    return Compression.run(disk, Timestamps.micros(clock.instant().minus(age)), progress);
  }

  /** What was found and repaired when the ledger was opened, and in its view since then. */
  public List<Finding> findings() {
    return core.findings();
  }

  /** Sets who learns when the view is lost and rebuilt; what was rebuilt before is reported now. */
  public void observeView(ViewIncident.Observer observer) {
    core.events().observe(observer);
  }

  /** How often the view was rebuilt since the ledger was opened. */
  public long viewRebuilds() {
    return core.events().rebuilds();
  }

  /** How often the rows of the view were found not to be those of the archive. */
  public long digestMismatches() {
    return core.events().mismatches();
  }

  /** The present digest; exact only while there are no writes. */
  public Digest digest() {
    return core.digest();
  }

  /**
   * A new reader of the view, which the caller closes. It sees every change whose {@link #write}
   * has returned.
   */
  public ViewReader read() throws IOException {
    return SqliteReader.open(viewFile.file());
  }

  /**
   * Makes all changes of a transaction, or none. Returns when they are safe.
   *
   * @throws ConstraintViolationException if a change breaks a rule of the catalog
   * @throws WritesRefusedException if the ledger was opened for reading
   * @throws WriteFailedException if the changes could not be made safe; nothing was changed
   * @throws IOException what else the body threw; nothing was changed
   * @throws IllegalStateException if the ledger is closed, or if the caller is the body of a
   *     transaction
   */
  public Receipt write(Change.Cause cause, TransactionBody body) throws IOException {
    return write(new LedgerCore.Call(cause, body));
  }

  /**
   * Makes changes as {@link #write} does, and returns what the body returned. The value is returned
   * only once the changes are safe.
   *
   * @throws IllegalArgumentException if the cause has an idempotency key: a repeated call does not
   *     run its body, and has nothing to return
   */
  public <T> T compute(Change.Cause cause, TransactionFunction<T> body) throws IOException {
    if (!cause.idempotencyKey().isEmpty()) {
      throw new IllegalArgumentException("a call with an idempotency key cannot return a value");
    }
    Computation<T> computation = new Computation<>(body);
    write(cause, computation);
    return computation.result();
  }

  /**
   * Makes the changes that follow a recovery, as {@link #write} does, and removes the pending
   * recovery from the view.
   *
   * <p>After a crash both are on disk, or neither, or only the changes. In the last case the same
   * call, repeated with the same idempotency key, only removes the pending recovery.
   */
  public Receipt endRecovery(Change.Cause cause, TransactionBody body) throws IOException {
    return write(new LedgerCore.Call(cause, body, true));
  }

  private Receipt write(LedgerCore.Call call) throws IOException {
    requireChangesAreTaken();
    Entry.Write entry = new Entry.Write(call, new CompletableFuture<>());
    Runnable observed = writeObserver.get();
    try {
      submit(() -> queue.add(entry));
      return await(entry.answer());
    } finally {
      observed.run();
    }
  }

  private void requireChangesAreTaken() throws WritesRefusedException {
    if (refusal != null) {
      throw new WritesRefusedException(refusal);
    }
  }

  /** Why every change is refused, if the ledger was opened for reading. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * Measures how long writes take.
   *
   * @param begin called when a write begins, on the thread of the caller; the result is run when
   *     the changes are safe, or the write has failed
   */
  public void observeWrites(Supplier<Runnable> begin) {
    writeObserver = begin;
  }

  /** Adds to a queue, unless the ledger is closing: the writer would never see the addition. */
  private void submit(Runnable addition) {
    refuseWithinTransaction();
    synchronized (stateLock) {
      if (closing) {
        throw new IllegalStateException("the ledger is closed");
      }
      addition.run();
    }
  }

  /**
   * Writes a checkpoint now, and seals the month of the last change if it has ended. Returns when
   * that is done. Both also happen without a call, a moment after the last write.
   *
   * @throws IOException if the checkpoint failed; the changes are safe in the journal
   */
  public void checkpoint() throws IOException {
    requireChangesAreTaken();
    CompletableFuture<Void> done = new CompletableFuture<>();
    submit(
        () -> {
          requestedCheckpoints.add(done);
          wakeWriter();
        });
    await(done);
  }

  /**
   * Reports that a reader failed. If the view is missing or damaged, it is rebuilt from the
   * archive. Until then readers fail and writers wait. No saved change is lost.
   *
   * @param isDamaged whether the file was found damaged ({@link
   *     org.thywill.view.ViewException#needsRebuild}), and not only missing
   */
  public void reportUnreadable(boolean isDamaged) {
    report.accumulateAndGet(
        isDamaged ? Report.DAMAGED : Report.UNREADABLE,
        (before, now) -> before.compareTo(now) > 0 ? before : now);
    wakeWriter();
  }

  /**
   * Checks the view when a reader failed, and when the writer is idle. A failure is tried again
   * soon; until then every write fails.
   */
  private void repairViewIfNeeded(boolean idle) {
    Report reported = report.getAndSet(Report.NOTHING);
    if (idle || reported != Report.NOTHING) {
      try {
        core.repairViewIfNeeded(reported == Report.DAMAGED);
      } catch (IOException | RuntimeException e) {
        report.compareAndSet(Report.NOTHING, Report.UNREADABLE);
      }
    }
  }

  /**
   * Looks, while nothing is written, whether a change could be saved now. A lock file that was
   * removed and a journal that was displaced are put back.
   */
  private void lookForObstacle() {
    try {
      core.requireWritable();
      obstacle = null;
    } catch (IOException | RuntimeException e) {
      obstacle = String.valueOf(e.getMessage());
    }
  }

  /**
   * Why changes are refused now; empty while they can be saved. While nothing is written this is
   * looked at every few seconds.
   */
  public Optional<String> obstacle() {
    if (broken != null) {
      return Optional.of("the ledger has stopped: " + broken);
    }
    return Optional.ofNullable(refusal == null ? obstacle : refusal);
  }

  /** The id of the community. */
  public String community() {
    return core.archive().identity().community();
  }

  /** The last change that was saved since the ledger was opened; empty if there is none. */
  public Optional<ArchiveEnd> end() {
    return Optional.ofNullable(lastLine).map(ArchiveEnd::of);
  }

  /** Whether the last change could be saved; otherwise its caller got an exception. */
  public boolean isLastWriteSaved() {
    return isLastWriteSaved;
  }

  /** Wakes the writer for something other than a write. */
  private void wakeWriter() {
    queue.add(new Entry.WakeUp());
  }

  /** The body of a transaction would wait for itself. */
  private void refuseWithinTransaction() {
    if (Thread.currentThread() == writer) {
      throw new IllegalStateException(
          "the body of a transaction must use its transaction, not the ledger");
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting; the change may have been made", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IOException("the ledger failed", e.getCause());
      }
    }
  }

  private void run() {
    try {
      do {
        serve();
      } while (!closing || !queue.isEmpty());
      runRequestedCheckpoints();
    } catch (Throwable e) {
      broken = e;
    } finally {
      failPendingCalls();
    }
  }

  /** Waits for writes, commits those that have come, and runs checkpoints that are due. */
  private void serve() {
    Entry first = next();
    boolean idle = first == null;
    int openings = core.viewOpenings();
    if (first != null) {
      nextBatch.add(first);
    }
    repairViewIfNeeded(idle);
    if (idle) {
      lookForObstacle();
    }
    queue.drainTo(nextBatch, BATCH_MAX - 1);
    List<Entry.Write> batch = writes();
    if (!batch.isEmpty()) {
      commit(batch);
    }
    nextBatch.clear();
    runDueCheckpoint(idle);
    runDueScan();
    if (core.viewOpenings() != openings) {
      report.set(Report.NOTHING); // readers reported the view before this one
    }
  }

  /** The first entry of the queue, or null if none comes for a while. */
  private @Nullable Entry next() {
    try {
      return queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return new Entry.WakeUp(); // only close ends the writer
    }
  }

  private List<Entry.Write> writes() {
    return nextBatch.stream()
        .filter(Entry.Write.class::isInstance)
        .map(Entry.Write.class::cast)
        .toList();
  }

  private void commit(List<Entry.Write> batch) {
    List<LedgerCore.Outcome> outcomes = core.commit(batch.stream().map(Entry.Write::call).toList());
    obstacle =
        outcomes.stream()
            .map(outcome -> outcome instanceof LedgerCore.Outcome.Failed(var e) ? e : null)
            .filter(WriteFailedException.class::isInstance)
            .map(failure -> String.valueOf(failure.getMessage()))
            .findFirst()
            .orElse(null);
    isLastWriteSaved = obstacle == null;
    lastLine = core.archive().lastLine().orElse(null);
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<Receipt> answer = batch.get(i).answer();
      switch (outcomes.get(i)) {
        case LedgerCore.Outcome.Done(Receipt receipt) -> answer.complete(receipt);
        case LedgerCore.Outcome.Failed(Throwable cause) -> answer.completeExceptionally(cause);
      }
    }
  }

  /**
   * Ends a checkpoint that is done, and begins one that is due. One that fails is tried again when
   * the next is due, because the changes are safe in the journal; those who asked for it get the
   * failure.
   */
  private void runDueCheckpoint(boolean idle) {
    try {
      if (core.isCheckpointDone()) {
        core.endCheckpoint();
        completeAwaiting(null);
        checkpointDue = CHECKPOINT_CHANGES;
      }
      if (!core.isCheckpointRunning() && isCheckpointDue(idle)) {
        requestedCheckpoints.drainTo(awaitingCheckpoint);
        Runnable checkpoint = core.beginCheckpoint();
        Thread.ofPlatform()
            .name("ledger-checkpoint")
            .start(
                () -> {
                  checkpoint.run();
                  wakeWriter();
                });
      }
    } catch (IOException | RuntimeException e) {
      checkpointDue = core.archive().pendingCount() + CHECKPOINT_CHANGES;
      completeAwaiting(e);
    }
  }

  /** Runs a comparison of the view that is due. After a failure the view is looked at soon. */
  private void runDueScan() {
    try {
      scans.runDue();
    } catch (IOException | RuntimeException e) {
      report.compareAndSet(Report.NOTHING, Report.UNREADABLE);
    }
  }

  private boolean isCheckpointDue(boolean idle) {
    if (refusal != null) {
      return false;
    }
    int pending = core.archive().pendingCount();
    return !requestedCheckpoints.isEmpty()
        || !awaitingCheckpoint.isEmpty()
        || pending >= checkpointDue
        || idle && (pending > 0 || core.isMonthToBeSealed())
        || core.archive().pendingBytes() >= CHECKPOINT_BYTES && checkpointDue == CHECKPOINT_CHANGES;
  }

  private void completeAwaiting(@Nullable Exception failure) {
    for (CompletableFuture<Void> done : awaitingCheckpoint) {
      if (failure == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    }
    awaitingCheckpoint.clear();
  }

  /** Runs the checkpoints that were requested before the ledger closed. */
  private void runRequestedCheckpoints() {
    requestedCheckpoints.drainTo(awaitingCheckpoint);
    if (!awaitingCheckpoint.isEmpty()) {
      try {
        core.checkpoint();
        completeAwaiting(null);
      } catch (IOException | RuntimeException e) {
        completeAwaiting(e);
      }
    }
  }

  /** Fails all calls that still wait when the writer ends, for any reason. */
  private void failPendingCalls() {
    synchronized (stateLock) {
      closing = true;
    }
    IOException stopped =
        new IOException("the ledger has stopped; the change may or may not have been made", broken);
    nextBatch.addAll(queue);
    writes().forEach(entry -> entry.answer().completeExceptionally(stopped));
    awaitingCheckpoint.forEach(done -> done.completeExceptionally(stopped));
    requestedCheckpoints.forEach(done -> done.completeExceptionally(stopped));
  }

  /**
   * Completes all waiting calls, writes a checkpoint, and releases the archive. The first call does
   * this; every call returns after it.
   *
   * @throws IOException if the checkpoint failed; the changes are safe in the journal
   */
  @Override
  public void close() throws IOException {
    refuseWithinTransaction();
    synchronized (stateLock) {
      closing = true;
      wakeWriter();
    }
    synchronized (closeLock) {
      if (!released) {
        released = true;
        release();
      }
    }
  }

  private void release() throws IOException {
    boolean interrupted = awaitWriter();
    core.events().close();
    try {
      if (broken != null || refusal != null) {
        core.abandon(); // the journal has all that was acknowledged; memory may be inconsistent
      } else {
        core.close();
      }
    } finally {
      lock.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits for the writer, even if interrupted: the lock must not be released while it writes. An
   * interrupted thread cannot write to a file, so the interrupt is restored later.
   *
   * @return whether the thread was interrupted
   */
  private boolean awaitWriter() {
    boolean interrupted = Thread.interrupted();
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
