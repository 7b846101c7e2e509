package org.thywill.archive.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * A small file that is kept in two copies: {@code name.txt} and {@code name.copy.txt}.
 *
 * <p>It has comment lines, then lines of fields separated by pipes, and last a line {@code check|}
 * with the CRC-32 of all bytes above. The first copy is written before the second, so after a crash
 * the first may be newer.
 */
public final class ControlFile {
  private static final String CHECK = "check|";
  private final String file;
  private final String copy;

  ControlFile(String name) {
    this.file = name + ".txt";
    this.copy = name + ".copy.txt";
  }

  /** The path of the first copy. */
  public String file() {
    return file;
  }

  /** The path of the second copy. */
  public String copy() {
    return copy;
  }

  /** Whether there is at least one of the copies. */
  public boolean exists(Disk disk) throws IOException {
    return disk.exists(file) || disk.exists(copy);
  }

  /** The bytes of a control file with these lines. */
  public static byte[] content(String lines) {
    byte[] checked = utf8(lines + CHECK);
    return utf8(lines + CHECK + LineCodec.crc(checked, 0, checked.length) + "\n");
  }

  void write(Disk disk, String lines) throws IOException {
    byte[] content = content(lines);
    disk.replace(file, content);
    disk.replace(copy, content);
  }

  /**
   * The lines of one copy without comments and check; empty if it is missing or its check does not
   * match.
   */
  private Optional<List<String>> read(Disk disk, String which) throws IOException {
    return disk.readIfPresent(which).flatMap(ControlFile::lines);
  }

  /** The lines of a control file without comments and check; empty if its check does not match. */
  public static Optional<List<String>> lines(byte[] bytes) {
    int end = bytes.length - CHECK.length() - 9;
    if (end < 0) {
      return Optional.empty();
    }
    String tail = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8);
    if (!tail.equals(CHECK + LineCodec.crc(bytes, 0, end + CHECK.length()) + "\n")) {
      return Optional.empty();
    }
    List<String> lines =
        new ArrayList<>(new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList());
    lines.removeIf(line -> line.startsWith("#"));
    return Optional.of(lines);
  }

  /** Parses the lines of a sound copy. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * What the lines mean.
     *
     * @throws DamagedArchiveException if they are not as this program writes them
     */
    T parse(List<String> lines) throws IOException;
  }

  /**
   * The content of the newest sound copy; of two that are equally new, the first.
   *
   * @throws DamagedArchiveException if neither copy is sound
   */
  <T> T newest(Disk disk, Parser<T> parser, Comparator<T> byAge) throws IOException {
    List<T> good = new ArrayList<>();
    String cause = "neither it nor " + copy + " is sound";
    for (String which : List.of(file, copy)) {
      try {
        Optional<T> parsed = parsed(disk, which, parser);
        parsed.ifPresent(good::add);
      } catch (DamagedArchiveException e) {
        cause = String.valueOf(e.getMessage());
      }
    }
    if (good.isEmpty()) {
      throw new DamagedArchiveException(
          Finding.error("control-damaged", file, 0, cause).next("thywill repair-archives --apply"));
    }
    return byAge.compare(good.getFirst(), good.getLast()) < 0 ? good.getLast() : good.getFirst();
  }

  private <T> Optional<T> parsed(Disk disk, String which, Parser<T> parser) throws IOException {
    Optional<List<String>> lines = read(disk, which);
    return lines.isPresent() ? Optional.of(parser.parse(lines.get())) : Optional.empty();
  }

  /**
   * Restores a copy that is missing, damaged or older. A copy that differs and is not older is left
   * as it is. A damaged copy is kept in quarantine.
   *
   * @param newest the content of the newest copy
   * @param lines the same content as lines
   * @return a note for each restored copy
   */
  <T> List<Finding> restore(
      Disk disk, T newest, String lines, Parser<T> parser, Comparator<T> byAge) throws IOException {
    List<Finding> restored = new ArrayList<>();
    for (String which : List.of(file, copy)) {
      Optional<String> cause = faultOf(disk, which, newest, parser, byAge);
      if (cause.isPresent()) {
        disk.replace(which, content(lines));
        restored.add(
            Finding.note(
                "control-mended", which, 0, cause.get() + "; written again from its other copy"));
      }
    }
    return restored;
  }

  private <T> Optional<String> faultOf(
      Disk disk, String which, T newest, Parser<T> parser, Comparator<T> byAge) throws IOException {
    if (!disk.exists(which)) {
      return Optional.of("was missing");
    }
    try {
      Optional<T> parsed = parsed(disk, which, parser);
      if (parsed.isPresent()) {
        return byAge.compare(parsed.get(), newest) < 0
            ? Optional.of("was older")
            : Optional.empty();
      }
    } catch (DamagedArchiveException e) {
      // Moved to quarantine below, like a copy whose check does not match.
    }
    return Optional.of("was damaged, and is kept as " + Quarantine.keep(disk, which, 0));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
