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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Compression;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;

/**
 * The only way to change a row. {@link #write} returns when the change is safe as text and visible
 * in the view. Any number of threads may call it; changes that arrive together share one force.
 */
public final class Ledger implements Closeable {
  private static final int BATCH_MAX = 256;
  private static final int CHECKPOINT_CHANGES = 20_000;
  private static final long CHECKPOINT_BYTES = LedgerCore.PENDING_BYTES_MAX / 4;
  private static final long IDLE_MILLIS = 2_000;

  private final LedgerCore core;
  private final GzipDisk disk;
  private final ArchiveLock lock;
  private final ViewFile home;
  private final Thread writer;

  /** Closed once, behind the last who came in. */
  private final Object stateLock = new Object();

  private volatile boolean closing;
  private final BlockingQueue<Optional<Waiting>> queue = new LinkedBlockingQueue<>();
  private final BlockingQueue<CompletableFuture<Void>> checkpointsWanted =
      new LinkedBlockingQueue<>();

  /** The writer's own. */
  private final List<Optional<Waiting>> nextBatch = new ArrayList<>();

  private final List<CompletableFuture<Void>> awaitCheckpoint = new ArrayList<>();
  private int checkpointDue = CHECKPOINT_CHANGES;
  private volatile Optional<Throwable> broken = Optional.empty();

  /** What readers reported and the writer has not looked at yet. */
  private final AtomicReference<Report> report = new AtomicReference<>(Report.NOTHING);

  private enum Report {
    NOTHING,
    UNREADABLE,
    DAMAGED
  }

  private volatile Supplier<Runnable> watch = () -> () -> {};

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

  private record Waiting(LedgerCore.Call call, CompletableFuture<Receipt> answer) {}

  private Ledger(GzipDisk disk, LedgerCore core, ArchiveLock lock, ViewFile home) {
    this.disk = disk;
    this.core = core;
    this.lock = lock;
    this.home = home;
    this.writer = Thread.ofPlatform().name("ledger").start(this::run);
  }

  /**
   * Founds a new community: an empty archive. The folder must be empty or missing.
   *
   * @param community a random id
   */
  public static void found(Path archive, String community, InstantSource clock) throws IOException {
    ArchiveWriter.create(
        GzipDisk.at(archive), new ArchiveIdentity(community, Timestamps.micros(clock.instant())));
  }

  /**
   * Opens a community for writing; builds the view if it is missing.
   *
   * @throws ArchiveLock.Held if another process holds the archive
   * @throws StartRefusedException if the view and the archive do not belong together
   */
  public static Ledger open(
      Path archive, Path database, InstantSource clock, ProgressListener progress)
      throws IOException {
    return openAt(archive, database, new MonotonicClockCheck(clock, System::nanoTime), progress);
  }

  /** As {@link #open}, for a clock that is invented and may leap. */
  public static Ledger openAt(
      Path archive, Path database, InstantSource clock, ProgressListener progress)
      throws IOException {
    GzipDisk disk = GzipDisk.at(archive);
    ArchiveIdentity.read(disk);
    ArchiveLock lock = ArchiveLock.acquire(archive, clock.instant().toString());
    return over(disk, lock, new ViewFile(database), clock, progress);
  }

