package org.thywill.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;

/** The write-ahead log of the view stays bounded while readers never leave it unread. */
class ViewLogTest {
  private static final int READERS = 4;
  private static final int ROWS = 200;
  private static final int COMMITS = 300;

  /** All rows together are more than a megabyte. */
  private static final String TEXT = "Rain, please. ".repeat(360);

  @TempDir Path folder;

  @Test
  void log_underReadersThatOverlap_staysBounded() throws Exception {
    Path file = folder.resolve("v.db");
    Path log = folder.resolve("v.db-wal");
    AtomicBoolean isOver = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(READERS);
    try (SqliteWriter view = SqliteWriter.create(file, "c", 0);
        ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      write(view, Operation.ADDED, 0);
      List<Future<Long>> reads = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        reads.add(readers.submit(reading(file, isOver, begun)));
      }
      begun.await();
      long largest = 0;
      for (int i = 1; i <= COMMITS; i++) {
        write(view, Operation.CHANGED, i);
        largest = Math.max(largest, Files.size(log));
      }
      isOver.set(true);
      assertThat(reads(reads)).isPositive();
      assertThat(largest).isLessThan(SqliteWriter.LOG_BYTES_MAX + 8_000_000);
    }
  }

  /** A reader that stays keeps what it reads; when it is gone, the log becomes small again. */
  @Test
  void log_thatAReaderHasKept_isCutWhenTheReaderIsGone() throws IOException {
    Path file = folder.resolve("v.db");
    Path log = folder.resolve("v.db-wal");
    try (SqliteWriter view = SqliteWriter.create(file, "c", 0)) {
      write(view, Operation.ADDED, 0);
      try (SqliteReader reader = SqliteReader.open(file)) {
        reader.pin();
        for (int i = 1; i <= 150; i++) {
          write(view, Operation.CHANGED, i);
        }
        assertThat(Files.size(log)).isGreaterThan(SqliteWriter.LOG_BYTES_MAX);
      }
      for (int i = 151; i <= 250; i++) {
        write(view, Operation.CHANGED, i);
      }
      assertThat(Files.size(log)).isLessThan(SqliteWriter.LOG_BYTES_MAX);
    }
  }

  private static Callable<Long> reading(Path file, AtomicBoolean isOver, CountDownLatch begun) {
    return () -> {
      try (SqliteReader reader = SqliteReader.open(file)) {
        begun.countDown();
        long count = 0;
        while (!isOver.get()) {
          reader.forEach(Catalog.PRAYERS, row -> {});
          count++;
        }
        return count;
      }
    };
  }

  private static long reads(List<Future<Long>> reads)
      throws InterruptedException, ExecutionException {
    long count = 0;
    for (Future<Long> each : reads) {
      count += each.get();
    }
    return count;
  }

  private static void write(SqliteWriter view, Operation operation, int round) throws IOException {
    view.begin();
    for (int i = 0; i < ROWS; i++) {
      long seq = (long) round * ROWS + i + 1;
      view.apply(
          new Change(
              operation,
              Row.in(Catalog.PRAYERS)
                  .set(Catalog.Prayers.ID, "p" + i)
                  .set(Catalog.Prayers.TEXT, TEXT + round)
                  .build(),
              seq,
              new Change.TransactionInfo(seq, seq, seq - 1, 0, Change.Cause.by("mary"))));
    }
    view.commit();
  }
}
