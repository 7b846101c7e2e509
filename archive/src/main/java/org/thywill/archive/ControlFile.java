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

  void write(Disk disk, String lines) throws IOException {
    byte[] content = (lines + CHECK + LineCodec.crc(utf8(lines + CHECK), 0, utf8(lines + CHECK).length) + "\n").getBytes(StandardCharsets.UTF_8);
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

  /** What is wrong with the two copies: one missing or damaged, or the two different. */
  List<Finding> check(Disk disk) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Optional<List<String>> one = read(disk, file);
    Optional<List<String>> two = read(disk, copy);
    boolean either = one.isPresent() || two.isPresent();
    for (String which : List.of(file, copy)) {
      if ((which.equals(file) ? one : two).isEmpty()) {
        Finding finding = Finding.error("control-damaged", which, 0, "missing, or its check does not match its bytes; its copy is "
            + (either ? "sound" : "damaged too"));
        findings.add(either ? finding.asRepairable() : finding);
      }
    }
    if (one.isPresent() && two.isPresent() && !one.equals(two)) {
      findings.add(Finding.error("control-differs", copy, 0, "differs from " + file + " although both are sound by themselves").asRepairable());
    }
    return findings;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
