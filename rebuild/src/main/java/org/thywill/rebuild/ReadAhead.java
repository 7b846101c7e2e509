package org.thywill.rebuild;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Change;

/** Reads changes on a thread of its own, a few thousand ahead of the caller, who takes them in. */
final class ReadAhead {
  private static final int BATCH = 512;
  private static final int BATCHES = 8;

  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES);
  private volatile boolean stopped;

  /** Some changes, or the end of them. */
  private sealed interface Batch {
    record Some(List<Change> changes) implements Batch {}

    record End() implements Batch {}

    record Failed(Throwable cause) implements Batch {}
  }

  /** Gives changes to a sink. */
  @FunctionalInterface
  interface Reading {
    void into(ArchiveReader.Sink sink) throws IOException;
  }

  /** Takes changes in. */
  @FunctionalInterface
  interface Taking {
    void accept(Change change) throws IOException;
  }

  private ReadAhead() {}

  /**
   * Takes in all changes that are read, in their order, on the caller's thread. The reading has ended when this returns or throws.
   *
   * @throws IOException what the reading or the taking threw
   */
  static void run(Reading reading, Taking taking) throws IOException {
    ReadAhead ahead = new ReadAhead();
    Thread reader = Thread.ofPlatform().daemon().name("read-ahead").start(() -> ahead.read(reading));
    try {
      ahead.take(taking);
    } finally {
      ahead.end(reader);
    }
  }

  private void read(Reading reading) {
    List<Change> batch = new ArrayList<>(BATCH);
    try {
      try {
        reading.into(change -> {
          batch.add(change);
          if (batch.size() == BATCH) {
            put(new Batch.Some(List.copyOf(batch)));
            batch.clear();
          }
          return !stopped;
        });
        put(new Batch.Some(List.copyOf(batch)));
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

  private void take(Taking taking) throws IOException {
    while (true) {
      try {
        switch (queue.take()) {
          case Batch.Some(List<Change> changes) -> {
            for (Change change : changes) {
              taking.accept(change);
            }
          }
          case Batch.End() -> {
            return;
          }
          case Batch.Failed(Throwable cause) -> {
            switch (cause) {
              case IOException failure -> throw failure;
              case RuntimeException failure -> throw failure;
              default -> throw new IOException("the archive could not be read", cause);
            }
          }
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Waits for the reader, also in a thread that is interrupted: two must not read an archive at once. */
  private void end(Thread reader) {
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
    return (InterruptedIOException) new InterruptedIOException("interrupted while reading the archive").initCause(e);
  }
}
