package org.thywill.archive.parity;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;

/**
 * Reads the blocks into which the logs of a month are divided.
 *
 * <p>Reads in the order of the blocks use one open file. Not safe for several threads.
 */
final class ParityBlocks implements Closeable {
  private final Disk disk;
  private final ParityLayout layout;
  private @Nullable InputStream open;
  private String openFile = "";
  private long openOffset;

  ParityBlocks(Disk disk, ParityLayout layout) {
    this.disk = disk;
    this.layout = layout;
  }

  /**
   * Reads consecutive blocks. Bytes after the last block, and missing bytes, read as zero.
   *
   * @return whether no byte was missing
   */
  boolean read(int first, int count, byte[] into) throws IOException {
    Arrays.fill(into, 0, count * layout.blockBytes(), (byte) 0);
    boolean whole = true;
    int block = 0;
    for (ParityLayout.Piece piece : layout.pieces()) {
      int from = Math.max(first, block);
      int until = Math.min(first + count, block + layout.blocks(piece));
      if (from < until) {
        long offset = piece.from() + (long) (from - block) * layout.blockBytes();
        int bytes =
            (int) Math.min((long) (until - from) * layout.blockBytes(), piece.to() - offset);
        whole &= read(piece.file(), offset, into, (from - first) * layout.blockBytes(), bytes);
      }
      block += layout.blocks(piece);
    }
    return whole;
  }

  private boolean read(String file, long offset, byte[] into, int at, int bytes)
      throws IOException {
    InputStream in = open;
    if (in == null || !openFile.equals(file) || openOffset != offset) {
      close();
      try {
        in = disk.read(file, offset);
      } catch (NoSuchFileException e) {
        return false;
      }
      open = in;
      openFile = file;
    }
    int read = in.readNBytes(into, at, bytes);
    openOffset = offset + read;
    return read == bytes;
  }

  @Override
  public void close() throws IOException {
    InputStream in = open;
    open = null;
    if (in != null) {
      in.close();
    }
  }
}
