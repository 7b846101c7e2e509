package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.SemanticRules;
import org.thywill.operations.OperationRefusedException;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewReader;

/**
 * A file of {@link RowOverride}s. Empty lines and lines that begin with {@code #} are for people;
 * the first other line is {@code by|NAME}, which says who decides. A file with one bad line decides
 * nothing: all bad lines are told at once.
 */
public final class OverridesFile {
  private static final int TOLD_MAX = 20;
  private static final String BY = "by|";

  private final Path file;
  private final String who;
  private final Map<Integer, String> lines;
  private final Map<Integer, RowOverride> decisions = new LinkedHashMap<>();

  private OverridesFile(Path file, String who, Map<Integer, String> lines) {
    this.file = file;
    this.who = who;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws OperationRefusedException if a line is no decision, with file and line of each
   */
  public static OverridesFile read(Path file) throws IOException {
    Map<Integer, String> lines = new LinkedHashMap<>();
    List<String> bad = new ArrayList<>();
    String[] texts = text(file).split("\n", -1);
    String who = "";
    for (int i = 0; i < texts.length; i++) {
      String text =
          texts[i].endsWith("\r") ? texts[i].substring(0, texts[i].length() - 1) : texts[i];
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      if (who.isEmpty()) {
        who = text.startsWith(BY) ? text.substring(BY.length()).strip() : "";
        if (who.isEmpty() || who.contains("|")) {
          throw new OperationRefusedException(
              file
                  + ":"
                  + (i + 1)
                  + ": expected by|NAME, which says who decides, found "
                  + SemanticRules.shown(text));
        }
      } else {
        lines.put(i + 1, text);
      }
    }
    OverridesFile decisions = new OverridesFile(file, who, lines);
    decisions.parse(bad);
    refuse(bad);
    return decisions;
  }

  private static String text(Path file) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw (OperationRefusedException)
          new OperationRefusedException(file + " is not UTF-8; save it as such").initCause(e);
    }
  }

  private void parse(List<String> bad) {
    Map<String, Integer> decided = new HashMap<>();
    lines.forEach(
        (number, line) -> {
          try {
            RowOverride decision = RowOverride.parse(line);
            String what =
                decision.table()
                    + "|"
                    + decision.key()
                    + (decision instanceof RowOverride.Set set ? "|" + set.column().name() : "");
            Integer before = decided.put(what, number);
            if (before != null) {
              throw new MalformedLineException(
                  "line " + before + " decides about the same; expected one decision");
            }
            decisions.put(number, decision);
          } catch (MalformedLineException e) {
            bad.add(file + ":" + number + ": " + e.getMessage());
          }
        });
  }

  /**
   * What to note in a view, so that the decisions are carried out when service resumes.
   *
   * @throws OperationRefusedException if one cannot be carried out, with file and line of each
   */
  public List<PendingRecovery.Decision> on(ViewReader view) throws IOException {
    List<String> bad = new ArrayList<>();
    List<PendingRecovery.Decision> noted = new ArrayList<>();
    for (Map.Entry<Integer, RowOverride> entry : decisions.entrySet()) {
      RowOverride decision = entry.getValue();
      Optional<String> obstacle = decision.obstacle(view);
      obstacle.ifPresent(why -> bad.add(file + ":" + entry.getKey() + ": " + why));
      noted.add(
          new PendingRecovery.Decision(
              Objects.requireNonNull(lines.get(entry.getKey())),
              who,
              view.seqOf(decision.table(), decision.key()).orElse(0L)));
    }
    refuse(bad);
    return noted;
  }

  private static void refuse(List<String> bad) throws OperationRefusedException {
    if (!bad.isEmpty()) {
      throw new OperationRefusedException(
          "the file of decisions has lines that cannot be followed; nothing was done.\n  "
              + String.join("\n  ", bad.subList(0, Math.min(TOLD_MAX, bad.size())))
              + (bad.size() > TOLD_MAX ? "\n  and " + (bad.size() - TOLD_MAX) + " more" : ""));
    }
  }
}
