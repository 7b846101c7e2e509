package org.thywill.view.rebuild;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.thywill.archive.format.ChangeSink;
import org.thywill.catalog.Change;

/**
 * Reads changes on a thread of its own, some ahead of the caller, who takes them batch by batch. To
 * be closed, also before the end.
 */
public final class PrefetchingReader implements Closeable {
  private static final int BATCH = 512;
  private static final int BATCHES = 8;

  private final BlockingQueue<Batch> queue;
  private final Thread reader;
  private volatile boolean stopped;
  private boolean ended;

  /** Some changes, or the end of them. */
  private sealed interface Batch {
    record Some(List<Change> changes) implements Batch {}

    record End() implements Batch {}

    record Failed(Throwable cause) implements Batch {}
  }

  /** Gives changes to a sink. */
  @FunctionalInterface
  public interface Reading {
    void into(ChangeSink sink) throws IOException;
  }

  /** Takes changes in. */
  @FunctionalInterface
  interface Taking {
    void accept(Change change) throws IOException;
  }

  /**
   * Begins to read.
   *
   * @param batches of 512 changes that may wait for the caller
   */
  public PrefetchingReader(Reading reading, int batches) {
    this.queue = new ArrayBlockingQueue<>(batches);
    this.reader = Thread.ofPlatform().daemon().name("read-ahead").unstarted(() -> read(reading));
    reader.start();
  }

  /**
   * Takes in all changes that are read, in their order, on the caller's thread. The reading has
   * ended when this returns or throws.
   *
   * @throws IOException what the reading or the taking threw
   */
  static void run(Reading reading, Taking taking) throws IOException {
    try (PrefetchingReader ahead = new PrefetchingReader(reading, BATCHES)) {
      for (List<Change> batch = ahead.next(); !batch.isEmpty(); batch = ahead.next()) {
        for (Change change : batch) {
          taking.accept(change);
        }
      }
    }
  }

  private void read(Reading reading) {
    List<Change> batch = new ArrayList<>(BATCH);
    try {
      try {
        reading.into(
            change -> {
              batch.add(change);
              if (batch.size() == BATCH) {
                put(new Batch.Some(List.copyOf(batch)));
                batch.clear();
              }
              return !stopped;
            });
        if (!batch.isEmpty()) {
          put(new Batch.Some(List.copyOf(batch)));
        }
        put(new Batch.End());
      } catch (IOException | RuntimeException | Error e) {
        put(new Batch.Failed(e));
      }
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt(); // the caller wants no more
    }
  }

  private void put(Batch batch) throws InterruptedIOException {
    try {
      queue.put(batch);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * The next changes in their order; none at the end, and from then on.
   *
   * @throws IOException what the reading threw
   */
  public List<Change> next() throws IOException {
    if (ended) {
      return List.of();
    }
    Batch batch;
    try {
      batch = queue.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return switch (batch) {
      case Batch.Some(List<Change> changes) -> changes;
      case Batch.End() -> {
        ended = true;
        yield List.of();
      }
      case Batch.Failed(IOException failure) -> throw failure;
      case Batch.Failed(RuntimeException failure) -> throw failure;
      case Batch.Failed(Throwable cause) ->
          throw new IOException("the archive could not be read", cause);
    };
  }

  /**
   * Waits for the reader, also in a thread that is interrupted: two must not read an archive at
   * once.
   */
  @Override
  public void close() {
    stopped = true;
    boolean interrupted = Thread.interrupted();
    while (reader.isAlive()) {
      reader.interrupt();
      queue.clear();
      try {
        reader.join(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return (InterruptedIOException)
        new InterruptedIOException("interrupted while reading the archive").initCause(e);
  }
}
