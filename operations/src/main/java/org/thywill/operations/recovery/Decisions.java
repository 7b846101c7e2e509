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
import org.thywill.archive.format.BadLine;
import org.thywill.catalog.Meaning;
import org.thywill.operations.Refused;
import org.thywill.view.RecoveryNote;
import org.thywill.view.ViewReader;

/**
 * A file of {@link Decision}s. Empty lines and lines that begin with {@code #} are for people; the
 * first other line is {@code by|NAME}, which says who decides. A file with one bad line decides
 * nothing: all bad lines are told at once.
 */
public final class Decisions {
  private static final int TOLD_MAX = 20;
  private static final String BY = "by|";

  private final Path file;
  private final String who;
  private final Map<Integer, String> lines;
  private final Map<Integer, Decision> decisions = new LinkedHashMap<>();

  private Decisions(Path file, String who, Map<Integer, String> lines) {
    this.file = file;
    this.who = who;
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @throws Refused if a line is no decision, with file and line of each
   */
  public static Decisions read(Path file) throws IOException {
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
          throw new Refused(
              file
                  + ":"
                  + (i + 1)
                  + ": expected by|NAME, which says who decides, found "
                  + Meaning.shown(text));
        }
      } else {
        lines.put(i + 1, text);
      }
    }
    Decisions decisions = new Decisions(file, who, lines);
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
      throw (Refused) new Refused(file + " is not UTF-8; save it as such").initCause(e);
    }
  }

  private void parse(List<String> bad) {
    Map<String, Integer> decided = new HashMap<>();
    lines.forEach(
        (number, line) -> {
          try {
            Decision decision = Decision.parse(line);
            String what =
                decision.table()
                    + "|"
                    + decision.key()
                    + (decision instanceof Decision.Set set ? "|" + set.column().name() : "");
            Integer before = decided.put(what, number);
            if (before != null) {
              throw new BadLine(
                  "line " + before + " decides about the same; expected one decision");
            }
            decisions.put(number, decision);
          } catch (BadLine e) {
            bad.add(file + ":" + number + ": " + e.getMessage());
          }
        });
  }

  /**
   * What to note in a view, so that the decisions are carried out when service resumes.
   *
   * @throws Refused if one cannot be carried out, with file and line of each
   */
  public List<RecoveryNote.Decision> on(ViewReader view) throws IOException {
    List<String> bad = new ArrayList<>();
    List<RecoveryNote.Decision> noted = new ArrayList<>();
    for (Map.Entry<Integer, Decision> entry : decisions.entrySet()) {
      Decision decision = entry.getValue();
      Optional<String> obstacle = decision.obstacle(view);
      obstacle.ifPresent(why -> bad.add(file + ":" + entry.getKey() + ": " + why));
      noted.add(
          new RecoveryNote.Decision(
              Objects.requireNonNull(lines.get(entry.getKey())),
              who,
              view.seqOf(decision.table(), decision.key()).orElse(0L)));
    }
    refuse(bad);
    return noted;
  }

  private static void refuse(List<String> bad) throws Refused {
    if (!bad.isEmpty()) {
      throw new Refused(
          "the file of decisions has lines that cannot be followed; nothing was done.\n  "
              + String.join("\n  ", bad.subList(0, Math.min(TOLD_MAX, bad.size())))
              + (bad.size() > TOLD_MAX ? "\n  and " + (bad.size() - TOLD_MAX) + " more" : ""));
    }
  }
}
