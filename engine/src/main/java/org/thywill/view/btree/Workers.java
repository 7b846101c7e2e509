package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Some threads for work on files beside the caller's own. Closing waits for what has been started,
 * however it ends.
 */
public final class Workers implements Closeable {
  private final String name;
  private final ExecutorService pool;
  private final Queue<Future<?>> started = new ArrayDeque<>();

  /** A piece of work on files. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  Workers(String name, int threads) {
    this.name = name;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
  }

  /**
   * Does several pieces of work, each on a thread of its own, and waits until all have ended.
   *
   * @throws IOException what the first piece that failed threw
   */
  public static void run(String name, List<? extends Work> all) throws IOException {
    try (Workers workers = new Workers(name, all.size())) {
      all.forEach(workers::start);
      workers.await();
    }
  }

  void start(Work work) {
    started.add(
        pool.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  /**
   * Waits until all that was started has ended, or one piece has failed.
   *
   * @throws IOException what the first piece that failed threw
   */
  void await() throws IOException {
    while (!started.isEmpty()) {
      try {
        started.remove().get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException cause
            ? cause
            : new IOException(name + " failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException)
            new InterruptedIOException("interrupted: " + name).initCause(e);
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
