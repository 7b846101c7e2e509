package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.thywill.archive.ArchiveLock;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.Finding;
import org.thywill.archive.Identity;
import org.thywill.archive.disk.RealDisk;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Handles;
import org.thywill.catalog.Timestamps;
import org.thywill.database.SqliteReader;
import org.thywill.database.ViewReader;
import org.thywill.rebuild.Progress;

/**
 * The only way to change a row. {@link #write} returns when the change is safe as text and visible in the view. Any number of threads may call
 * it; changes that arrive together share one force.
 */
public final class Ledger implements Closeable {
  private static final int BATCH_MAX = 256;
  private static final int CHECKPOINT_CHANGES = 5_000;
  private static final long IDLE_MILLIS = 2_000;

  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final LedgerCore core;
  private final ArchiveLock lock;
  private final ViewHome home;
  private final Thread writer;
  private final BlockingQueue<CompletableFuture<Void>> checkpointsWanted = new LinkedBlockingQueue<>();
  private final Object door = new Object();
  private volatile boolean closing;
  private boolean released;

  private record Waiting(LedgerCore.Call call, CompletableFuture<Receipt> answer) {}

  private Ledger(LedgerCore core, ArchiveLock lock, ViewHome home) {
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
    ArchiveWriter.create(new RealDisk(archive), new Identity(community, Timestamps.micros(clock.instant())));
  }

  /**
   * Opens a community for writing; builds the view if it is missing.
   *
   * @throws ArchiveLock.Held if another process holds the archive
   * @throws StartRefused if the view and the archive do not belong together
   */
  public static Ledger open(Path archive, Path database, InstantSource clock, Progress progress) throws IOException {
    return openAt(archive, database, new ClockGuard(clock, System::nanoTime), progress);
  }

  /** As {@link #open}, for a clock that is invented and may leap. */
  public static Ledger openAt(Path archive, Path database, InstantSource clock, Progress progress) throws IOException {
    RealDisk disk = new RealDisk(archive);
    Identity.read(disk);
    ArchiveLock lock = ArchiveLock.acquire(archive, clock.instant().toString());
    try {
      ViewHome home = new ViewHome(database);
      return new Ledger(LedgerCore.open(disk, home, clock, progress), lock, home);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** What was found and mended at the start. */
  public List<Finding> findings() {
    return core.findings();
  }

  /** The digest of what is there now. Exact only while nobody writes. */
  public Digest digest() {
    return core.digest();
  }

  /** A connection of the caller's own for reading; sees every change whose {@link #write} has returned. */
  public ViewReader read() throws IOException {
    return SqliteReader.open(home.file());
  }

  /**
   * Makes changes: all of them, or none. Returns when they are safe.
   *
   * @throws RefusedChange if the work tried what may not be
   * @throws NotSaved if the changes could not be made safe; nothing was changed
   * @throws IOException what else the work threw; nothing was changed
   */
  public Receipt write(Change.Cause cause, Work work) throws IOException {
    Waiting waiting = new Waiting(new LedgerCore.Call(cause, work), new CompletableFuture<>());
    enter(() -> queue.add(waiting));
    return answer(waiting.answer());
  }

  /** Nobody comes in behind the writer's last look at the queue: a door that is closed stays closed. */
  private void enter(Runnable entrance) {
    synchronized (door) {
      if (closing) {
        throw new IllegalStateException("the ledger is closed");
      }
      entrance.run();
    }
  }

  /** Copies everything to logs, pages and snapshots now, and returns when that is done. */
  public void checkpoint() throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    enter(() -> {
      checkpointsWanted.add(done);
      nudge();
    });
    answer(done);
  }

  /** Wakes the writer with a call that changes nothing. */
  private void nudge() {
    queue.add(new Waiting(new LedgerCore.Call(Change.Cause.by(Handles.SYSTEM), transaction -> { }), new CompletableFuture<>()));
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
      List<Waiting> batch = new ArrayList<>();
      while (!closing || !queue.isEmpty()) {
        Waiting first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_MAX - 1);
          commit(batch);
          batch.clear();
        }
        checkpointIfDue(first == null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      refuseTheRest();
    }
  }

  /** Whoever still waits when the writer ends, for whatever reason, is told so. */
  private void refuseTheRest() {
    synchronized (door) {
      closing = true;
    }
    IOException stopped = new IOException("the ledger has stopped; the change was not made");
    queue.forEach(waiting -> waiting.answer().completeExceptionally(stopped));
    checkpointsWanted.forEach(done -> done.completeExceptionally(stopped));
  }

  private void commit(List<Waiting> batch) {
    try {
      List<LedgerCore.Outcome> outcomes = core.commit(batch.stream().map(Waiting::call).toList());
      for (int i = 0; i < batch.size(); i++) {
        CompletableFuture<Receipt> answer = batch.get(i).answer();
        switch (outcomes.get(i)) {
          case LedgerCore.Outcome.Done(Receipt receipt) -> answer.complete(receipt);
          case LedgerCore.Outcome.Failed(Throwable cause) -> answer.completeExceptionally(cause);
        }
      }
    } catch (Error e) {
      batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
      throw e;
    }
  }

  /** A checkpoint that fails is tried again when the next is due: the changes are safe in the journal. Who asked for it is told. */
  private void checkpointIfDue(boolean idle) {
    List<CompletableFuture<Void>> wanted = new ArrayList<>();
    checkpointsWanted.drainTo(wanted);
    if (core.archive().pendingCount() >= CHECKPOINT_CHANGES || idle && core.archive().pendingCount() > 0 || !wanted.isEmpty()) {
      try {
        core.checkpoint();
        wanted.forEach(done -> done.complete(null));
      } catch (IOException | RuntimeException e) {
        wanted.forEach(done -> done.completeExceptionally(e));
      }
    }
  }

  /** Answers what is waiting, checkpoints, and releases the archive. A second call does nothing. */
  @Override
  public void close() throws IOException {
    synchronized (door) {
      if (released) {
        return;
      }
      released = true;
      closing = true;
      nudge();
    }
    boolean interrupted = awaitWriter();
    try {
      core.close();
    } finally {
      lock.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits also in a thread that is interrupted, and says whether it was: the lock must not be released while the writer writes, and an
   * interrupted thread cannot write to a file.
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
