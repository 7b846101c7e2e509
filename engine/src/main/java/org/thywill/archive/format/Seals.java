package org.thywill.archive.format;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Timestamps;

/**
 * The seals of months that have ended: {@code seals/2024_01.txt} says which changes the month has,
 * how every log was when it ended, and what the seal before it is (FORMAT.md, Seals). A seal
 * follows from the logs alone, so one that is lost can be made again.
 */
public final class Seals {
  public static final String FOLDER = "seals";
  private static final Pattern NAME = Pattern.compile("seals/\\d{4}_(0[1-9]|1[0-2])\\.txt");
  private static final int BUFFER_BYTES = 1 << 16;
  private final Disk disk;

  public Seals(Disk disk) {
    this.disk = disk;
  }

  /** A log as it was when a month ended. */
  public record SealedLog(Head.Extent extent, String sha256) {
    String line(String file) {
      return "log|" + file + "|" + extent.lines() + "|" + extent.bytes() + "|" + sha256;
    }

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

  public static String file(String month) {
    return FOLDER + "/" + month + ".txt";
  }

  public static boolean isSeal(String file) {
    return NAME.matcher(file).matches();
  }

  /** The month in the name of a seal, such as {@code 2024_01}. */
  public static String monthOf(String file) {
    return file.substring(FOLDER.length() + 1, file.length() - ".txt".length());
  }

  /** Whether a file is a seal as it was written, by its check, and of the month in its name. */
  public static boolean isSoundSealOf(Disk disk, String file) throws IOException {
    return disk.exists(file) && isOf(monthOf(file), new Seals(disk).read(file));
  }

  /** Whether these are the bytes of a seal of a month, by their check. */
  public static boolean isOf(String month, byte[] seal) {
    return ControlFile.lines(seal).filter(lines -> lines.contains("month|" + month)).isPresent();
  }

  /** The month of an instant, such as {@code 2024_01}. */
  public static String month(long at) {
    return Timestamps.format(at).substring(0, 7).replace('-', '_');
  }

  /**
   * Whether a log belongs into the seal of a month: one of that month, or one that goes on over
   * months.
   */
  public static boolean covers(String month, String log) {
    return Catalog.ofLog(log)
        .map(
            table ->
                !table.logLocation().pattern().contains("{month}")
                    || table.logLocation().period(log).filter(month::equals).isPresent())
        .orElse(false);
  }

  /**
   * Seals a month whose changes stand in the logs, safely, and writes its parity before. The logs
   * are read back for it. What is sealed is not sealed again: a sound seal is a witness of how the
   * logs were, and they may have been damaged since.
   *
   * @param last the last change of the month
   * @param logs how far each log goes at the end of the month
   * @throws DamagedArchiveException if the seal before it, or a log, is damaged
   */
  public void write(String month, long last, Map<String, Head.Extent> logs) throws IOException {
    boolean isSealed = isSealed(month, last);
    if (isSealed && ParityEncoder.isWhole(disk, ParityEncoder.file(month))) {
      return;
    }
    Map<String, SealedLog> sealed = new TreeMap<>();
    for (Map.Entry<String, Head.Extent> log : logs.entrySet()) {
      if (covers(month, log.getKey())) {
        sealed.put(
            log.getKey(),
            new SealedLog(log.getValue(), sha256(log.getKey(), log.getValue().bytes())));
      }
    }
    Optional<String> before =
        disk.files(FOLDER).stream()
            .filter(Seals::isSeal)
            .map(Seals::monthOf)
            .filter(each -> each.compareTo(month) < 0)
            .max(String::compareTo);
    long first = 1;
    String hash = "";
    Map<String, SealedLog> sealedBefore = Map.of();
    if (before.isPresent()) {
      byte[] bytes = read(file(before.get()));
      first = lastOf(before.get(), bytes) + 1;
      hash = sha256(bytes);
      sealedBefore = logs(bytes);
    }
    byte[] seal = content(month, first, last, before.orElse(""), hash, sealed);
    if (isSealed && !Arrays.equals(read(file(month)), seal)) {
      return; // there is nothing to make a parity from
    }
    new ParityEncoder(disk, ParityLayout.of(month, sealed, sealedBefore)).write();
    disk.replace(file(month), seal);
  }

  /** Whether a month has a sound seal that goes up to a change. */
  public boolean isSealed(String month, long last) throws IOException {
    return isSoundSealOf(disk, file(month)) && lastOf(month, read(file(month))) == last;
  }

  /** Takes the parity away that was written for a seal that was not. */
  public void dropUnfinished(String month) throws IOException {
    if (!disk.exists(file(month)) && ParityEncoder.isWholeOf(disk, month)) {
      disk.delete(ParityEncoder.file(month));
      disk.forceFolder(FOLDER);
    }
  }

  /** What a sound seal says of its logs; nothing if it is damaged. */
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

  /**
   * The shape that the parity of a month must have, as its seal and the one before it tell; empty
   * if one of them is not sound.
   */
  public Optional<ParityLayout> parityShape(String month) throws IOException {
    if (!isSoundSealOf(disk, file(month))) {
      return Optional.empty();
    }
    byte[] seal = read(file(month));
    String before =
        ControlFile.lines(seal).orElseThrow().stream()
            .filter(line -> line.startsWith("previous|"))
            .map(line -> line.split("\\|", -1)[1])
            .findFirst()
            .orElse("");
    if (before.isEmpty()) {
      return Optional.of(ParityLayout.of(month, logs(seal), Map.of()));
    }
    return isSoundSealOf(disk, file(before))
        ? Optional.of(ParityLayout.of(month, logs(seal), logs(read(file(before)))))
        : Optional.empty();
  }

  /** The bytes of a seal. */
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

  private static long lastOf(String month, byte[] bytes) throws DamagedArchiveException {
    Optional<List<String>> lines = ControlFile.lines(bytes);
    return lines
        .flatMap(all -> all.stream().filter(line -> line.startsWith("last|")).findFirst())
        .map(line -> Long.parseLong(line.substring("last|".length())))
        .orElseThrow(
            () ->
                new DamagedArchiveException(
                    "seal-damaged", file(month), 0, "its check does not match its bytes"));
  }

  public byte[] read(String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return in.readAllBytes();
    }
  }

  /** The SHA-256 of the first bytes of a file in hexadecimal. */
  public String sha256(String file, long length) throws IOException {
    MessageDigest digest = digest();
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

  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
