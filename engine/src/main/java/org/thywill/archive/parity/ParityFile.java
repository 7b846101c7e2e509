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

/** The content of the parity file of a month, as far as its lines are sound. */
public final class ParityFile {
  private final Disk disk;
  private final String file;
  private final ParityLayout layout;
  private final int[] crcs;
  private final BitSet known = new BitSet();
  private final int[] parities;

  private ParityFile(Disk disk, String file, ParityLayout layout) {
    this.disk = disk;
    this.file = file;
    this.layout = layout;
    this.crcs = new int[layout.blocks()];
    this.parities = new int[layout.stripes()];
  }

  /**
   * Reads the file of a month. Its layout is the one that the seals lead to; if these are damaged,
   * it is the one that the file itself gives.
   *
   * @return empty if there is no file, or nothing gives its layout
   */
  public static Optional<ParityFile> read(Disk disk, String month) throws IOException {
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
    // If one of these lines is lost, the layout comes out wrong, and then no block has a matching
    // check.
    Optional<ParityLayout> layout =
        ParityLayout.ofSeals(disk, month)
            .or(() -> ParityLayout.parse(head))
            .filter(found -> found.month().equals(month));
    if (layout.isEmpty()) {
      return Optional.empty();
    }
    ParityFile read = new ParityFile(disk, file, layout.get());
    forEachSoundLine(disk, file, read::add);
    return Optional.of(read);
  }

  private interface LineSink {
    void add(String line);
  }

  /** Gives each line whose check matches to the sink, without the check. */
  private static void forEachSoundLine(Disk disk, String file, LineSink sink) throws IOException {
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        int end = in.to() - 8;
        if (end > in.from()
            && in.bytes()[end - 1] == '|'
            && LineCodec.crc(in.bytes(), in.from(), end)
                .equals(new String(in.bytes(), end, 8, StandardCharsets.ISO_8859_1))) {
          sink.add(new String(in.bytes(), in.from(), end - in.from(), StandardCharsets.UTF_8));
        }
      }
    } catch (NoSuchFileException e) {
      // The writer has just deleted it; then there is no sound line.
    }
  }

  private void add(String line) {
    String[] fields = line.split("\\|", -1);
    try {
      int stripe = fields.length > 2 ? Integer.parseInt(fields[1]) : -1;
      if (stripe < 0 || stripe >= layout.stripes()) {
        return;
      }
      if (fields[0].equals("blocks")) {
        addBlocks(stripe, fields[2].split(" ", -1));
      } else if (fields[0].equals("parity")) {
        parities[stripe] |= 1 << Integer.parseInt(fields[2]);
      }
    } catch (IllegalArgumentException e) {
      // A line of an unknown kind is ignored.
    }
  }

  private void addBlocks(int stripe, String[] checks) {
    if (checks.length == layout.positions(stripe)) {
      for (int position = 0; position < checks.length; position++) {
        crcs[layout.block(stripe, position)] = HexFormat.fromHexDigits(checks[position]);
        known.set(layout.block(stripe, position));
      }
    }
  }

  ParityLayout layout() {
    return layout;
  }

  /** Whether the check of a block is known; without it no bytes can be proven right. */
  boolean isKnown(int block) {
    return known.get(block);
  }

  /** Whether the check of a block matches some bytes. */
  boolean isBlock(int block, byte[] bytes, int from) {
    return isKnown(block)
        && (int) Long.parseLong(LineCodec.crc(bytes, from, from + layout.blockBytes()), 16)
            == crcs[block];
  }

  /** How many blocks of a stripe can be restored. */
  int reach(int stripe) {
    return Integer.bitCount(parities[stripe]);
  }

  /** The parity blocks of some stripes, by stripe and row; null for a row whose line is damaged. */
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
                    .computeIfAbsent(Integer.parseInt(fields[1]), _ -> new byte[layout.rows()][])[
                    Integer.parseInt(fields[2])] =
                Arrays.copyOf(bytes, layout.blockBytes());
          }
        });
    return found;
  }
}
