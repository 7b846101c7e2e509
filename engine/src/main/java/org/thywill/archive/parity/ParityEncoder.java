package org.thywill.archive.parity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.SealFile;

/**
 * Writes the parity file of a month that has ended (FORMAT.md, The parity of a month).
 *
 * <p>{@code seals/2024_01_parity.txt} is a Reed–Solomon code and follows from the logs. From it
 * {@link ParityDecoder} restores bytes of logs that neither they nor the journal have any more.
 *
 * <p>How: the file has, for each stripe, the CRC-32 of its blocks and its parity blocks in Base64.
 * A byte of a parity block is the sum over the stripe of the bytes at its index, each divided by a
 * different number. Each line ends in a check, so that a damaged one is noticed. What one byte of a
 * log adds to the eight parity blocks is looked up in a table as one {@code long}. The logs are
 * read once, some stripes at a time; only these stripes are in memory.
 */
public final class ParityEncoder {
  static final String COMMENT =
      "# ThyWill: the parity of a month that has ended, from which damaged logs can be made again."
          + " README.txt explains the rest.\n";
  private static final String CHECK = "check|";
  private static final String ENDING = "_parity.txt";
  private static final Pattern NAME = Pattern.compile("seals/\\d{4}_(0[1-9]|1[0-2])_parity\\.txt");

  /** The bytes of a check and its line feed. */
  private static final int END = 9;

  private static final int AT_ONCE_BYTES = 1 << 17;
  private static final long[][] QUOTIENTS = quotients();
  private final Disk disk;
  private final ParityLayout layout;

  /** Receives the bytes of a file, in order. */
  @FunctionalInterface
  public interface Sink {
    /** Takes some bytes; the array is reused afterwards. */
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  /** An encoder for the logs on a disk. */
  public ParityEncoder(Disk disk, ParityLayout layout) {
    this.disk = disk;
    this.layout = layout;
  }

  /** The path of the parity file of a month. */
  public static String file(String month) {
    return SealFile.FOLDER + "/" + month + ENDING;
  }

  /** Whether a path is that of a parity file. */
  public static boolean isParity(String file) {
    return NAME.matcher(file).matches();
  }

  /** The month in the name of a parity file. */
  public static String monthOf(String file) {
    return file.substring(SealFile.FOLDER.length() + 1, file.length() - ENDING.length());
  }

