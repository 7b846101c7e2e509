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
 * Writes the parity of a month that has ended: {@code seals/2024_01_parity.txt}, from which {@link
 * ParityDecoder} makes logs of the month again where neither they nor the journal have some of
 * their bytes any more (FORMAT.md, The parity of a month). It is a Reed–Solomon code and follows
 * from the logs alone.
 *
 * <p>How: for each stripe the CRC-32 of its blocks, and its parity blocks in Base64. A byte of a
 * parity block is the sum over the stripe of the bytes at its place, each divided by a number of
 * its own. Each line ends in a check, so that one that is damaged is known. The eight bytes that
 * one byte of a log adds to are looked up in one table as one {@code long}. Logs are read once,
 * some stripes at a time; of the parity no more than these are in memory.
 */
public final class ParityEncoder {
  static final String COMMENT =
      "# ThyWill: the parity of a month that has ended, from which damaged logs can be made again."
          + " README.txt explains the rest.\n";
  private static final String CHECK = "check|";
  private static final String ENDING = "_parity.txt";
  private static final Pattern NAME = Pattern.compile("seals/\\d{4}_(0[1-9]|1[0-2])_parity\\.txt");
  private static final int AT_ONCE_BYTES = 1 << 17;
  private static final long[][] QUOTIENTS = quotients();
  private final Disk disk;
  private final ParityLayout shape;

  /** Takes the bytes of a file in, in order. */
  @FunctionalInterface
  public interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  public ParityEncoder(Disk disk, ParityLayout shape) {
    this.disk = disk;
    this.shape = shape;
  }

  public static String file(String month) {
    return SealFile.FOLDER + "/" + month + ENDING;
  }

  public static boolean isParity(String file) {
    return NAME.matcher(file).matches();
  }

  /** The month in the name of such a file. */
  public static String monthOf(String file) {
    return file.substring(SealFile.FOLDER.length() + 1, file.length() - ENDING.length());
  }

  /**
   * Writes the file beside its place and then in one step, and makes it safe. The logs must be what
   * is sealed.
   *
   * @throws DamagedArchiveException if a log is short; nothing was changed
   */
  public void write() throws IOException {
    String file = file(shape.month());
    String partial = file + Disk.PARTIAL;
    deleteIfThere(partial);
    try (Disk.Appender out = disk.append(partial)) {
      render(out::write);
      out.force();
    } catch (IOException e) {
      try {
        deleteIfThere(partial); // where the disk is full, half a file must not keep it so
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

  /** Gives the bytes of the file. */
  public void render(Sink sink) throws IOException {
    CRC32 check = new CRC32();
    Sink checked =
        (bytes, offset, length) -> {
          check.update(bytes, offset, length);
          sink.write(bytes, offset, length);
        };
    LineBuffer out = new LineBuffer();
    out.ascii(COMMENT);
    shape.lines().forEach(line -> line(out, line.getBytes(StandardCharsets.UTF_8)));
    int atOnce = Math.max(1, AT_ONCE_BYTES / shape.blockBytes());
    try (ParityBlocks blocks = new ParityBlocks(disk, shape)) {
      for (int stripe = 0; stripe < shape.stripes(); stripe += atOnce) {
        stripes(stripe, Math.min(atOnce, shape.stripes() - stripe), blocks, out);
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
    int length = shape.blockBytes();
    byte[] data = new byte[count * length];
    long[] sums = new long[count * length];
    StringBuilder[] crcs = new StringBuilder[count];
    for (int i = 0; i < count; i++) {
      crcs[i] = new StringBuilder("blocks|").append(first + i).append('|');
    }
    for (int position = 0; position < shape.positions(); position++) {
      int block = shape.block(first, position);
      if (!blocks.read(block, count, data)) {
        throw new DamagedArchiveException(
            "log-short",
            SealFile.file(shape.month()),
            0,
            "a log of the month is shorter than it was when the month ended");
      }
      long[] quotients = QUOTIENTS[position];
      for (int i = 0; i < data.length; i++) {
        sums[i] ^= quotients[data[i] & 0xff];
      }
      for (int i = 0; i < count && block + i < shape.blocks(); i++) {
        crcs[i]
            .append(position == 0 ? "" : " ")
            .append(LineCodec.crc(data, i * length, (i + 1) * length));
      }
    }
    byte[] parity = new byte[length];
    for (int i = 0; i < count; i++) {
      line(out, crcs[i].append('|').toString().getBytes(StandardCharsets.UTF_8));
      for (int row = 0; row < shape.rows(); row++) {
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
   * By position, and for each byte there: what it adds to the parity blocks, to the first one the
   * lowest eight bits, and so on.
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

  /** Whether a file is there and is, by its last line, as it was written. */
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

  /**
   * Whether a month has a parity that is, by its last line, as it was written, and is of that
   * month.
   */
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
   * Where a file begins to differ from what it must be, as a line from 1 on; 0 if it does not.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  public long firstDifference() throws IOException {
    try (InputStream in = disk.read(file(shape.month()), 0)) {
      Comparing comparing = new Comparing(in);
      render(comparing);
      return comparing.differs || in.read() >= 0 ? comparing.line : 0;
    }
  }

  /**
   * Compares what should stand in a file with what does, and counts lines up to the first
   * difference.
   */
  private static final class Comparing implements Sink {
    private final InputStream in;
    private long line = 1;
    private boolean differs;

    Comparing(InputStream in) {
      this.in = in;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (differs) {
        return;
      }
      byte[] there = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        if (i >= there.length || there[i] != bytes[offset + i]) {
          differs = true;
          return;
        }
        line += bytes[offset + i] == '\n' ? 1 : 0;
      }
    }
  }
}
