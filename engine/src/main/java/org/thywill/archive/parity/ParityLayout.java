package org.thywill.archive.parity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.SealFile;

/**
 * How the parity of a month is divided into blocks and stripes (FORMAT.md, The parity of a month).
 *
 * <p>What the month added to each log is divided into blocks; the last one of a log is filled up
 * with zero bytes. All blocks, in the order of the logs, are assigned to the stripes in turn. Each
 * stripe has some parity blocks, and that many of its blocks may be lost.
 *
 * <p>There are enough stripes for all parity blocks together to be as many as the blocks of the
 * largest log. Adjacent blocks are in different stripes, so any one log may be lost as a whole.
 *
 * @param month such as {@code 2024_01}
 * @param rows how many parity blocks a stripe has
 * @param pieces what the month added to each log, in the order of the paths
 */
public record ParityLayout(
    String month, int blockBytes, int rows, int stripes, List<Piece> pieces) {
  static final int ROWS = 8;
  static final int POSITIONS_MAX = 256 - ROWS;
  private static final int STRIPE_MAX = 256;
  private static final int SMALL_BLOCK = 256;
  private static final int LARGE_BLOCK = 4096;
  private static final long LARGE_BYTES = 1 << 20;

  /** As many as a month of 64 GiB has; so the checks of all blocks have room in memory. */
  private static final int BLOCKS_MAX = 1 << 24;

  /** What a month added to a log: the bytes from one offset to another, which is exclusive. */
  record Piece(String file, long from, long to) {
    long bytes() {
      return to - from;
    }
  }

  public ParityLayout {
    pieces = List.copyOf(pieces);
  }

  /**
   * The layout for the logs of a month.
   *
   * @param logs the logs that the seal of the month names
   * @param before the logs that the seal before it names
   */
  public static ParityLayout of(
      String month, Map<String, SealFile.SealedLog> logs, Map<String, SealFile.SealedLog> before) {
    List<Piece> pieces = new ArrayList<>();
    new TreeMap<>(logs)
        .forEach(
            (file, log) -> {
              long from = before.containsKey(file) ? before.get(file).extent().bytes() : 0;
              if (log.extent().bytes() > from) {
                pieces.add(new Piece(file, from, log.extent().bytes()));
              }
            });
    int block =
        pieces.stream().mapToLong(Piece::bytes).sum() > LARGE_BYTES ? LARGE_BLOCK : SMALL_BLOCK;
    int largest = pieces.stream().mapToInt(piece -> ceiling(piece.bytes(), block)).max().orElse(0);
    int all = pieces.stream().mapToInt(piece -> ceiling(piece.bytes(), block)).sum();
    return new ParityLayout(
        month, block, ROWS, Math.max(ceiling(largest, ROWS), ceiling(all, POSITIONS_MAX)), pieces);
  }

  /**
   * The layout for the logs that the seal of a month and the seal before it name.
   *
   * @return empty if one of the two seals is missing or damaged
   */
  static Optional<ParityLayout> ofSeals(Disk disk, String month) throws IOException {
    if (!SealFile.isSoundSealOf(disk, SealFile.file(month))) {
      return Optional.empty();
    }
    byte[] seal = disk.readAll(SealFile.file(month));
    String before =
        ControlFile.lines(seal).orElseThrow().stream()
            .filter(line -> line.startsWith("previous|"))
            .map(line -> field(line, 1))
            .findFirst()
            .orElse("");
    if (before.isEmpty()) {
      return Optional.of(of(month, SealFile.logs(seal), Map.of()));
    }
    String fileBefore = SealFile.file(before);
    return SealFile.isSoundSealOf(disk, fileBefore)
        ? Optional.of(of(month, SealFile.logs(seal), SealFile.logs(disk.readAll(fileBefore))))
        : Optional.empty();
  }

  private static int ceiling(long dividend, long divisor) {
    return Math.toIntExact((dividend + divisor - 1) / divisor);
  }

  int blocks() {
    return pieces.stream().mapToInt(this::blocks).sum();
  }

  int blocks(Piece piece) {
    return ceiling(piece.bytes(), blockBytes);
  }

  /** The number of the first block of a log; empty if the month added nothing to it. */
  Optional<Integer> firstBlock(String file) {
    int first = 0;
    for (Piece piece : pieces) {
      if (piece.file().equals(file)) {
        return Optional.of(first);
      }
      first += blocks(piece);
    }
    return Optional.empty();
  }

  Optional<Piece> piece(String file) {
    return pieces.stream().filter(piece -> piece.file().equals(file)).findFirst();
  }

  /** How many blocks of logs the longest stripe has. */
  int positions() {
    return ceiling(blocks(), stripes);
  }

  /** How many blocks of logs a stripe has. */
  int positions(int stripe) {
    return ceiling(blocks() - stripe, stripes);
  }

  /** The number of the block at a position of a stripe. */
  int block(int stripe, int position) {
    return position * stripes + stripe;
  }

  /**
   * The number by which the bytes of the block at a position are divided before they are added to a
   * parity block. None is 0, and no two in a row or a column are equal, so the quotients form a
   * Cauchy matrix.
   */
  int divisor(int row, int position) {
    return divisor(rows, row, position);
  }

  static int divisor(int rows, int row, int position) {
    return row ^ (rows + position);
  }

  /** The first lines of the file, without their checks. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("month|" + month + "|");
    lines.add("shape|" + blockBytes + "|" + rows + "|" + stripes + "|");
    pieces.forEach(
        piece -> lines.add("log|" + piece.file() + "|" + piece.from() + "|" + piece.to() + "|"));
    return lines;
  }

  /** Parses these lines; empty if they are not as this program writes them. */
  static Optional<ParityLayout> parse(List<String> lines) {
    try {
      String month = field(lines.get(0), 1);
      List<Piece> pieces =
          lines.stream()
              .skip(2)
              .map(
                  line ->
                      new Piece(
                          field(line, 1),
                          Long.parseLong(field(line, 2)),
                          Long.parseLong(field(line, 3))))
              .toList();
      ParityLayout layout =
          new ParityLayout(
              month,
              Integer.parseInt(field(lines.get(1), 1)),
              Integer.parseInt(field(lines.get(1), 2)),
              Integer.parseInt(field(lines.get(1), 3)),
              pieces);
      boolean fits =
          layout.blockBytes > 0
              && layout.rows > 0
              && layout.stripes > 0
              && layout.blocks() <= BLOCKS_MAX
              && layout.stripes <= BLOCKS_MAX
              && layout.positions() + layout.rows <= STRIPE_MAX
              && pieces.stream().allMatch(piece -> piece.from() >= 0 && piece.bytes() > 0);
      return fits && layout.lines().equals(lines) ? Optional.of(layout) : Optional.empty();
    } catch (NumberFormatException | IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static String field(String line, int i) {
    return line.split("\\|", -1)[i];
  }
}
