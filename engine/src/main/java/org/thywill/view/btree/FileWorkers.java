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
 * A small pool of threads for tasks that read or write files. Closing it waits until all tasks have
 * ended.
 */
public final class FileWorkers implements Closeable {
  private final String name;
  private final ExecutorService pool;
  private final Queue<Future<?>> started = new ArrayDeque<>();

  /** A task that reads or writes files. */
  @FunctionalInterface
  public interface Task {
    void run() throws IOException;
  }

  FileWorkers(String name, int threads) {
    this.name = name;
    this.pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
  }

  /**
   * Runs several tasks, each on its own thread, and waits until all have ended.
   *
   * @param name of the threads, for messages and thread dumps
   * @throws IOException what the first task that failed threw
   */
  public static void run(String name, List<? extends Task> tasks) throws IOException {
    try (FileWorkers workers = new FileWorkers(name, tasks.size())) {
      tasks.forEach(workers::start);
      workers.await();
    }
  }

  void start(Task task) {
    started.add(
        pool.submit(
            () -> {
              task.run();
              return null;
            }));
  }

  /**
   * Waits until all tasks have ended, or one has failed.
   *
   * @throws IOException what that task threw
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
