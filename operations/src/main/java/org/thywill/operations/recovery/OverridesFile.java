package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.operations.OperationRefusedException;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewReader;

/**
 * A file of {@link RowOverride}s, one a line.
 *
 * <p>Empty lines and lines that begin with {@code #} are skipped. The first other line is {@code
 * by|NAME}, which says who decides. A file with a bad line is refused, and the refusal names all
 * bad lines.
 */
public final class OverridesFile {
  private final Path file;
  private final String decidedBy;
  private final Map<Integer, String> lines;
  private final Map<Integer, RowOverride> overrides = new LinkedHashMap<>();

  private OverridesFile(Path file, String decidedBy, Map<Integer, String> lines) {
    this.file = file;
    this.decidedBy = decidedBy;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws OperationRefusedException if a line is no override, with file and line of each, or if
   *     the file is not UTF-8
   */
  public static OverridesFile read(Path file) throws IOException {
    DecisionLines lines = DecisionLines.read(file);
    List<String> bad = new ArrayList<>();
    OverridesFile overrides = new OverridesFile(file, lines.decidedBy(), lines.byNumber());
    overrides.parse(bad);
    DecisionLines.refuse(bad);
    return overrides;
  }

  private void parse(List<String> bad) {
    Map<String, Integer> lineByCell = new HashMap<>();
    lines.forEach(
        (number, line) -> {
          try {
            RowOverride override = RowOverride.parse(line);
            String cell =
                override.table()
                    + "|"
                    + override.key()
                    + (override instanceof RowOverride.Set set ? "|" + set.column().name() : "");
            Integer before = lineByCell.put(cell, number);
            if (before != null) {
              throw new MalformedLineException(
                  "line " + before + " decides about the same; expected one decision");
            }
            overrides.put(number, override);
          } catch (MalformedLineException e) {
            bad.add(file + ":" + number + ": " + e.getMessage());
          }
        });
  }

  /**
   * What to note in a view, so that the overrides are carried out when service resumes.
   *
   * @throws OperationRefusedException if one cannot be carried out, with file and line of each
   */
  public List<PendingRecovery.Decision> pendingFor(ViewReader view) throws IOException {
    List<String> bad = new ArrayList<>();
    List<PendingRecovery.Decision> pending = new ArrayList<>();
    for (Map.Entry<Integer, RowOverride> entry : overrides.entrySet()) {
      RowOverride override = entry.getValue();
      Optional<String> obstacle = override.obstacle(view);
      obstacle.ifPresent(why -> bad.add(file + ":" + entry.getKey() + ": " + why));
      pending.add(
          new PendingRecovery.Decision(
              Objects.requireNonNull(lines.get(entry.getKey())),
              decidedBy,
              view.seqOf(override.table(), override.key()).orElse(0L)));
    }
    DecisionLines.refuse(bad);
    return pending;
  }
}
