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
 * Reads changes in batches on its own thread, ahead of the caller. Must be closed, also before the
 * end.
 */
public final class PrefetchingReader implements Closeable {
  private static final int BATCH_CHANGES = 512;
  private static final int BATCHES = 8;
  private static final long JOIN_MILLIS = 10;

  private final BlockingQueue<Batch> queue;
  private final Thread reader;
  private volatile boolean stopped;
  private boolean ended;

  /** What the reading thread passes to the caller. */
  private sealed interface Batch {
    record Some(List<Change> changes) implements Batch {}

    record End() implements Batch {}

    record Failed(Throwable cause) implements Batch {}
  }

  /** Reads changes into a sink. */
  @FunctionalInterface
  public interface Source {
    void readInto(ChangeSink sink) throws IOException;
  }

  /** Processes a change. */
  @FunctionalInterface
  interface Consumer {
    void accept(Change change) throws IOException;
  }

  /**
   * Starts to read.
   *
   * @param batches how many batches of 512 changes may wait for the caller
   */
  public PrefetchingReader(Source source, int batches) {
    this.queue = new ArrayBlockingQueue<>(batches);
    this.reader = Thread.ofPlatform().daemon().name("read-ahead").unstarted(() -> read(source));
    reader.start();
  }

  /**
   * Processes all changes in order, on the caller's thread. The reading has ended when this returns
   * or throws.
   *
   * @throws IOException what the source or the consumer threw
   */
  static void run(Source source, Consumer consumer) throws IOException {
    try (PrefetchingReader ahead = new PrefetchingReader(source, BATCHES)) {
      for (List<Change> batch = ahead.next(); !batch.isEmpty(); batch = ahead.next()) {
        for (Change change : batch) {
          consumer.accept(change);
        }
      }
    }
  }

  private void read(Source source) {
    List<Change> batch = new ArrayList<>(BATCH_CHANGES);
    try {
      try {
        source.readInto(
            change -> {
              batch.add(change);
              if (batch.size() == BATCH_CHANGES) {
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
      Thread.currentThread().interrupt(); // the reader was closed
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
   * The next batch, in order; empty at the end and from then on.
   *
   * @throws IOException what the source threw
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
   * Waits for the reading thread, even if interrupted: two threads must not read one archive at
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
        reader.join(JOIN_MILLIS);
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
