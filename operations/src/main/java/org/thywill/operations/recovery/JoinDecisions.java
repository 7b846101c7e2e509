package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;

/**
 * An operator's decisions about rows that two histories have changed in different ways.
 *
 * <p>They are the lines of a file as for {@link OverridesFile}, with values escaped as in the
 * archive. In place of KEY, {@code *} means all rows of the table that no other line names.
 *
 * <pre>
 *   keep|TABLE|KEY|WHY        the row stays as it is in this archive
 *   take|TABLE|KEY|WHY        the row becomes as it is in the other one
 *   as|TABLE|KEY|NEW|WHY      both stay: the row of the other one gets another key
 * </pre>
 */
final class JoinDecisions {
  /** No decision. */
  static final JoinDecisions NONE = new JoinDecisions("", Map.of());

  private static final String ALL = "*";

  private final String decidedBy;
  private final Map<Place, Decision> decisions;

  /** What is decided about: a row, or all rows of a table. */
  private record Place(Table table, String key) {}

  /** A decision about a row. */
  sealed interface Decision {
    /** The reason, in the operator's words. */
    String why();

    record Keep(String why) implements Decision {}

    record Take(String why) implements Decision {}

    record As(String key, String why) implements Decision {}
  }

  private JoinDecisions(String decidedBy, Map<Place, Decision> decisions) {
    this.decidedBy = decidedBy;
    this.decisions = decisions;
  }

  /**
   * Reads a file; null for none.
   *
   * @throws org.thywill.operations.OperationRefusedException if a line is no decision, with file
   *     and line of each
   */
  static JoinDecisions read(@Nullable Path file) throws IOException {
    if (file == null) {
      return NONE;
    }
    DecisionLines lines = DecisionLines.read(file);
    Map<Place, Decision> decisions = new LinkedHashMap<>();
    List<String> bad = new ArrayList<>();
    lines
        .byNumber()
        .forEach(
            (number, line) -> {
              try {
                add(line, decisions);
              } catch (MalformedLineException e) {
                bad.add(file + ":" + number + ": " + e.getMessage());
              }
            });
    DecisionLines.refuse(bad);
    return new JoinDecisions(lines.decidedBy(), decisions);
  }

  private static void add(String line, Map<Place, Decision> decisions)
      throws MalformedLineException {
    List<String> fields = DecisionLines.fields(line);
    int expected =
        switch (fields.getFirst()) {
          case "keep", "take" -> 4;
          case "as" -> 5;
          default ->
              throw new MalformedLineException(
                  "expected keep, take or as, found " + SemanticRules.shown(fields.getFirst()));
        };
    if (fields.size() != expected) {
      throw new MalformedLineException(
          "expected %s, found %d fields"
              .formatted(
                  expected == 4 ? fields.getFirst() + "|TABLE|KEY|WHY" : "as|TABLE|KEY|NEW|WHY",
                  fields.size()));
    }
    Table table =
        Catalog.find(fields.get(1))
            .orElseThrow(
                () ->
                    new MalformedLineException(
                        "expected a table such as settings, found "
                            + SemanticRules.shown(fields.get(1))));
    String key = FieldEscaping.unescape(fields.get(2));
    String why = FieldEscaping.unescape(fields.getLast());
    if (why.isBlank()) {
      throw new MalformedLineException("expected a reason at the end of the line");
    }
    Decision decision =
        switch (fields.getFirst()) {
          case "keep" -> new Decision.Keep(why);
          case "take" -> new Decision.Take(why);
          default -> new Decision.As(FieldEscaping.unescape(fields.get(3)), why);
        };
    if (decision instanceof Decision.As(String other, String _)
        && (key.equals(ALL) || other.isBlank() || other.equals(key))) {
      throw new MalformedLineException("expected one row, and another key for it");
    }
    if (decisions.put(new Place(table, key), decision) != null) {
      throw new MalformedLineException("decides about a row again; expected one decision");
    }
  }

  /** Who decides; empty if there is no decision. */
  String decidedBy() {
    return decidedBy;
  }

  /** The decision about a row; empty if there is none. */
  Optional<Decision> about(Table table, String key) {
    return Optional.ofNullable(decisions.get(new Place(table, key)))
        .or(() -> Optional.ofNullable(decisions.get(new Place(table, ALL))));
  }
}
