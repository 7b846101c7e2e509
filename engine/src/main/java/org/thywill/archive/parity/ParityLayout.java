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
 * How the parity of a month is laid out (FORMAT.md, The parity of a month). What the month added to
 * each log is cut into blocks, the last one of a log filled up with zero bytes; all blocks in the
 * order of the logs are dealt out to stripes, as cards to players; each stripe has so many parity
 * blocks, and any so many of its blocks may be lost.
 *
 * <p>There are enough stripes for the parity blocks together to be as many as the blocks of the
 * largest log: since neighbours lie in different stripes, any one log may be lost as a whole.
 *
 * @param rows the parity blocks of a stripe
 */
public record ParityLayout(
    String month, int blockBytes, int rows, int stripes, List<Piece> pieces) {
  static final int ROWS = 8;
  static final int POSITIONS_MAX = 256 - ROWS;
  private static final int STRIPE_MAX = 256;
  private static final int SMALL_BLOCK = 256;
  private static final int LARGE_BLOCK = 4096;
  private static final long LARGE_BYTES = 1 << 20;

  /** What a month added to a log: the bytes from one to another, the second left out. */
  record Piece(String file, long from, long to) {
    long bytes() {
      return to - from;
    }
  }

  public ParityLayout {
    pieces = List.copyOf(pieces);
  }

  /**
   * The shape that the parity of a month has.
   *
   * @param logs as the seal of the month names them
   * @param before how far those went when the month before was sealed
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
   * The layout that the seal of a month and the seal before it lead to.
   *
   * @return empty if one of the two seals is missing or damaged
   */
  public static Optional<ParityLayout> ofSeals(Disk disk, String month) throws IOException {
    if (!SealFile.isSoundSealOf(disk, SealFile.file(month))) {
      return Optional.empty();
    }
    byte[] seal = SealFile.read(disk, SealFile.file(month));
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
        ? Optional.of(
            of(month, SealFile.logs(seal), SealFile.logs(SealFile.read(disk, fileBefore))))
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

  /** The number of the first block of a log, or empty if the month has none of it. */
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

  /** How many blocks of the logs the longest stripe has. */
  int positions() {
    return ceiling(blocks(), stripes);
  }

  /** How many blocks of the logs a stripe has. */
  int positions(int stripe) {
    return ceiling(blocks() - stripe, stripes);
  }

  /** The number of the block at a position of a stripe. */
  int block(int stripe, int position) {
    return position * stripes + stripe;
  }

  /**
   * By what the bytes of the block at a position are divided before they are added to a parity
   * block. No two are 0 or the same in a row or a column, which makes it a Cauchy matrix.
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

  /** Reads these lines; empty if they are not as this program writes them. */
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
      ParityLayout shape =
          new ParityLayout(
              month,
              Integer.parseInt(field(lines.get(1), 1)),
              Integer.parseInt(field(lines.get(1), 2)),
              Integer.parseInt(field(lines.get(1), 3)),
              pieces);
      boolean fits =
          shape.blockBytes > 0
              && shape.rows > 0
              && shape.stripes > 0
              && shape.positions() + shape.rows <= STRIPE_MAX
              && pieces.stream().allMatch(piece -> piece.from() >= 0 && piece.bytes() > 0);
      return fits && shape.lines().equals(lines) ? Optional.of(shape) : Optional.empty();
    } catch (NumberFormatException | IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static String field(String line, int i) {
    return line.split("\\|", -1)[i];
  }
}
