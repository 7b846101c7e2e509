package org.thywill.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * A small file that stands twice: {@code name.txt} and {@code name.copy.txt}, lines of fields separated by pipes under comment lines, the last
 * line {@code check|} with the CRC-32 of all bytes above. The first copy is written before the second, so after a crash the first may be newer.
 */
final class ControlFile {
  private static final String CHECK = "check|";
  private final String file;
  private final String copy;

  ControlFile(String name) {
    this.file = name + ".txt";
    this.copy = name + ".copy.txt";
  }

  String file() {
    return file;
  }

  String copy() {
    return copy;
  }

  boolean exists(Disk disk) throws IOException {
    return disk.exists(file) || disk.exists(copy);
  }

  /** The bytes of a control file with these lines. */
  static byte[] content(String lines) {
    byte[] checked = utf8(lines + CHECK);
    return utf8(lines + CHECK + LineCodec.crc(checked, 0, checked.length) + "\n");
  }

  void write(Disk disk, String lines) throws IOException {
    byte[] content = content(lines);
    disk.replace(file, content);
    disk.replace(copy, content);
  }

  /** The lines of one of the two copies without comments and check, or empty if it is missing or its check does not match. */
  private Optional<List<String>> read(Disk disk, String which) throws IOException {
    byte[] bytes;
    try (var in = disk.read(which, 0)) {
      bytes = in.readAllBytes();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return lines(bytes);
  }

  /** The lines of a control file without comments and check, or empty if its check does not match. */
  static Optional<List<String>> lines(byte[] bytes) {
    int end = bytes.length - CHECK.length() - 9;
    if (end < 0) {
      return Optional.empty();
    }
    String tail = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8);
    if (!tail.equals(CHECK + LineCodec.crc(bytes, 0, end + CHECK.length()) + "\n")) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>(new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList());
    lines.removeIf(line -> line.startsWith("#"));
    return Optional.of(lines);
  }

  /** The two copies in order, those that are sound. */
  List<List<String>> readSound(Disk disk) throws IOException {
    List<List<String>> sound = new ArrayList<>();
    read(disk, file).ifPresent(sound::add);
    read(disk, copy).ifPresent(sound::add);
    return sound;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
