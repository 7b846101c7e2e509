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
 * Makes logs of a sealed month again from its parity. A block of a log is taken wherever its check
 * matches, be it in the archive or in a copy; of those that are nowhere, a stripe gives back as
 * many as it has sound parity blocks, and the check of each says that it came back right. Blocks
 * whose checks are lost are taken as they are: whoever makes a log of them asks the checks of its
 * lines, and its seal.
 */
public final class ParityDecoder {
  private static final int READ_BLOCKS = 64;
  private final ParityFile parity;
  private final ParityLayout shape;
  private final List<? extends Disk> disks;

  /** By block: the place in the list of disks where it is sound, counted from 1; 0 is nowhere. */
  private final byte[] where;

  private final Map<Integer, byte[]> restored = new HashMap<>();

  private ParityDecoder(ParityFile parity, List<? extends Disk> disks) {
    this.parity = parity;
    this.shape = parity.shape();
    this.disks = disks;
    this.where = new byte[shape.blocks()];
  }

  /** Looks for all blocks of a month. */
  public static ParityDecoder of(ParityFile parity, List<? extends Disk> disks) throws IOException {
    ParityDecoder restore = new ParityDecoder(parity, disks);
    for (int i = 0; i < disks.size(); i++) {
      restore.look(i);
    }
    restore.restore();
    return restore;
  }

  private void look(int disk) throws IOException {
    byte[] bytes = new byte[READ_BLOCKS * shape.blockBytes()];
    try (ParityBlocks blocks = new ParityBlocks(disks.get(disk), shape)) {
      for (int first = 0; first < where.length; first += READ_BLOCKS) {
        int count = Math.min(READ_BLOCKS, where.length - first);
        blocks.read(first, count, bytes);
        for (int i = 0; i < count; i++) {
          boolean asItIs = disk == 0 && !parity.isKnown(first + i);
          if (where[first + i] == 0
              && (asItIs || parity.isBlock(first + i, bytes, i * shape.blockBytes()))) {
            where[first + i] = (byte) (disk + 1);
          }
        }
      }
    }
  }

  private void restore() throws IOException {
    BitSet wanting = new BitSet();
    for (int stripe = 0; stripe < shape.stripes(); stripe++) {
      int lost = lost(stripe).length;
      wanting.set(stripe, lost > 0 && lost <= parity.reach(stripe));
    }
    Map<Integer, byte[][]> rows = parity.parityOf(wanting);
    for (int stripe = wanting.nextSetBit(0); stripe >= 0; stripe = wanting.nextSetBit(stripe + 1)) {
      restore(stripe, lost(stripe), Objects.requireNonNull(rows.get(stripe)));
    }
  }

  /** The positions of a stripe whose blocks are nowhere. */
  private int[] lost(int stripe) {
    return IntStream.range(0, shape.positions(stripe))
        .filter(position -> where[shape.block(stripe, position)] == 0)
        .toArray();
  }

  private void restore(int stripe, int[] lost, byte[][] parities) throws IOException {
    int[] rows =
        IntStream.range(0, parities.length)
            .filter(row -> parities[row] != null)
            .limit(lost.length)
            .toArray();
    int[][] factors = new int[lost.length][lost.length];
    byte[][] sums = new byte[lost.length][];
    for (int i = 0; i < rows.length; i++) {
      sums[i] = parities[rows[i]].clone();
      for (int j = 0; j < lost.length; j++) {
        factors[i][j] = GaloisField.divide(1, shape.divisor(rows[i], lost[j]));
      }
    }
    for (int position = 0; position < shape.positions(stripe); position++) {
      int block = shape.block(stripe, position);
      if (where[block] != 0) {
        byte[] bytes = sound(block);
        for (int i = 0; i < rows.length; i++) {
          GaloisField.addProducts(
              GaloisField.divide(1, shape.divisor(rows[i], position)), bytes, sums[i]);
        }
      }
    }
    GaloisField.solve(factors, sums);
    for (int i = 0; i < lost.length; i++) {
      int block = shape.block(stripe, lost[i]);
      if (parity.isBlock(block, sums[i], 0)) {
        restored.put(block, sums[i]);
      }
    }
  }

  private byte[] sound(int block) throws IOException {
    byte[] bytes = new byte[shape.blockBytes()];
    try (ParityBlocks blocks = new ParityBlocks(disks.get(where[block] - 1), shape)) {
      blocks.read(block, 1, bytes);
    }
    return bytes;
  }

  /** Whether all that the month added to all logs is there, or has come back, for certain. */
  public boolean isWhole() {
    for (int block = 0; block < where.length; block++) {
      if (!parity.isKnown(block) || where[block] == 0 && !restored.containsKey(block)) {
        return false;
      }
    }
    return true;
  }

  /** What the month added to a log; empty if it added nothing, or if not all of it came back. */
  public Optional<byte[]> piece(String file) throws IOException {
    Optional<ParityLayout.Piece> piece = shape.piece(file);
    if (piece.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[Math.toIntExact(piece.get().bytes())];
    int first = shape.firstBlock(file).orElseThrow();
    for (int at = 0; at < bytes.length; at += shape.blockBytes()) {
      int block = first + at / shape.blockBytes();
      byte[] content = restored.get(block);
      if (content == null && where[block] == 0) {
        return Optional.empty();
      }
      System.arraycopy(
          content == null ? sound(block) : content,
          0,
          bytes,
          at,
          Math.min(shape.blockBytes(), bytes.length - at));
    }
    return Optional.of(bytes);
  }
}
