package org.thywill.database;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.TableDigest;

/**
 * The digest of a database that nobody writes, computed from its rows as they stand in the file by as many connections as there are
 * processors. Since a digest does not depend on the order of rows, each takes a share of them.
 */
public final class FileDigest {
  private static final long SHARE = 50_000;

  private FileDigest() {}

  /** Rows of a table by their place in the file. */
  private record Share(Table table, long from, long until) {}

  /**
   * The digest of all tables.
   *
   * @throws ViewException if the file cannot be read
   */
  public static Digest of(Path file) throws IOException {
    List<Share> shares = new ArrayList<>();
    try (SqliteReader reader = SqliteReader.open(file)) {
      for (Table table : Catalog.TABLES) {
        long[] places = reader.places(table);
        for (long from = places[0]; from <= places[1]; from += SHARE) {
          shares.add(new Share(table, from, Math.min(from + SHARE - 1, places[1])));
        }
      }
    }
    Map<Table, TableDigest> sums = new HashMap<>();
    Catalog.TABLES.forEach(table -> sums.put(table, new TableDigest()));
    add(file, shares, sums);
    Map<String, Digest.Entry> entries = new HashMap<>();
    sums.forEach((table, sum) -> entries.put(table.name(), new Digest.Entry(sum.rows(), sum.hex())));
    return new Digest(entries);
  }

  private static void add(Path file, List<Share> shares, Map<Table, TableDigest> sums) throws IOException {
    int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), shares.size()));
    java.util.Queue<Share> left = new java.util.concurrent.ConcurrentLinkedQueue<>(shares);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("digest-", 1).factory())) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(() -> {
          work(file, left, sums);
          return null;
        }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException("could not read " + file, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted while computing the digest").initCause(e);
    }
  }

  private static void work(Path file, java.util.Queue<Share> left, Map<Table, TableDigest> sums) throws IOException {
    try (SqliteReader reader = SqliteReader.open(file)) {
      for (Share share = left.poll(); share != null; share = left.poll()) {
        TableDigest digest = new TableDigest();
        reader.forEachBetween(share.table(), share.from(), share.until(), digest::add);
        TableDigest sum = java.util.Objects.requireNonNull(sums.get(share.table()));
        synchronized (sum) {
          sum.add(digest);
        }
      }
    }
  }
}
