package org.thywill.archive.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * A small file that stands twice: {@code name.txt} and {@code name.copy.txt}, lines of fields
 * separated by pipes under comment lines, the last line {@code check|} with the CRC-32 of all bytes
 * above. The first copy is written before the second, so after a crash the first may be newer.
 */
public final class ControlFile {
  private static final String CHECK = "check|";
  private final String file;
  private final String copy;

  ControlFile(String name) {
    this.file = name + ".txt";
    this.copy = name + ".copy.txt";
  }

  public String file() {
    return file;
  }

  public String copy() {
    return copy;
  }

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
   * The lines of one of the two copies without comments and check, or empty if it is missing or its
   * check does not match.
   */
  private Optional<List<String>> read(Disk disk, String which) throws IOException {
    byte[] bytes;
    try (var in = disk.read(which, 0)) {
      bytes = in.readAllBytes();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return lines(bytes);
  }

  /**
   * The lines of a control file without comments and check, or empty if its check does not match.
   */
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

  /** Reads the lines of a sound copy. */
  @FunctionalInterface
  public interface Reading<T> {
    T of(List<String> lines) throws IOException;
  }

  /**
   * What the newest copy says of those that are sound and say what they must; the first of two that
   * are equally new.
   *
   * @throws DamagedArchiveException if there is none
   */
  <T> T newest(Disk disk, Reading<T> reading, Comparator<T> byAge) throws IOException {
    List<T> good = new ArrayList<>();
    String cause = "neither it nor " + copy + " is sound";
    for (String which : List.of(file, copy)) {
      try {
        Optional<T> said = said(disk, which, reading);
        said.ifPresent(good::add);
      } catch (DamagedArchiveException e) {
        cause = String.valueOf(e.getMessage());
      }
    }
    if (good.isEmpty()) {
      throw new DamagedArchiveException("control-damaged", file, 0, cause);
    }
    return byAge.compare(good.getFirst(), good.getLast()) < 0 ? good.getLast() : good.getFirst();
  }

  private <T> Optional<T> said(Disk disk, String which, Reading<T> reading) throws IOException {
    Optional<List<String>> lines = read(disk, which);
    return lines.isPresent() ? Optional.of(reading.of(lines.get())) : Optional.empty();
  }

  /**
   * Writes a copy again that is missing, damaged or older. A copy that says something else, and is
   * no older, is left as it is.
   *
   * @param newest what the newest copy says
   * @param lines the same as it is written
   * @return what was mended
   */
  <T> List<Finding> mend(Disk disk, T newest, String lines, Reading<T> reading, Comparator<T> byAge)
      throws IOException {
    List<Finding> mended = new ArrayList<>();
    for (String which : List.of(file, copy)) {
      Optional<String> cause = wrong(disk, which, newest, reading, byAge);
      if (cause.isPresent()) {
        disk.replace(which, content(lines));
        mended.add(
            Finding.note(
                "control-mended", which, 0, cause.get() + "; written again from its other copy"));
      }
    }
    return mended;
  }

  private <T> Optional<String> wrong(
      Disk disk, String which, T newest, Reading<T> reading, Comparator<T> byAge)
      throws IOException {
    if (!disk.exists(which)) {
      return Optional.of("was missing");
    }
    try {
      Optional<T> said = said(disk, which, reading);
      if (said.isPresent()) {
        return byAge.compare(said.get(), newest) < 0 ? Optional.of("was older") : Optional.empty();
      }
    } catch (DamagedArchiveException e) {
      // Set aside below, as one whose check does not match.
    }
    return Optional.of("was damaged, and is kept as " + Quarantine.keep(disk, which, 0));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
