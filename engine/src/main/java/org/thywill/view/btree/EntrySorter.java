package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Brings the entries of one index into order: by the bytes of their keys, and then by row. Keys are
 * kept in memory up to a bound; what is more is sorted in runs, which go to temporary files and are
 * merged at the end.
 */
final class EntrySorter implements Closeable {
  private static final int FIRST_BYTES = 1 << 14;
  private final Path folder;
  private final int boundBytes;
  private final List<SortedRun> runs = new ArrayList<>();
  private byte[] keys = new byte[FIRST_BYTES];
  private int[] starts = new int[FIRST_BYTES >> 4];
  private int count;
  private long rowsBefore;

  /** Takes an entry in, whose key stands between two places. */
  @FunctionalInterface
  interface Sink {
    void accept(byte[] keys, int from, int to, long row) throws IOException;
  }

  /**
   * Sorts with temporary files in a folder.
   *
   * @param boundBytes how many bytes of keys are kept in memory
   */
  EntrySorter(Path folder, int boundBytes) {
    this.folder = folder;
    this.boundBytes = boundBytes;
  }

  /** Adds the entry of the next row; the rows are numbered 1, 2, 3 … */
  void add(byte[] key, int bytes) throws IOException {
    int used = starts[count];
    if (used + bytes > boundBytes && count > 0) {
      spill();
      used = 0;
    }
    if (keys.length - used < bytes) {
      keys =
          Arrays.copyOf(
              keys,
              Math.max(used + bytes, Math.min(2 * keys.length, Math.max(boundBytes, keys.length))));
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
    for (int i : new KeyOrder(keys, starts, count).sorted()) {
      sink.accept(keys, starts[i], starts[i + 1], rowsBefore + i + 1);
    }
  }

  /** Gives all entries in order. To be called once. */
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
