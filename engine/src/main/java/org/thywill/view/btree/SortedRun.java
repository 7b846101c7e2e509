package org.thywill.view.btree;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sorted entries of an index in a temporary file, which is deleted when the run is closed. Runs
 * compare by their current entries.
 */
final class SortedRun implements Closeable, Comparable<SortedRun> {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int KEY_BYTES_FIRST = 64;

  private final FileChannel file;
  private final DataInputStream in;
  private byte[] key = new byte[KEY_BYTES_FIRST];
  private int keyBytes;
  private long row;

  private SortedRun(FileChannel file) {
    this.file = file;
    this.in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES));
  }

  /** Begins a run in a temporary file of a folder. */
  static Writer write(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, ".thywill-sort-", ".tmp");
    return new Writer(
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /** Moves to the next entry; false if there is none. */
  boolean next() throws IOException {
    int bytes;
    try {
      bytes = in.readInt();
    } catch (EOFException end) {
      return false;
    }
    if (bytes > key.length) {
      key = new byte[Math.max(bytes, 2 * key.length)];
    }
    in.readFully(key, 0, bytes);
    keyBytes = bytes;
    row = in.readLong();
    return true;
  }

  byte[] key() {
    return key;
  }

  int keyBytes() {
    return keyBytes;
  }

  long row() {
    return row;
  }

  @Override
  public int compareTo(SortedRun other) {
    int order = Arrays.compareUnsigned(key, 0, keyBytes, other.key, 0, other.keyBytes);
    return order != 0 ? order : Long.compare(row, other.row);
  }

  @Override
  @SuppressWarnings("EqualsGetClass")
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Writes a run. Closing it before it is finished deletes its file. */
  static final class Writer implements Closeable {
    private final FileChannel file;
    private final DataOutputStream out;
    private boolean finished;

    private Writer(FileChannel file) {
      this.file = file;
      this.out =
          new DataOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES));
    }

    void add(byte[] keys, int from, int to, long row) throws IOException {
      out.writeInt(to - from);
      out.write(keys, from, to - from);
      out.writeLong(row);
    }

    /** The run, before its first entry. */
    SortedRun finish() throws IOException {
      out.flush();
      file.position(0);
      finished = true;
      return new SortedRun(file);
    }

    @Override
    public void close() throws IOException {
      if (!finished) {
        file.close();
      }
    }
  }
}
