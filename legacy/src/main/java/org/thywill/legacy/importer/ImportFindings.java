package org.thywill.legacy.importer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.source.SourceTable;

/** Collects the findings of an import: what the operator may want to look at. */
public final class ImportFindings {
  private static final int KEPT_MAX = 1_000;

  private final List<LegacyFinding> kept = new ArrayList<>();
  private final Map<String, Long> byCode = new LinkedHashMap<>();
  private final Map<String, Long> withheld = new TreeMap<>();

  void warning(String code, SourceTable table, String message) {
    add(new LegacyFinding(code, "warning", table.source(), 0, message));
  }

  /**
   * Adds a warning about a row that comes from a text.
   *
   * @param source file and line, with a colon between them
   */
  void warning(String code, String source, String message) {
    int colon = source.lastIndexOf(':');
    add(
        new LegacyFinding(
            code,
            "warning",
            source.substring(0, colon),
            Long.parseLong(source.substring(colon + 1)),
            message));
  }

  void note(String code, SourceTable table, String message) {
    add(new LegacyFinding(code, "note", table.source(), 0, message));
  }

  /** Counts a secret that was found in a column and replaced or removed. */
  void withheld(SourceTable table, String column) {
    withheld.merge(table.name() + "." + column, 1L, Long::sum);
  }

  /** The first thousand findings of each code. */
  List<LegacyFinding> kept() {
    return kept;
  }

  /** Code → how many findings there are, all counted. */
  Map<String, Long> byCode() {
    return byCode;
  }

  /** {@code table.column} → number of secrets. */
  Map<String, Long> withheld() {
    return withheld;
  }

  private void add(LegacyFinding finding) {
    if (byCode.merge(finding.code(), 1L, Long::sum) <= KEPT_MAX) {
      kept.add(finding);
    }
  }
}