  /**
   * Writes a partial file, renames it to the parity file, and makes it safe. The logs must be as
   * they are sealed.
   *
   * @throws DamagedArchiveException if a log is short; nothing was changed
   */
  public void write() throws IOException {
    String file = file(layout.month());
    String partial = file + Disk.PARTIAL;
    deleteIfThere(partial);
    try (Disk.Appender out = disk.append(partial)) {
      render(out::write);
      out.force();
    } catch (IOException e) {
      try {
        deleteIfThere(partial); // On a full disk, half a file must not take up room.
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    deleteIfThere(file);
    disk.move(partial, file);
    disk.forceFolder(SealFile.FOLDER);
  }

  private void deleteIfThere(String file) throws IOException {
    if (disk.exists(file)) {
      disk.delete(file);
    }
  }

  /**
   * Gives the bytes of the file to a sink.
   *
   * @throws DamagedArchiveException if a log is short
   */
  public void render(Sink sink) throws IOException {
    CRC32 check = new CRC32();
    Sink checked =
        (bytes, offset, length) -> {
          check.update(bytes, offset, length);
          sink.write(bytes, offset, length);
        };
    LineBuffer out = new LineBuffer();
    out.ascii(COMMENT);
    layout.lines().forEach(line -> line(out, line.getBytes(StandardCharsets.UTF_8)));
    int atOnce = Math.max(1, AT_ONCE_BYTES / layout.blockBytes());
    try (ParityBlocks blocks = new ParityBlocks(disk, layout)) {
      for (int stripe = 0; stripe < layout.stripes(); stripe += atOnce) {
        stripes(stripe, Math.min(atOnce, layout.stripes() - stripe), blocks, out);
        checked.write(out.array(), 0, out.length());
        out.clear();
      }
    }
    byte[] last = CHECK.getBytes(StandardCharsets.UTF_8);
    checked.write(last, 0, last.length);
    byte[] crc = (hex(check) + "\n").getBytes(StandardCharsets.UTF_8);
    sink.write(crc, 0, crc.length);
  }

  private void stripes(int first, int count, ParityBlocks blocks, LineBuffer out)
      throws IOException {
    int length = layout.blockBytes();
    byte[] data = new byte[count * length];
    long[] sums = new long[count * length];
    StringBuilder[] crcs = new StringBuilder[count];
    for (int i = 0; i < count; i++) {
      crcs[i] = new StringBuilder("blocks|").append(first + i).append('|');
    }
    for (int position = 0; position < layout.positions(); position++) {
      int block = layout.block(first, position);
      if (!blocks.read(block, count, data)) {
        throw new DamagedArchiveException(
            "log-short",
            SealFile.file(layout.month()),
            0,
            "a log of the month is shorter than it was when the month ended");
      }
      long[] quotients = QUOTIENTS[position];
      for (int i = 0; i < data.length; i++) {
        sums[i] ^= quotients[data[i] & 0xff];
      }
      for (int i = 0; i < count && block + i < layout.blocks(); i++) {
        crcs[i]
            .append(position == 0 ? "" : " ")
            .append(LineCodec.crc(data, i * length, (i + 1) * length));
      }
    }
    byte[] parity = new byte[length];
    for (int i = 0; i < count; i++) {
      line(out, crcs[i].append('|').toString().getBytes(StandardCharsets.UTF_8));
      for (int row = 0; row < layout.rows(); row++) {
        for (int b = 0; b < length; b++) {
          parity[b] = (byte) (sums[i * length + b] >> 8 * row);
        }
        line(
            out,
            ("parity|"
                    + (first + i)
                    + "|"
                    + row
                    + "|"
                    + Base64.getEncoder().encodeToString(parity)
                    + "|")
                .getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /**
   * By position and byte: what the byte adds to the parity blocks, the lowest eight bits to the
   * first one, and so on.
   */
  private static long[][] quotients() {
    long[][] quotients = new long[ParityLayout.POSITIONS_MAX][256];
    for (int position = 0; position < quotients.length; position++) {
      for (int row = 0; row < ParityLayout.ROWS; row++) {
        int divisor = ParityLayout.divisor(ParityLayout.ROWS, row, position);
        for (int b = 0; b < quotients[position].length; b++) {
          quotients[position][b] |= (long) GaloisField.divide(b, divisor) << 8 * row;
        }
      }
    }
    return quotients;
  }

  private static void line(LineBuffer out, byte[] line) {
    out.put(line, 0, line.length).ascii(LineCodec.crc(line, 0, line.length)).put((byte) '\n');
  }

  private static String hex(CRC32 crc) {
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }

  /** The length of the parity file that a layout leads to. */
  public static long length(ParityLayout layout) {
    long length = (long) COMMENT.length() + CHECK.length() + END;
    for (String line : layout.lines()) {
      length += line.getBytes(StandardCharsets.UTF_8).length + END;
    }
    long base64 = (layout.blockBytes() + 2L) / 3 * 4;
    for (int stripe = 0; stripe < layout.stripes(); stripe++) {
      int digits = Integer.toString(stripe).length();
      length += "blocks|".length() + digits + 1 + 9L * layout.positions(stripe) + END;
      length +=
          (long) layout.rows() * ("parity|".length() + digits + "|0|".length() + base64 + 1 + END);
    }
    return length;
  }

  /** Whether a file is there and the check in its last line matches. */
  public static boolean isWhole(Disk disk, String file) throws IOException {
    CRC32 crc = new CRC32();
    boolean whole = false;
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        int end = in.to() + (in.isTerminated() ? 1 : 0);
        int checked = Math.min(end, in.from() + CHECK.length());
        crc.update(in.bytes(), in.from(), checked - in.from());
        String line =
            end - in.from() == CHECK.length() + 9
                ? new String(in.bytes(), in.from(), end - in.from(), StandardCharsets.ISO_8859_1)
                : "";
        whole = line.equals(CHECK + hex(crc) + "\n");
        crc.update(in.bytes(), checked, end - checked);
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return whole;
  }

  /** Whether a month has a parity file whose check matches and that is of that month. */
  public static boolean isWholeOf(Disk disk, String month) throws IOException {
    if (!isWhole(disk, file(month))) {
      return false;
    }
    byte[] start = (COMMENT + "month|" + month + "|").getBytes(StandardCharsets.UTF_8);
    try (InputStream in = disk.read(file(month), 0)) {
      return Arrays.equals(in.readNBytes(start.length), start);
    }
  }

  /**
   * The first line, from 1, in which the file differs from what it must be; 0 if it does not.
   *
   * @throws NoSuchFileException if there is none
   */
  public long firstDifference() throws IOException {
    try (InputStream in = disk.read(file(layout.month()), 0)) {
      Comparison comparison = new Comparison(in);
      render(comparison);
      return comparison.differs || in.read() >= 0 ? comparison.line : 0;
    }
  }

  /**
   * Compares the expected bytes of a file with the present ones, and counts lines up to the first
   * difference.
   */
  private static final class Comparison implements Sink {
    private final InputStream in;
    private long line = 1;
    private boolean differs;

    Comparison(InputStream in) {
      this.in = in;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (differs) {
        return;
      }
      byte[] present = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        if (i >= present.length || present[i] != bytes[offset + i]) {
          differs = true;
          return;
        }
        line += bytes[offset + i] == '\n' ? 1 : 0;
      }
    }
  }
}
