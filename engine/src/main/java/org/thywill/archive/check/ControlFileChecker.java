package org.thywill.archive.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.derived.ControlFiles;
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
  private static final String DAMAGED = "control-damaged";

  private ControlFileChecker() {}

  /** The archive that is checked, and who receives what is found. */
  record CheckedDisk(Disk disk, FindingCollector findings, ExpectedContentSink expected) {}

  /** A copy that is sound by itself. */
  @SuppressWarnings("ArrayRecordComponent") // It is never compared.
  private record Copy(String file, byte[] bytes) {}

  /** Gives the lines that this program writes for what a control file says. */
  interface Parser {
    String parse(List<String> lines) throws IOException;
  }

  /**
   * Checks both copies of a control file.
   *
   * @param right the lines that both must have, without the check; null if nothing says which
   * @param remedy what can be done where a copy does not have them
   */
  static void check(
      CheckedDisk checked,
      ControlFile control,
      Parser parser,
      @Nullable String right,
      FindingCollector.Remedy remedy)
      throws IOException {
    byte[] expected = right == null ? new byte[0] : ControlFile.content(right);
    List<Copy> others = new ArrayList<>();
    for (String file : List.of(control.file(), control.copy())) {
      byte[] bytes = read(checked.disk(), file);
      if (right != null && Arrays.equals(bytes, expected)) {
        continue;
      }
      if (right != null && remedy.exact()) {
        checked.expected().of(file, expected);
      }
      Optional<Finding> damage = damage(checked.disk(), file, bytes, parser);
      if (damage.isPresent()) {
        checked.findings().error(damage.get(), () -> remedy);
      } else if (right != null && !checked.findings().has(ControlFiles.FOREIGN, file)) {
        others.add(new Copy(file, bytes));
      }
    }
    for (Copy other : others) {
      boolean isFirst = other.file().equals(control.file());
      checked
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  DIFFERS,
                  other.file(),
                  PageChecker.lineAt(other.bytes(), Arrays.mismatch(other.bytes(), expected)),
                  "differs from "
                      + (isFirst ? control.copy() : control.file())
                      + " although both are sound by themselves; expected the same bytes"),
              () -> remedy);
    }
  }

  private static Optional<Finding> damage(Disk disk, String file, byte[] bytes, Parser parser)
      throws IOException {
    Optional<List<String>> lines = ControlFile.lines(bytes);
    if (lines.isEmpty()) {
      return Optional.of(
          Finding.error(
              DAMAGED,
              file,
              0,
              bytes.length == 0 ? missing(disk, file) : "its check does not match its bytes"));
    }
    try {
      int at = Arrays.mismatch(bytes, ControlFile.content(parser.parse(lines.get())));
      return at < 0
          ? Optional.empty()
          : Optional.of(
              Finding.error(
                  DAMAGED,
                  file,
                  PageChecker.lineAt(bytes, at),
                  "its check matches, but it is not what this program writes"));
    } catch (DamagedArchiveException | IllegalArgumentException e) {
      return Optional.of(
          Finding.error(
              DAMAGED,
              file,
              0,
              "its check matches, but it does not say what it must: " + e.getMessage()));
    }
  }

  private static String missing(Disk disk, String file) throws IOException {
    return disk.obstacle(file).isPresent()
        ? "is missing, and a folder or a link is in its place"
        : "is missing or empty";
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
