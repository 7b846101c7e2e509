package org.thywill.archive.parity;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * Reads the blocks that the logs of a month are cut into. What is asked for in the order of the
 * blocks is read from one open file.
 */
final class ParityBlocks implements Closeable {
  private final Disk disk;
  private final ParityLayout shape;
  private Optional<InputStream> open = Optional.empty();
  private String openFile = "";
  private long openAt;

  ParityBlocks(Disk disk, ParityLayout shape) {
    this.disk = disk;
    this.shape = shape;
  }

  /**
   * Reads some blocks that follow each other. What lies behind the last one, and what is not there,
   * reads as zero bytes.
   *
   * @return whether all of it was there
   */
  boolean read(int first, int count, byte[] into) throws IOException {
    Arrays.fill(into, 0, count * shape.blockBytes(), (byte) 0);
    boolean whole = true;
    int block = 0;
    for (ParityLayout.Piece piece : shape.pieces()) {
      int from = Math.max(first, block);
      int until = Math.min(first + count, block + shape.blocks(piece));
      if (from < until) {
        long offset = piece.from() + (long) (from - block) * shape.blockBytes();
        int bytes = (int) Math.min((long) (until - from) * shape.blockBytes(), piece.to() - offset);
        whole &= read(piece.file(), offset, into, (from - first) * shape.blockBytes(), bytes);
      }
      block += shape.blocks(piece);
    }
    return whole;
  }

  private boolean read(String file, long offset, byte[] into, int at, int bytes)
      throws IOException {
    if (open.isEmpty() || !openFile.equals(file) || openAt != offset) {
      close();
      try {
        open = Optional.of(disk.read(file, offset));
      } catch (NoSuchFileException e) {
        return false;
      }
      openFile = file;
    }
    int read = open.orElseThrow().readNBytes(into, at, bytes);
    openAt = offset + read;
    return read == bytes;
  }

  @Override
  public void close() throws IOException {
    if (open.isPresent()) {
      InputStream in = open.get();
      open = Optional.empty();
      in.close();
    }
  }
}
