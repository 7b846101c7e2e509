package org.thywill.archive.check;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.archive.log.JournalTail;
import org.thywill.catalog.Change;
import org.thywill.progress.ProgressListener;

/**
 * The data that all parts of one check share.
 *
 * @param archive what is checked
 * @param expected receives the content that damaged files must have
 * @param parallel whether the archive is large enough for two threads to be faster
 */
record CheckContext(
    Archive archive,
    SequenceIndex sequence,
    FindingCollector findings,
    ExpectedContentSink expected,
    ProgressListener progress,
    boolean parallel) {
  private static final int THREADS = 2;

  /**
   * The archive as it was when the check began.
   *
   * @param head the checkpoint with which everything is compared
   * @param tail the journal after it
   */
  record Archive(Disk disk, ArchiveIdentity identity, Head head, JournalTail tail) {}

  /** A part of a check that can run on a thread of its own. */
  interface Task {
    void run() throws IOException;
  }

  Disk disk() {
    return archive.disk();
  }

  ArchiveIdentity identity() {
    return archive.identity();
  }

  Head head() {
    return archive.head();
  }

  JournalTail tail() {
    return archive.tail();
  }

  /** Whether the checkpoint covers all changes, so that no file may have any after it. */
  boolean isClosed() {
    return tail().lines().isEmpty() && tail().state() instanceof JournalTail.State.Clean;
  }

  /**
   * Whether a change came after the checkpoint, and its line in the journal has this fingerprint.
   */
  boolean isInTail(Change change, long line) {
    return change.seq() > head().seq()
        && change.seq() <= sequence.last()
        && sequence.line(change.seq()) == line;
  }

  /**
   * Runs all tasks, on two threads if that is faster; they start in the order given.
   *
   * @throws IOException if a task did
   */
  void all(List<Task> tasks) throws IOException {
    if (!parallel || tasks.size() < 2) {
      for (Task task : tasks) {
        task.run();
      }
      return;
    }
    List<Callable<Void>> calls = new ArrayList<>();
    for (Task task : tasks) {
      calls.add(
          () -> {
            task.run();
            return null;
          });
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("check-", 1).factory())) {
      for (Future<Void> done : pool.invokeAll(calls)) {
        done.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e.getCause() instanceof IOException cause
          ? cause
          : new IOException("could not check", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while checking").initCause(e);
    }
  }
}
