package org.thywill.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;

/**
 * Compares the rows of a view with the digest that the ledger keeps, while the ledger goes on. It
 * finds what SQLite does not know of, such as bytes that were changed in place.
 */
public final class ViewScan {
  private static final String INDEXES = "its indexes";

  private final SqliteReader view;
  private final Digest expected;
  private final int opening;
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private final FutureTask<List<String>> task = new FutureTask<>(this::compare);

  /**
   * A scan that has not begun.
   *
   * @param view shows the view as it was when the digest was taken; closed by the scan
   * @param opening which opening of the view it is about
   */
  public ViewScan(SqliteReader view, Digest expected, int opening) {
    this.view = view;
    this.expected = expected;
    this.opening = opening;
  }

  /** Compares on the thread that calls it. */
  public void run() {
    task.run();
  }

  public boolean isDone() {
    return task.isDone();
  }

  public int opening() {
    return opening;
  }

  /** Ends the scan after the table that it reads, and waits for that. */
  public void stop() {
    isStopped.set(true);
    run();
    boolean isInterrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (InterruptedException e) {
        isInterrupted = true;
      } catch (ExecutionException e) {
        break; // differences() throws it; who stops a scan does not ask
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> compare() throws IOException {
    List<String> differing = new ArrayList<>();
    try (view) {
      for (Table table : Catalog.TABLES) {
        if (isStopped.get()) {
          break;
        }
        Digest.@Nullable Entry found =
            view.computeDigest(List.of(table)).tables().get(table.name());
        if (!Objects.equals(found, expected.tables().get(table.name()))) {
          differing.add(table.name());
        }
      }
      if (!isStopped.get() && differing.isEmpty() && !view.hasSoundIndexes()) {
        differing.add(INDEXES);
      }
    }
    return differing;
  }

  /**
   * The tables whose rows are not those that the ledger wrote, or the words {@value #INDEXES}; call
   * it when the scan is done.
   *
   * @throws IOException if the view could not be read
   */
  public List<String> differences() throws IOException {
    if (task.state() == Future.State.FAILED) {
      switch (task.exceptionNow()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IOException("the view was not compared", failure);
      }
    }
    return task.resultNow();
  }
}