  /**
   * A ledger over any disk, which releases the lock when it closes, or now if it cannot be opened.
   */
  static Ledger over(
      GzipDisk disk,
      ArchiveLock lock,
      ViewFile home,
      InstantSource clock,
      ProgressListener progress)
      throws IOException {
    try {
      return new Ledger(disk, LedgerCore.open(disk, home, clock, progress), lock, home);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Compresses sealed months that ended long ago, on the caller's thread; others read and write
   * meanwhile.
   *
   * @param age how long ago at least
   * @return the files, by their plain names
   * @throws IOException if the disk could not be read or written; what was not compressed stays as
   *     it was
   */
  public List<String> compress(Duration age, InstantSource clock, ProgressListener progress)
      throws IOException {
    return Compression.run(disk, Timestamps.micros(clock.instant().minus(age)), progress);
  }

  /** What was found and mended at the start. */
  public List<Finding> findings() {
    return core.findings();
  }

  /** The digest of what is there now. Exact only while nobody writes. */
  public Digest digest() {
    return core.digest();
  }

  /**
   * A connection of the caller's own for reading; sees every change whose {@link #write} has
   * returned.
   */
  public ViewReader read() throws IOException {
    return SqliteReader.open(home.file());
  }

  /**
   * Makes changes: all of them, or none. Returns when they are safe.
   *
   * @throws ConstraintViolationException if the work tried what may not be
   * @throws WriteFailedException if the changes could not be made safe; nothing was changed
   * @throws IOException what else the work threw; nothing was changed
   * @throws IllegalStateException if the ledger is closed, or if the caller is itself a work
   */
  public Receipt write(Change.Cause cause, TransactionBody work) throws IOException {
    return write(new LedgerCore.Call(cause, work));
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
   * Makes the changes that follow a recovery, as {@link #write} does, and takes the note of the
   * recovery away with them: after a crash both are on disk, or neither, or the changes alone: then
   * the same call, repeated with the same request, only takes the note away.
   */
  public Receipt endRecovery(Change.Cause cause, TransactionBody work) throws IOException {
    return write(new LedgerCore.Call(cause, work, true));
  }

  private Receipt write(LedgerCore.Call call) throws IOException {
    Waiting waiting = new Waiting(call, new CompletableFuture<>());
    Runnable end = watch.get();
    try {
      submit(() -> queue.add(Optional.of(waiting)));
      return answer(waiting.answer());
    } finally {
      end.run();
    }
  }

  /**
   * Lets somebody measure how long writers wait.
   *
   * @param begin called on the writer's own thread when a write begins; what it gives is run when
   *     the change is safe, or was refused
   */
  public void observeWrites(Supplier<Runnable> begin) {
    watch = begin;
  }

  /**
   * Nobody comes in behind the writer's last look at the queue: a door that is closed stays closed.
   */
  private void submit(Runnable entrance) {
    refuseWithinTransaction();
    synchronized (stateLock) {
      if (closing) {
        throw new IllegalStateException("the ledger is closed");
      }
      entrance.run();
    }
  }

  /**
   * Copies everything to logs, pages and snapshots now, seals the month of the last change if it
   * has ended, and returns when that is done. Both happen on their own too, a moment after nobody
   * has written any more.
   */
  public void checkpoint() throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    submit(
        () -> {
          checkpointsWanted.add(done);
          wakeWriter();
        });
    answer(done);
  }

  /**
   * Says that a reader could not read. Where the file is gone, or not what a database writes, the
   * view is built anew from the archive beside the serving: until that is done readers fail, and
   * writers wait. Nothing that was saved is lost with a view.
   *
   * @param isDamaged whether the file was found damaged ({@link
   *     org.thywill.view.ViewException#isDamaged}), and not only missing
   */
  public void reportUnreadable(boolean isDamaged) {
    report.accumulateAndGet(
        isDamaged ? Report.DAMAGED : Report.UNREADABLE,
        (before, now) -> before.compareTo(now) > 0 ? before : now);
    wakeWriter();
  }

  /**
   * Looks after the view where a reader had trouble, and whenever nobody comes; what fails now is
   * tried again soon, and fails every write until then.
   */
  private void repairViewIfNeeded(boolean idle) {
    Report reported = report.getAndSet(Report.NOTHING);
    if (idle || reported != Report.NOTHING) {
      try {
        core.lookAfterView(reported == Report.DAMAGED);
      } catch (IOException | RuntimeException e) {
        report.compareAndSet(Report.NOTHING, Report.UNREADABLE);
      }
    }
  }

  /** Wakes the writer for something else than a call. */
  private void wakeWriter() {
    queue.add(Optional.empty());
  }

  /** A work that waited for the ledger would wait for itself. */
  private void refuseWithinTransaction() {
    if (Thread.currentThread() == writer) {
      throw new IllegalStateException(
          "a work asks its transaction, never the ledger that carries it out");
    }
  }

  private static <T> T answer(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before the answer came; the change may have been made", e);
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
      answerCheckpoints();
    } catch (Throwable e) {
      broken = Optional.of(e);
    } finally {
      failPendingCalls();
    }
  }

  /** Waits for callers, serves all that are there, and looks after checkpoints. */
  private void serve() {
    next().ifPresent(nextBatch::add);
    boolean idle = nextBatch.isEmpty();
    repairViewIfNeeded(idle);
    queue.drainTo(nextBatch, BATCH_MAX - 1);
    List<Waiting> batch = nextBatch.stream().flatMap(Optional::stream).toList();
    if (!batch.isEmpty()) {
      commit(batch);
    }
    nextBatch.clear();
    runDueCheckpoint(idle);
  }

  /** The first in the queue, or nothing if nobody comes for a while. */
  private Optional<Optional<Waiting>> next() {
    try {
      return Optional.ofNullable(queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      return Optional.of(Optional.empty()); // nobody but close ends the writer
    }
  }

  private void commit(List<Waiting> batch) {
    List<LedgerCore.Outcome> outcomes = core.commit(batch.stream().map(Waiting::call).toList());
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<Receipt> answer = batch.get(i).answer();
      switch (outcomes.get(i)) {
        case LedgerCore.Outcome.Done(Receipt receipt) -> answer.complete(receipt);
        case LedgerCore.Outcome.Failed(Throwable cause) -> answer.completeExceptionally(cause);
      }
    }
  }

  /**
   * Ends a checkpoint that has been copied, and begins one that is due. One that fails is tried
   * again when the next is due: the changes are safe in the journal. Who asked for it is told.
   */
  private void runDueCheckpoint(boolean idle) {
    try {
      if (core.isCheckpointDone()) {
        core.endCheckpoint();
        answerAwaiting(Optional.empty());
        checkpointDue = CHECKPOINT_CHANGES;
      }
      if (!core.isCheckpointRunning() && isCheckpointDue(idle)) {
        checkpointsWanted.drainTo(awaitCheckpoint);
        Runnable copying = core.beginCheckpoint();
        Thread.ofPlatform()
            .name("ledger-checkpoint")
            .start(
                () -> {
                  copying.run();
                  wakeWriter();
                });
      }
    } catch (IOException | RuntimeException e) {
      checkpointDue = core.archive().pendingCount() + CHECKPOINT_CHANGES;
      answerAwaiting(Optional.of(e));
    }
  }

  private boolean isCheckpointDue(boolean idle) {
    int pending = core.archive().pendingCount();
    return !checkpointsWanted.isEmpty()
        || !awaitCheckpoint.isEmpty()
        || pending >= checkpointDue
        || idle && (pending > 0 || core.isMonthToBeSealed())
        || core.archive().pendingBytes() >= CHECKPOINT_BYTES && checkpointDue == CHECKPOINT_CHANGES;
  }

  private void answerAwaiting(Optional<Exception> failure) {
    awaitCheckpoint.forEach(
        failure.isPresent()
            ? done -> done.completeExceptionally(failure.get())
            : done -> done.complete(null));
    awaitCheckpoint.clear();
  }

  /** Whoever asked for a checkpoint before the ledger closed gets it. */
  private void answerCheckpoints() {
    checkpointsWanted.drainTo(awaitCheckpoint);
    if (!awaitCheckpoint.isEmpty()) {
      try {
        core.checkpoint();
        answerAwaiting(Optional.empty());
      } catch (IOException | RuntimeException e) {
        answerAwaiting(Optional.of(e));
      }
    }
  }

  /** Whoever still waits when the writer ends, for whatever reason, is told so. */
  private void failPendingCalls() {
    synchronized (stateLock) {
      closing = true;
    }
    IOException stopped =
        new IOException(
            "the ledger has stopped; the change may or may not have been made",
            broken.orElse(null));
    nextBatch.addAll(queue);
    nextBatch.stream()
        .flatMap(Optional::stream)
        .forEach(waiting -> waiting.answer().completeExceptionally(stopped));
    awaitCheckpoint.forEach(done -> done.completeExceptionally(stopped));
    checkpointsWanted.forEach(done -> done.completeExceptionally(stopped));
  }

  /**
   * Answers what is waiting, checkpoints, and releases the archive. Every call returns after that,
   * and only the first one does it.
   *
   * @throws IOException if the checkpoint failed; the changes are safe in the journal all the same
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
    try {
      if (broken.isPresent()) {
        core.abandon(); // the journal has all that was acknowledged; what stands in memory may not
        // fit together
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
   * Waits also in a thread that is interrupted, and says whether it was: the lock must not be
   * released while the writer writes, and an interrupted thread cannot write to a file.
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
