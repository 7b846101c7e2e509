package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;

/**
 * Checks a control file and its copy: that both are sound, the same, and to the byte what this
 * program writes for what they say.
 */
final class ControlFileChecker {
  static final String DIFFERS = "control-differs";

  private ControlFileChecker() {}

  /**
   * What a control file says.
   *
   * @param lines the same, written again
   * @param seq how new it is
   */
  record Said<T>(T value, String lines, long seq) {}

  /** Reads the lines of a control file. */
  interface Reading<T> {
    Said<T> of(List<String> lines) throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Copy<T>(String file, byte[] bytes, Said<T> said) {}

  /** What the newest copy says that can be relied on; empty if there is none. */
  static <T> Optional<T> check(
      Disk disk,
      ControlFile control,
      FindingCollector findings,
      ExpectedContentSink expected,
      Reading<T> reading)
      throws IOException {
    List<Copy<T>> good = new ArrayList<>();
    List<Finding> damaged = new ArrayList<>();
    for (String file : List.of(control.file(), control.copy())) {
      byte[] bytes = read(disk, file);
      Optional<List<String>> lines = ControlFile.lines(bytes);
      if (lines.isEmpty()) {
        damaged.add(
            Finding.error(
                "control-damaged",
                file,
                0,
                bytes.length == 0 ? "is missing or empty" : "its check does not match its bytes"));
        continue;
      }
      try {
        Copy<T> copy = new Copy<>(file, bytes, reading.of(lines.get()));
        int at = Arrays.mismatch(bytes, ControlFile.content(copy.said().lines()));
        if (at < 0) {
          good.add(copy);
        } else {
          damaged.add(
              Finding.error(
                  "control-damaged",
                  file,
                  PageChecker.lineAt(bytes, at),
                  "its check matches, but it is not what this program writes"));
        }
      } catch (DamagedArchiveException | IllegalArgumentException e) {
        damaged.add(
            Finding.error(
                "control-damaged",
                file,
                0,
                "its check matches, but it does not say what it must: " + e.getMessage()));
      }
    }
    damaged.forEach(
        finding -> findings.error(finding, () -> FindingCollector.Remedy.of(!good.isEmpty())));
    if (good.isEmpty()) {
      return Optional.empty();
    }
    Copy<T> newest = newest(good, findings);
    for (String file : List.of(control.file(), control.copy())) {
      if (good.stream()
          .noneMatch(
              copy -> copy.file().equals(file) && Arrays.equals(copy.bytes(), newest.bytes()))) {
        expected.of(file, newest.bytes());
      }
    }
    return Optional.of(newest.said().value());
  }

  /**
   * A checkpoint that was stopped between the two leaves an older copy; so does somebody who puts
   * an old file back.
   */
  private static <T> Copy<T> newest(List<Copy<T>> good, FindingCollector findings) {
    Copy<T> first = good.getFirst();
    Copy<T> second = good.getLast();
    boolean firstIsOlder = first.said().seq() < second.said().seq();
    Copy<T> wrong = firstIsOlder ? first : second;
    Copy<T> right = firstIsOlder ? second : first;
    int at = Arrays.mismatch(wrong.bytes(), right.bytes());
    if (at >= 0) {
      findings.errorUnlessInUse(
          Finding.error(
              DIFFERS,
              wrong.file(),
              PageChecker.lineAt(wrong.bytes(), at),
              "differs from "
                  + right.file()
                  + " although both are sound by themselves; expected the same bytes"),
          () -> FindingCollector.Remedy.EXACT);
    }
    return right;
  }

  /**
   * Whether both copies have the same bytes now: where they had not, somebody was writing one after
   * the other.
   */
  static boolean isAlike(Disk disk, ControlFile control) throws IOException {
    return Arrays.equals(read(disk, control.file()), read(disk, control.copy()));
  }

  private static byte[] read(Disk disk, String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return in.readAllBytes();
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }
}
