package org.thywill.archive.parity;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thywill.archive.disk.Disk;

/**
 * Restores logs of a sealed month from its parity.
 *
 * <p>A block of a log is taken from any disk on which its check matches: the archive or a copy. Of
 * the blocks that no disk has, a stripe can decoder as many as it has sound parity blocks, and the
 * check of each proves that it is right. Blocks whose checks are lost are taken as they are, so the
 * caller must compare the checks of the lines, and the seal.
 */
public final class ParityDecoder {
  private static final int READ_BLOCKS = 64;
  private final ParityFile parity;
  private final ParityLayout layout;
  private final List<? extends Disk> disks;

  /** By block: the number of the disk on which it is sound, from 1; 0 if there is none. */
  private final byte[] diskOf;

  private final Map<Integer, byte[]> restored = new HashMap<>();

  private ParityDecoder(ParityFile parity, List<? extends Disk> disks) {
    this.parity = parity;
    this.layout = parity.layout();
    this.disks = disks;
    this.diskOf = new byte[layout.blocks()];
  }

  /**
   * Finds and restores the blocks of a month.
   *
   * @param disks the archive first, then copies
   */
  public static ParityDecoder of(ParityFile parity, List<? extends Disk> disks) throws IOException {
    ParityDecoder decoder = new ParityDecoder(parity, disks);
    for (int i = 0; i < disks.size(); i++) {
      decoder.findBlocks(i);
    }
    decoder.restore();
    return decoder;
  }

  private void findBlocks(int disk) throws IOException {
    byte[] bytes = new byte[READ_BLOCKS * layout.blockBytes()];
    try (ParityBlocks blocks = new ParityBlocks(disks.get(disk), layout)) {
      for (int first = 0; first < diskOf.length; first += READ_BLOCKS) {
        int count = Math.min(READ_BLOCKS, diskOf.length - first);
        blocks.read(first, count, bytes);
        for (int i = 0; i < count; i++) {
          boolean isUnchecked = disk == 0 && !parity.isKnown(first + i);
          if (diskOf[first + i] == 0
              && (isUnchecked || parity.isBlock(first + i, bytes, i * layout.blockBytes()))) {
            diskOf[first + i] = (byte) (disk + 1);
          }
        }
      }
    }
  }

  private void restore() throws IOException {
    BitSet wantedStripes = new BitSet();
    for (int stripe = 0; stripe < layout.stripes(); stripe++) {
      int lost = lost(stripe).length;
      wantedStripes.set(stripe, lost > 0 && lost <= parity.reach(stripe));
    }
    Map<Integer, byte[][]> rows = parity.parityOf(wantedStripes);
    for (int stripe = wantedStripes.nextSetBit(0);
        stripe >= 0;
        stripe = wantedStripes.nextSetBit(stripe + 1)) {
      restore(stripe, lost(stripe), Objects.requireNonNull(rows.get(stripe)));
    }
  }

  /** The positions of a stripe whose blocks no disk has. */
  private int[] lost(int stripe) {
    return IntStream.range(0, layout.positions(stripe))
        .filter(position -> diskOf[layout.block(stripe, position)] == 0)
        .toArray();
  }

  private void restore(int stripe, int[] lost, byte[][] parityBlocks) throws IOException {
    int[] rows =
        IntStream.range(0, parityBlocks.length)
            .filter(row -> parityBlocks[row] != null)
            .limit(lost.length)
            .toArray();
    int[][] factors = new int[lost.length][lost.length];
    byte[][] sums = new byte[lost.length][];
    for (int i = 0; i < rows.length; i++) {
      sums[i] = parityBlocks[rows[i]].clone();
      for (int j = 0; j < lost.length; j++) {
        factors[i][j] = GaloisField.divide(1, layout.divisor(rows[i], lost[j]));
      }
    }
    for (int position = 0; position < layout.positions(stripe); position++) {
      int block = layout.block(stripe, position);
      if (diskOf[block] != 0) {
        byte[] bytes = read(block);
        for (int i = 0; i < rows.length; i++) {
          GaloisField.addProducts(
              GaloisField.divide(1, layout.divisor(rows[i], position)), bytes, sums[i]);
        }
      }
    }
    GaloisField.solve(factors, sums);
    for (int i = 0; i < lost.length; i++) {
      int block = layout.block(stripe, lost[i]);
      if (parity.isBlock(block, sums[i], 0)) {
        restored.put(block, sums[i]);
      }
    }
  }

  private byte[] read(int block) throws IOException {
    byte[] bytes = new byte[layout.blockBytes()];
    try (ParityBlocks blocks = new ParityBlocks(disks.get(diskOf[block] - 1), layout)) {
      blocks.read(block, 1, bytes);
    }
    return bytes;
  }

  /** Whether everything that the month added to its logs is there or restored, and proven. */
  public boolean isWhole() {
    for (int block = 0; block < diskOf.length; block++) {
      if (!parity.isKnown(block) || diskOf[block] == 0 && !restored.containsKey(block)) {
        return false;
      }
    }
    return true;
  }

  /** What the month added to a log; empty if that is nothing, or was not restored completely. */
  public Optional<byte[]> piece(String file) throws IOException {
    Optional<ParityLayout.Piece> piece = layout.piece(file);
    if (piece.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Math.toIntExact(piece.get().bytes())];
    int first = layout.firstBlock(file).orElseThrow();
    for (int at = 0; at < bytes.length; at += layout.blockBytes()) {
      int block = first + at / layout.blockBytes();
      byte[] content = restored.get(block);
      if (content == null && diskOf[block] == 0) {
        return Optional.empty();
      }
      System.arraycopy(
          content == null ? read(block) : content,
          0,
          bytes,
          at,
          Math.min(layout.blockBytes(), bytes.length - at));
    }
    return Optional.of(bytes);
  }
}
