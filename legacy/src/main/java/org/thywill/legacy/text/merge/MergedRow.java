package org.thywill.legacy.text.merge;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.file.SourceLocation;

/** One row, merged from all assertions about it. */
final class MergedRow {
  private final String table;
  private final SourceLocation location;
  private final Map<String, @Nullable String> values = new LinkedHashMap<>();
  private final TreeSet<String> approximate = new TreeSet<>();
  private final TreeSet<String> inferred = new TreeSet<>();

  private MergedRow(String table, SourceLocation location) {
    this.table = table;
    this.location = location;
  }

  /** Merges the assertions about a row; reports values that differ. */
  static MergedRow of(String table, List<String> key, List<RowAssertion> rows, TextReport report) {
    rows.sort(Comparator.comparing(RowAssertion::priority));
    MergedRow merged = new MergedRow(table, rows.getFirst().location());
    List<String> names = Merge.keys(table);
    for (int i = 0; i < names.size(); i++) {
      merged.values.put(names.get(i), RowAssertion.valueOfKeyPart(key.get(i)));
    }
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.values().keySet()));
    for (String column : columns) {
      merged.choose(column, rows, report);
    }
    return merged;
  }

  /**
   * Takes the value of the assertion of highest priority that has one.
   *
   * <p>A time with its seconds is taken before one without.
   */
  private void choose(String column, List<RowAssertion> rows, TextReport report) {
    RowAssertion best = null;
    for (RowAssertion row : rows) {
      if (!row.values().containsKey(column)) {
        continue;
      }
      if (best == null || isBetter(row, best, column)) {
        best = row;
      }
    }
    if (best == null) {
      return;
    }
    String value = best.values().get(column);
    values.put(column, value);
    if (value != null && best.approximate().contains(column)) {
      approximate.add(column);
    }
    if (value != null && best.inferred().contains(column)) {
      inferred.add(column);
    }
    if (value != null && !value.isEmpty()) {
      reportEmptyCell(column, best, rows, report);
    }
    for (RowAssertion row : rows) {
      String other = row.values().get(column);
      boolean isComparable =
          !(row.priority() == SourcePriority.MONTHLY && column.endsWith("_at"))
              && row.priority() != SourcePriority.INFERRED
              && !row.inferred().contains(column)
              && !(row.priority() == SourcePriority.DATABASE
                  && best.priority() == SourcePriority.DATABASE);
      if (isComparable
          && value != null
          && other != null
          && !LossyEquality.mayBeEqual(column, value, other)) {
        boolean isDatabase = best.priority() == SourcePriority.DATABASE;
        report.addFinding(
            isDatabase ? "differs-from-database" : "sources-differ",
            isDatabase,
            row.location(),
            table + "." + column + " differs from " + best.location() + ", which is taken");
      }
    }
  }

  /**
   * Reports that a text has a value for an empty cell of the database.
   *
   * <p>The cell stays empty, because it may have been cleared on purpose.
   */
  private void reportEmptyCell(
      String column, RowAssertion stated, List<RowAssertion> rows, TextReport report) {
    if (stated.priority() == SourcePriority.DATABASE
        || stated.inferred().contains(column)
        || column.equals("text_file_path")
        || column.startsWith("~")) {
      return;
    }
    for (RowAssertion row : rows) {
      if (row.priority() == SourcePriority.DATABASE
          && row.values().containsKey(column)
          && row.values().get(column) == null) {
        report.addFinding(
            "empty-in-database",
            false,
            stated.location(),
            table + "." + column + " is empty at " + row.location() + ", and stays so");
      }
    }
  }

  private boolean isBetter(RowAssertion row, RowAssertion best, String column) {
    String value = row.values().get(column);
    String bestValue = best.values().get(column);
    if (value == null || bestValue == null) {
      return value != null;
    }
    if (best.priority() == SourcePriority.DATABASE) {
      return false;
    }
    if (best.inferred().contains(column) != row.inferred().contains(column)) {
      return best.inferred().contains(column);
    }
    if (table.equals("user") && column.equals("created_at") && best.priority() == row.priority()) {
      return value.compareTo(bestValue) < 0;
    }
    return best.approximate().contains(column) && !row.approximate().contains(column);
  }

  String table() {
    return table;
  }

  SourceLocation location() {
    return location;
  }

  @Nullable String get(String column) {
    return values.get(column);
  }

  /** A value that is no column: one of the constants of {@link RowAssertion}. */
  @Nullable String extra(String name) {
    return values.get(name);
  }

  /** Sets a value that was inferred. */
  void infer(String column, @Nullable String value) {
    values.put(column, value);
    inferred.add(column);
  }

  /** Columns whose times lack their seconds. */
  Set<String> approximate() {
    return approximate;
  }

  /** Whether any value was inferred, apart from the id and the path of the file. */
  boolean hasInferredValues() {
    return inferred.stream()
        .anyMatch(column -> !column.equals("id") && !column.equals("text_file_path"));
  }

  Set<String> inferred() {
    return inferred;
  }

  /**
   * The reason of the change that adds the row.
   *
   * <p>It names the values that lack their seconds, those that were inferred, and what has no
   * column.
   */
  String reason() {
    StringBuilder reason = new StringBuilder("import");
    if (!approximate.isEmpty()) {
      reason.append("; to the minute: ").append(String.join(", ", approximate));
    }
    if (!inferred.isEmpty()) {
      reason.append("; inferred: ").append(String.join(", ", inferred));
    }
    String remark = values.get(RowAssertion.REMARK);
    return remark == null
        ? reason.toString()
        : reason.append("; remark: ").append(remark).toString();
  }
}
