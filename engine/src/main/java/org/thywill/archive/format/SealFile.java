package org.thywill.archive.format;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Timestamps;

/**
 * The seal of a month that has ended: its name, its content, and how it is read (FORMAT.md, Seals).
 *
 * <p>{@code seals/2024_01.txt} says which changes the month has, how every log was when it ended,
 * and what the hash of the seal before it is. A seal follows from the logs, so a lost one can be
 * restored.
 */
public final class SealFile {
  /** The folder of the seals. */
  public static final String FOLDER = "seals";

  private static final Pattern NAME = Pattern.compile("seals/\\d{4}_(0[1-9]|1[0-2])\\.txt");
  private static final int BUFFER_BYTES = 1 << 16;

  private SealFile() {}

  /** A log as it was when a month ended. */
  public record SealedLog(Head.Extent extent, String sha256) {
    String line(String file) {
      return "log|" + file + "|" + extent.lines() + "|" + extent.bytes() + "|" + sha256;
    }

    /** Parses a line {@code log|…} of a seal; empty if it is malformed. */
    public static Optional<SealedLog> parse(String line) {
      String[] fields = line.split("\\|", -1);
      try {
        return Optional.of(
            new SealedLog(
                new Head.Extent(Long.parseLong(fields[2]), Long.parseLong(fields[3])), fields[4]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }
  }

  /** The path of the seal of a month. */
  public static String file(String month) {
    return FOLDER + "/" + month + ".txt";
  }

  /** Whether a path is that of a seal. */
  public static boolean isSeal(String file) {
    return NAME.matcher(file).matches();
  }

  /** The month in the name of a seal, such as {@code 2024_01}. */
  public static String monthOf(String file) {
    return file.substring(FOLDER.length() + 1, file.length() - ".txt".length());
  }

  /** Whether a file is there, has a matching check, and is of the month in its name. */
  public static boolean isSoundSealOf(Disk disk, String file) throws IOException {
    return disk.exists(file) && isOf(monthOf(file), disk.readAll(file));
  }

  /** Whether bytes are a seal of a month whose check matches. */
  public static boolean isOf(String month, byte[] seal) {
    return ControlFile.lines(seal).filter(lines -> lines.contains("month|" + month)).isPresent();
  }

  /** The month of an instant in microseconds since 1970, such as {@code 2024_01}. */
  public static String month(long atMicros) {
    return Timestamps.format(atMicros).substring(0, 7).replace('-', '_');
  }

  /**
   * Whether the seal of a month names a log: one of that month, or one that is not kept by month.
   */
  public static boolean covers(String month, String log) {
    return Catalog.ofLog(log)
        .map(
            table ->
                !table.logLocation().pattern().contains("{month}")
                    || table.logLocation().period(log).filter(month::equals).isPresent())
        .orElse(false);
  }

  /** Whether a month has a sound seal that goes up to a change. */
  public static boolean isSealed(Disk disk, String month, long last) throws IOException {
    return isSoundSealOf(disk, file(month)) && lastOf(month, disk.readAll(file(month))) == last;
  }

  /** The logs that a sound seal names, by path; nothing if it is damaged. */
  public static Map<String, SealedLog> logs(byte[] seal) {
    Map<String, SealedLog> logs = new TreeMap<>();
    ControlFile.lines(seal).stream()
        .flatMap(List::stream)
        .filter(line -> line.startsWith("log|"))
        .forEach(
            line ->
                SealedLog.parse(line).ifPresent(log -> logs.put(line.split("\\|", -1)[1], log)));
    return logs;
  }

  /** The month that a seal says is before its own, empty of the first; nothing if it is damaged. */
  public static Optional<String> monthBefore(byte[] seal) {
    return ControlFile.lines(seal)
        .flatMap(lines -> lines.stream().filter(line -> line.startsWith("previous|")).findFirst())
        .map(line -> line.split("\\|", -1)[1]);
  }

  /**
   * The bytes of a seal.
   *
   * @param before the month of the seal before it; empty if it is the first
   * @param hash the SHA-256 of the seal before it; empty if it is the first
   */
  public static byte[] content(
      String month,
      long first,
      long last,
      String before,
      String hash,
      Map<String, SealedLog> logs) {
    StringBuilder lines =
        new StringBuilder(
            "# ThyWill: the seal of a month that has ended. README.txt explains the rest.\n");
    lines
        .append("month|")
        .append(month)
        .append("\nfirst|")
        .append(first)
        .append("\nlast|")
        .append(last);
    lines.append("\nprevious|").append(before).append('|').append(hash).append('\n');
    new TreeMap<>(logs).forEach((file, log) -> lines.append(log.line(file)).append('\n'));
    return ControlFile.content(lines.toString());
  }

  /**
   * The last change of a month by the bytes of its seal.
   *
   * @throws DamagedArchiveException if the check does not match
   */
  public static long lastOf(String month, byte[] bytes) throws DamagedArchiveException {
    Optional<List<String>> lines = ControlFile.lines(bytes);
    return lines
        .flatMap(all -> all.stream().filter(line -> line.startsWith("last|")).findFirst())
        .map(line -> Long.parseLong(line.substring("last|".length())))
        .orElseThrow(
            () ->
                new DamagedArchiveException(
                    "seal-damaged", file(month), 0, "its check does not match its bytes"));
  }

  /**
   * The SHA-256 of the first bytes of a log in hexadecimal.
   *
   * @throws DamagedArchiveException if the log is shorter
   */
  public static String sha256(Disk disk, String file, long length) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = length;
    try (InputStream in = disk.read(file, 0)) {
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new DamagedArchiveException(
              "log-short", file, 0, (length - left) + " bytes, expected " + length);
        }
        digest.update(buffer, 0, count);
        left -= count;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
