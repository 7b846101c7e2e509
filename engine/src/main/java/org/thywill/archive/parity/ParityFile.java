package org.thywill.archive.parity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;

/** What the parity file of a month says, as far as its lines are sound. */
public final class ParityFile {
  private final Disk disk;
  private final String file;
  private final ParityLayout shape;
  private final int[] crcs;
  private final BitSet known = new BitSet();
  private final int[] parities;

  private ParityFile(Disk disk, String file, ParityLayout shape) {
    this.disk = disk;
    this.file = file;
    this.shape = shape;
    this.crcs = new int[shape.blocks()];
    this.parities = new int[shape.stripes()];
  }

  /**
   * Reads the file of a month.
   *
   * @param sealed the shape that the seals lead to; where they are damaged, what the file says of
   *     it is believed
   * @return empty if there is none, or nothing tells its shape
   */
  public static Optional<ParityFile> read(Disk disk, String month, Optional<ParityLayout> sealed)
      throws IOException {
    String file = ParityEncoder.file(month);
    List<String> head = new ArrayList<>();
    if (!disk.exists(file)) {
      return Optional.empty();
    }
    forEachSoundLine(
        disk,
        file,
        line -> {
          if (line.startsWith("month|") || line.startsWith("shape|") || line.startsWith("log|")) {
            head.add(line);
          }
        });
    // Where one of these lines is lost, the shape is another one, and no block has the check that
    // it must have then.
    Optional<ParityLayout> shape =
        sealed.or(() -> ParityLayout.parse(head)).filter(said -> said.month().equals(month));
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    ParityFile read = new ParityFile(disk, file, shape.get());
    forEachSoundLine(disk, file, read::take);
    return Optional.of(read);
  }

  private interface LineSink {
    void take(String line);
  }

  /** Gives each line whose check matches, without it. */
  private static void forEachSoundLine(Disk disk, String file, LineSink sink) throws IOException {
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        int end = in.to() - 8;
        if (end > in.from()
            && in.bytes()[end - 1] == '|'
            && LineCodec.crc(in.bytes(), in.from(), end)
                .equals(new String(in.bytes(), end, 8, StandardCharsets.ISO_8859_1))) {
          sink.take(new String(in.bytes(), in.from(), end - in.from(), StandardCharsets.UTF_8));
        }
      }
    } catch (NoSuchFileException e) {
      // Taken away meanwhile: it says nothing.
    }
  }

  private void take(String line) {
    String[] fields = line.split("\\|", -1);
    try {
      int stripe = fields.length > 2 ? Integer.parseInt(fields[1]) : -1;
      if (stripe < 0 || stripe >= shape.stripes()) {
        return;
      }
      if (fields[0].equals("blocks")) {
        takeBlocks(stripe, fields[2].split(" ", -1));
      } else if (fields[0].equals("parity")) {
        parities[stripe] |= 1 << Integer.parseInt(fields[2]);
      }
    } catch (IllegalArgumentException e) {
      // A line of another kind.
    }
  }

  private void takeBlocks(int stripe, String[] checks) {
    if (checks.length == shape.positions(stripe)) {
      for (int position = 0; position < checks.length; position++) {
        crcs[shape.block(stripe, position)] = HexFormat.fromHexDigits(checks[position]);
        known.set(shape.block(stripe, position));
      }
    }
  }

  ParityLayout shape() {
    return shape;
  }

  /** Whether the check of a block is known; if not, neither is whether its bytes are right. */
  boolean isKnown(int block) {
    return known.get(block);
  }

  /** Whether these are the bytes of a block, by its check. */
  boolean isBlock(int block, byte[] bytes, int from) {
    return isKnown(block)
        && (int) Long.parseLong(LineCodec.crc(bytes, from, from + shape.blockBytes()), 16)
            == crcs[block];
  }

  /** How many blocks of a stripe can be made again. */
  int reach(int stripe) {
    return Integer.bitCount(parities[stripe]);
  }

  /**
   * The parity blocks of some stripes: by stripe, and by row, with nothing for a row whose line is
   * damaged.
   */
  Map<Integer, byte[][]> parityOf(BitSet stripes) throws IOException {
    Map<Integer, byte[][]> found = new HashMap<>();
    forEachSoundLine(
        disk,
        file,
        line -> {
          String[] fields = line.split("\\|", -1);
          if (fields[0].equals("parity") && stripes.get(Integer.parseInt(fields[1]))) {
            byte[] bytes = Base64.getDecoder().decode(fields[3]);
            found
                    .computeIfAbsent(Integer.parseInt(fields[1]), _ -> new byte[shape.rows()][])[
                    Integer.parseInt(fields[2])] =
                Arrays.copyOf(bytes, shape.blockBytes());
          }
        });
    return found;
  }
}
