package org.thywill.archive.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;

/**
 * Checks that both copies of a control file are sound, equal, and exactly as this program writes
 * them.
 */
final class ControlFileChecker {
  static final String DIFFERS = "control-differs";

  private ControlFileChecker() {}

  /**
   * The content of a control file.
   *
   * @param lines the lines that this program writes for it
   * @param seq how new it is
   */
  record Parsed<T>(T value, String lines, long seq) {}

  /** Parses the lines of a control file. */
  interface Parser<T> {
    Parsed<T> parse(List<String> lines) throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // It is never compared.
  private record Copy<T>(String file, byte[] bytes, Parsed<T> parsed) {}

  /** The content of the newest sound copy; empty if neither is sound. */
  static <T> Optional<T> check(
      Disk disk,
      ControlFile control,
      FindingCollector findings,
      ExpectedContentSink expected,
      Parser<T> parser)
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
        Copy<T> copy = new Copy<>(file, bytes, parser.parse(lines.get()));
        int at = Arrays.mismatch(bytes, ControlFile.content(copy.parsed().lines()));
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
    return Optional.of(newest.parsed().value());
  }

  /**
   * The newer copy. An older one is left by a checkpoint that stopped between the two, or by a
   * person who put an old file back.
   */
  private static <T> Copy<T> newest(List<Copy<T>> good, FindingCollector findings) {
    Copy<T> first = good.getFirst();
    Copy<T> second = good.getLast();
    boolean firstIsOlder = first.parsed().seq() < second.parsed().seq();
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
   * Whether both copies have the same bytes now. If they did not a moment ago, they were being
   * written one after the other.
   */
  static boolean isAlike(Disk disk, ControlFile control) throws IOException {
    return Arrays.equals(read(disk, control.file()), read(disk, control.copy()));
  }

  private static byte[] read(Disk disk, String file) throws IOException {
    return disk.readIfPresent(file).orElse(new byte[0]);
  }
}
