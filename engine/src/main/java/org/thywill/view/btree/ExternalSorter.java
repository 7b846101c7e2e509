package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts the entries of one index by the bytes of their keys, then by row. Keys stay in memory up to
 * a bound; beyond it, sorted runs go to temporary files, which are merged at the end.
 */
final class ExternalSorter implements Closeable {
  private static final int FIRST_BYTES = 1 << 14;
  private static final int KEY_BYTES_USUAL = 16;
  private final Path folder;
  private final int memoryBytesMax;
  private final List<SortedRun> runs = new ArrayList<>();
  private byte[] keys = new byte[FIRST_BYTES];
  private int[] starts = new int[FIRST_BYTES / KEY_BYTES_USUAL];
  private int count;
  private long rowsBefore;

  /** Receives an entry, whose key is a part of an array. */
  @FunctionalInterface
  interface Sink {
    void accept(byte[] keys, int from, int to, long row) throws IOException;
  }

  /**
   * Sorts with temporary files in a folder.
   *
   * @param memoryBytesMax how many bytes of keys are kept in memory
   */
  ExternalSorter(Path folder, int memoryBytesMax) {
    this.folder = folder;
    this.memoryBytesMax = memoryBytesMax;
  }

  /** Adds the entry of the next row; rows have the numbers 1, 2, 3 … */
  void add(byte[] key, int bytes) throws IOException {
    int used = starts[count];
    if (used + bytes > memoryBytesMax && count > 0) {
      spill();
      used = 0;
    }
    if (keys.length - used < bytes) {
      int doubled = Math.min(2 * keys.length, Math.max(memoryBytesMax, keys.length));
      keys = Arrays.copyOf(keys, Math.max(used + bytes, doubled));
    }
    if (count + 2 > starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    System.arraycopy(key, 0, keys, used, bytes);
    count++;
    starts[count] = used + bytes;
  }

  private void spill() throws IOException {
    try (SortedRun.Writer run = SortedRun.write(folder)) {
      forEachInMemory(run::add);
      runs.add(run.finish());
    }
    rowsBefore += count;
    count = 0;
  }

  private void forEachInMemory(Sink sink) throws IOException {
    for (int i : new RadixSorter(keys, starts, count).sorted()) {
      sink.accept(keys, starts[i], starts[i + 1], rowsBefore + i + 1);
    }
  }

  /** Passes all entries to a sink, in order. To be called once. */
  void forEach(Sink sink) throws IOException {
    if (runs.isEmpty()) {
      forEachInMemory(sink);
      return;
    }
    spill();
    PriorityQueue<SortedRun> queue = new PriorityQueue<>();
    for (SortedRun run : runs) {
      if (run.next()) {
        queue.add(run);
      }
    }
    while (!queue.isEmpty()) {
      SortedRun run = queue.remove();
      sink.accept(run.key(), 0, run.keyBytes(), run.row());
      if (run.next()) {
        queue.add(run);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (SortedRun run : runs) {
      run.close();
    }
  }
}
