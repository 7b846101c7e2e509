package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thywill.catalog.SemanticRules;
import org.thywill.operations.OperationRefusedException;

/**
 * The lines of a file in which an operator decides about rows.
 *
 * <p>Empty lines and lines that begin with {@code #} are skipped. The first other line is {@code
 * by|NAME}, which says who decides.
 *
 * @param decidedBy who decides
 * @param byNumber the lines after the first one, by their numbers in the file
 */
record DecisionLines(Path file, String decidedBy, Map<Integer, String> byNumber) {
  private static final int NAMED_MAX = 20;
  private static final String BY = "by|";

  /**
   * Reads a file.
   *
   * @throws OperationRefusedException if it does not say who decides, or is not UTF-8
   */
  static DecisionLines read(Path file) throws IOException {
    Map<Integer, String> lines = new LinkedHashMap<>();
    String[] texts = text(file).split("\n", -1);
    String decidedBy = "";
    for (int i = 0; i < texts.length; i++) {
      String text =
          texts[i].endsWith("\r") ? texts[i].substring(0, texts[i].length() - 1) : texts[i];
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      if (decidedBy.isEmpty()) {
        decidedBy = text.startsWith(BY) ? text.substring(BY.length()).strip() : "";
        if (decidedBy.isEmpty() || decidedBy.contains("|")) {
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
    return new DecisionLines(file, decidedBy, lines);
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

  /** The parts of a line between its pipes. */
  static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    int from = 0;
    for (int pipe = line.indexOf('|'); pipe >= 0; pipe = line.indexOf('|', from)) {
      fields.add(line.substring(from, pipe));
      from = pipe + 1;
    }
    fields.add(line.substring(from));
    return fields;
  }

  /**
   * Refuses the file if it has bad lines.
   *
   * @param bad what is wrong with each of them
   * @throws OperationRefusedException if there is one
   */
  static void refuse(List<String> bad) throws OperationRefusedException {
    if (!bad.isEmpty()) {
      throw new OperationRefusedException(
          "the file of decisions has lines that cannot be followed; nothing was done.\n  "
              + String.join("\n  ", bad.subList(0, Math.min(NAMED_MAX, bad.size())))
              + (bad.size() > NAMED_MAX ? "\n  and " + (bad.size() - NAMED_MAX) + " more" : ""));
    }
  }
}
