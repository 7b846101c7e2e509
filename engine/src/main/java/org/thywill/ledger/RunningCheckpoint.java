package org.thywill.ledger;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.thywill.archive.Checkpoint;
import org.thywill.archive.disk.DiskFull;
import org.thywill.view.SqliteReader;

/**
 * A checkpoint that is copied while the ledger goes on. Its reader shows the view as it was when
 * the checkpoint began.
 */
record RunningCheckpoint(Checkpoint checkpoint, FutureTask<Void> task) {
  RunningCheckpoint(Checkpoint checkpoint, SqliteReader view) {
    this(
        checkpoint,
        new FutureTask<>(
            () -> {
              try (view) {
                checkpoint.run(new ViewPageLocator(view));
              }
              return null;
            }));
  }

  boolean isDone() {
    return task.isDone();
  }

  /**
   * Waits until it is copied or has failed, even if interrupted. Copies it here if no other thread
   * has started.
   */
  void await() {
    task.run();
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        break; // requireSuccess() reports it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns if it was copied.
   *
   * @throws IOException if it failed
   */
  void requireSuccess() throws IOException {
    if (task.state() == Future.State.FAILED) {
      switch (task.exceptionNow()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure ->
            throw new IOException("the checkpoint failed: " + DiskFull.orMessage(failure), failure);
      }
    }
  }
}
