package org.thywill.web.http;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the server's work besides requests: single tasks at once, repeated ones at fixed intervals.
 *
 * <p>After {@link #close} no task and no round begins. A round that is running is waited for, since
 * it may write. A single task is not waited for, since it can take minutes; it runs on a daemon
 * thread, which ends with the process.
 */
public final class BackgroundTasks implements Closeable {
  /** Check, drill, report, statistics and maintenance can run at the same time. */
  private static final int THREADS = 5;

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          THREADS, Thread.ofPlatform().name("background-", 1).daemon().factory());

  /**
   * Starts a task at once.
   *
   * @param task must handle its own exceptions
   * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
   */
  public void start(Runnable task) {
    executor.execute(task);
  }

  /**
   * Runs a task at once, and again each time that an interval has passed since its end.
   *
   * @param task must handle its own exceptions: after one, it would not be repeated
   */
  public void repeat(Duration interval, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> runRound(task), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void runRound(Runnable task) {
    if (!executor.isShutdown()) {
      task.run();
    }
  }

  /**
   * Waits for the round that is running, which holds the lock of this object, and for some seconds
   * for single tasks: a check of a large archive may go on until the process ends.
   */
  @Override
  public void close() {
    synchronized (this) {
      executor.shutdown();
    }
    try {
      var _ = executor.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
