package org.thywill.database.pages;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does several pieces of work on as many threads as there are processors, and waits until all have ended. */
public final class Workers {
  private Workers() {}

  /** A piece of work on files. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  /**
   * Does all of the work.
   *
   * @param name of the threads
   * @throws IOException what the first piece that failed threw, when all others have ended too
   */
  public static void run(String name, List<? extends Work> all) throws IOException {
    int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), all.size()));
    try (ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory())) {
      List<Future<?>> pieces = new ArrayList<>();
      for (Work work : all) {
        pieces.add(pool.submit(() -> {
          work.run();
          return null;
        }));
      }
      for (Future<?> piece : pieces) {
        piece.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(name + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted: " + name).initCause(e);
    }
  }
}
